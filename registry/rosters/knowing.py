"""Reads what the registry knows of everything that rows touch: a few questions for any number of rows."""

from collections.abc import Callable, Iterable
from datetime import date
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from circulation.cards import CardUid
from circulation.ids import PatronId
from registry.cards import store as cards
from registry.enrolment.names import folded
from registry.rosters import store
from registry.rosters.bindings import may_be_known_otherwise, mirrored
from registry.rosters.given import GivenRows
from registry.rosters.known import Known, KnownPatron
from registry.rosters.rows import BureauRow, ContactRow, LeavingRow, LossRow, ReissueRow, RosterRow
from registry.rosters.sealing import Seal
from registry.rosters.store import Waiting
from registry.schools.store import branch_of_school
from replica.card_keys import card_key


class Knowing:
    """Knows nothing by itself: it asks."""

    def __init__(self, seal: Seal, secret: bytes, zone: ZoneInfo) -> None:
        self._seal = seal
        self._secret = secret
        self._zone = zone

    def about(self, connection: Connection, given: GivenRows) -> Known:
        """All that is known of the people and numbers in these rows."""
        national_ids = {row.national_id for row in given.rows if row.national_id}
        patrons = store.known_patrons(connection, national_ids, self._zone)
        numbers = {uid for row in given.rows for uid in _numbers(row)}
        other_readings = {uid: other for uid in _unbound(given.rows, patrons) if (other := mirrored(uid)) is not None}
        asked = numbers | set(other_readings.values())
        owners = cards.owners(connection, asked)
        former = cards.former_owners(connection, asked - owners.keys(), secret=self._secret)
        held_by = {uid: owners[uid].patron if uid in owners else former.get(uid) for uid in asked}
        current = {CardUid.from_hex(one.card.number) for one in patrons.values() if one.card is not None}
        keys = {card_key(uid, secret=self._secret): uid for uid in numbers | current}
        silenced = (one.national_id for one in given.not_consented if one.national_id is not None)
        waiting = self.waiting(connection, {*national_ids, *silenced})
        of_events = any(isinstance(row, LeavingRow | LossRow) for row in given.rows)
        return Known(
            patrons,
            {uid: owner for uid, owner in owners.items() if uid in numbers},
            {uid: patron for uid, patron in former.items() if uid in numbers},
            {national_id: self.unsealed(national_id, one) for national_id, one in waiting.items()},
            branch_of_school(connection, given.school_year),
            {national_id: one.school_year for national_id, one in waiting.items()},
            {uid: patron for uid, other in other_readings.items() if (patron := held_by.get(other)) is not None},
            store.named(connection, keys),
            store.cancelled(connection, keys) if of_events else frozenset(),
            store.lost(connection, keys) if of_events else frozenset(),
            store.people(connection, _strangers(given.rows, patrons, held_by.get)),
            store.alike(connection, _names(given.rows, patrons)),
        )

    def waiting(self, connection: Connection, national_ids: Iterable[str]) -> dict[str, Waiting]:
        """What waits for these people, sealed."""
        tags = {self._seal.tag(national_id): national_id for national_id in national_ids}
        return {tags[tag]: one for tag, one in store.waiting(connection, tags).items()}

    def unsealed(self, national_id: str, waiting: Waiting) -> ContactRow:
        """What waits for somebody.

        Raises:
            KeyFileError: the registry's key is another than it was sealed with.

        """
        return msgspec.json.decode(self._seal.unseal(self._seal.tag(national_id), waiting.sealed), type=ContactRow)


def _numbers(row: RosterRow) -> Iterable[CardUid]:
    match row:
        case BureauRow():
            yield row.card
        case ReissueRow():
            yield row.card
            if row.old_card is not None:
                yield row.old_card
        case LeavingRow() | LossRow():
            if row.card is not None:
                yield row.card
        case ContactRow():
            pass


def _unbound(rows: Iterable[RosterRow], patrons: dict[str, KnownPatron]) -> Iterable[CardUid]:
    """The numbers that would be bound anew."""
    for row in rows:
        if isinstance(row, BureauRow | ReissueRow):
            patron = patrons.get(row.national_id)
            if patron is None or patron.easycard != row.card.hex:
                yield row.card


def _strangers(rows: Iterable[RosterRow], patrons: dict[str, KnownPatron], held_by: Callable[[CardUid], PatronId | None]) -> set[PatronId]:
    """Who holds, or held, the numbers of people whom nobody knows."""
    unknown = (row for row in rows if isinstance(row, BureauRow) and row.national_id not in patrons)
    return {patron for row in unknown if (patron := held_by(row.card)) is not None}


def _names(rows: Iterable[RosterRow], patrons: dict[str, KnownPatron]) -> set[tuple[str, date]]:
    """Names and birth dates of people with a resident number whom nobody knows."""
    unknown = (row for row in rows if isinstance(row, BureauRow) and row.national_id not in patrons)
    return {(folded(row.name), row.born) for row in unknown if may_be_known_otherwise(row)}
