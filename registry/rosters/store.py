"""The store of what rosters meet: the people, numbers and waiting rows that a file touches, read in few questions. Never row by row."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, select

from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import CardId, PatronId
from circulation.patrons import PatronClass
from registry.cards.store import CardSource
from registry.cards.store_events import CardEventKind
from registry.cards.store_losses import LossChannel
from registry.cards.tables import card, card_event, card_loss_report
from registry.columns import among
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.merges.store_aliases import main_ids
from registry.people.tables import withdrawal
from registry.pieces import in_pieces
from registry.rosters.known import NO_YEARS, ContactData, Fresh, KnownCard, KnownPatron, Named, Person, PupilData, PupilYears
from registry.rosters.tables import bureau_card, consent, contact, feed_word, pupil, roster_waiting
from registry.schools.tables import contact_waiting


def known_patrons(connection: Connection, national_ids: Collection[str], zone: ZoneInfo) -> dict[str, KnownPatron]:
    """The patrons with these IDs, by ID, with all that a roster may change; also by the ID of an account that became theirs."""
    found = {row.national_id: known for row, known in _known_by(connection, patron.c.national_id, national_ids, zone)}
    aliases = main_ids(connection, [one for one in national_ids if one not in found])
    if aliases:
        by_main = known_patrons(connection, set(aliases.values()), zone)
        found |= {alias: by_main[main] for alias, main in aliases.items() if main in by_main}
    return found


def known_by_key(connection: Connection, keys: Collection[PatronId], zone: ZoneInfo) -> dict[PatronId, KnownPatron]:
    """The same by their keys."""
    return {known.id: known for _, known in _known_by(connection, patron.c.id, keys, zone)}


def _known_by(
    connection: Connection, by: ColumnElement[Any], values: Collection[Any], zone: ZoneInfo
) -> Iterator[tuple[Row[*tuple[Any, ...]], KnownPatron]]:
    easycard = and_(card.c.patron == patron.c.id, card.c.kind == CardKind.EASYCARD.value)
    joined = (
        patron.outerjoin(card, easycard)
        .outerjoin(pupil, pupil.c.patron == patron.c.id)
        .outerjoin(contact, contact.c.patron == patron.c.id)
        .outerjoin(feed_word, feed_word.c.patron == patron.c.id)
    )
    columns = (
        *(patron.c.id, patron.c.national_id, patron.c.name, patron.c.birth_date, patron.c.contact_complete, patron.c.regular_at),
        patron.c.patron_class,
        *(card.c.id.label("card_id"), card.c.uid, card.c.state, card.c.source, card.c.bound_at),
        *(pupil.c.patron.label("is_pupil"), pupil.c.school, pupil.c.school_phone, pupil.c.student_number, pupil.c.household_address),
        *(contact.c.address, contact.c.phone, contact.c.mobile, contact.c.postal_code, contact.c.guardian),
        *(feed_word.c.card_as_of, feed_word.c.contact_year, feed_word.c.pupil_years),
    )
    for piece in in_pieces(values):
        given = select(consent.c.patron, consent.c.school_year).join(patron, patron.c.id == consent.c.patron)
        consents: dict[PatronId, set[int]] = {}
        for row in connection.execute(given.where(among(by, piece, connection))):
            consents.setdefault(row.patron, set()).add(row.school_year)
        taken_back = select(withdrawal.c.patron, func.max(withdrawal.c.received_at).label("at")).join(
            patron, patron.c.id == withdrawal.c.patron
        )
        taken_back = taken_back.where(among(by, piece, connection)).group_by(withdrawal.c.patron)
        withdrawn = {row.patron: row.at for row in connection.execute(taken_back)}
        for found in connection.execute(select(*columns).select_from(joined).where(among(by, piece, connection))):
            known = _known(found, frozenset(consents.get(found.id, ())), zone)
            at = withdrawn.get(found.id)
            yield found, known if at is None else replace(known, withdrawn_on=at.astimezone(zone).date())


def _known(row: Row[*tuple[Any, ...]], consents: frozenset[int], zone: ZoneInfo) -> KnownPatron:
    return KnownPatron(
        *(row.id, row.name, row.birth_date, row.contact_complete, row.regular_at),
        None if row.uid is None else _card(row, zone),
        None if row.is_pupil is None else PupilData(row.school, row.school_phone, row.student_number, row.household_address),
        None if row.address is None else ContactData(row.address, row.phone, row.mobile, row.postal_code, row.guardian),
        *(consents, Fresh(row.card_as_of, row.contact_year, _years(row.pupil_years)), PatronClass(row.patron_class)),
    )


def _years(written: str | None) -> PupilYears:
    return NO_YEARS if written is None else tuple(map(int, written.split()))


def _card(row: Row[*tuple[Any, ...]], zone: ZoneInfo) -> KnownCard:
    bound_on = None if row.bound_at is None else row.bound_at.astimezone(zone).date()
    return KnownCard(row.uid, CardId(row.card_id), CardState(row.state), CardSource(row.source), row.bound_at, bound_on)


def people(connection: Connection, keys: Collection[PatronId]) -> dict[PatronId, Person]:
    """These patrons as they may be compared with somebody in a row."""
    found: dict[PatronId, Person] = {}
    for piece in in_pieces(keys):
        found |= {row.id: _person(row) for row in connection.execute(select(*_PERSON).where(among(patron.c.id, piece, connection)))}
    return found


def alike(connection: Connection, names: Collection[tuple[str, date]]) -> dict[tuple[str, date], tuple[Person, ...]]:
    """Everybody with one of these folded names and that birth date."""
    found: dict[tuple[str, date], tuple[Person, ...]] = {}
    wanted = set(names)
    for piece in in_pieces({name for name, _ in wanted}):
        for row in connection.execute(select(*_PERSON).where(among(patron.c.folded_name, piece, connection))):
            same = (row.folded_name, row.birth_date)
            if same in wanted:
                found[same] = (*found.get(same, ()), _person(row))
    return found


_PERSON = (patron.c.id, patron.c.folded_name, patron.c.birth_date, patron.c.national_id)


def _person(row: Row[*tuple[Any, ...]]) -> Person:
    return Person(PatronId(row.id), row.folded_name, row.birth_date, row.national_id)


def named(connection: Connection, keys: Mapping[bytes, CardUid]) -> dict[CardUid, Named]:
    """What the Bureau has said of these numbers, given with their keys."""
    found: dict[CardUid, Named] = {}
    for piece in in_pieces(keys):
        for row in connection.execute(select(bureau_card).where(among(bureau_card.c.card_key, piece, connection))):
            found[keys[row.card_key]] = Named(PatronId(row.patron), row.first_on, row.last_on)
    return found


def cancelled(connection: Connection, keys: Mapping[bytes, CardUid]) -> frozenset[CardUid]:
    """Which of these numbers are noted as cancelled."""
    wanted = select(card_event.c.card_key).where(card_event.c.event == CardEventKind.CANCELLED.value)
    return _of(connection, keys, lambda piece: wanted.where(among(card_event.c.card_key, piece, connection)))


def lost(connection: Connection, keys: Mapping[bytes, CardUid]) -> frozenset[CardUid]:
    """Which of these numbers the Bureau has reported as lost."""
    table = card_loss_report
    wanted = select(table.c.card_key).where(table.c.channel == LossChannel.BUREAU.value, table.c.restored_at.is_(None))
    return _of(connection, keys, lambda piece: wanted.where(among(table.c.card_key, piece, connection)))


def _of(connection: Connection, keys: Mapping[bytes, CardUid], asking: Callable[[list[bytes]], Any]) -> frozenset[CardUid]:
    found: set[CardUid] = set()
    for piece in in_pieces(keys):
        found.update(keys[key] for key in connection.execute(asking(piece)).scalars())
    return frozenset(found)


@dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """Contact data that waits, sealed, for which school year it came, and where that was noted: in which batch, of which school, which row."""

    sealed: bytes
    school_year: int
    received_at: datetime
    batch: UUID | None = None
    school: str | None = None
    row_number: int = 0


def waiting(connection: Connection, tags: Collection[bytes]) -> dict[bytes, Waiting]:
    """What waits under these tags."""
    found: dict[bytes, Waiting] = {}
    for piece in in_pieces(tags):
        noted = roster_waiting.outerjoin(contact_waiting, contact_waiting.c.tag == roster_waiting.c.tag)
        columns = (roster_waiting, contact_waiting.c.batch, contact_waiting.c.school, contact_waiting.c.row_number)
        for row in connection.execute(select(*columns).select_from(noted).where(among(roster_waiting.c.tag, piece, connection))):
            found[row.tag] = Waiting(row.sealed, row.school_year, row.received_at, row.batch, row.school, row.row_number or 0)
    return found


def erase_waiting(work: UnitOfWork, tags: Collection[bytes]) -> None:
    """Erase what waits under these tags."""
    for piece in in_pieces(tags):
        work.connection.execute(delete(roster_waiting).where(among(roster_waiting.c.tag, piece, work.connection)))


def erase_waiting_before(work: UnitOfWork, at: datetime, *, school_year: int | None = None) -> int:
    """Erase what came before an instant and still waits: the deadline has passed (R4). How many; of one school year, or of all."""
    wanted = delete(roster_waiting).where(roster_waiting.c.received_at < at)
    if school_year is not None:
        wanted = wanted.where(roster_waiting.c.school_year == school_year)
    gone = work.connection.execute(wanted.returning(roster_waiting.c.tag))
    return len(gone.all())
