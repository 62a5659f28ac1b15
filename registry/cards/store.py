"""The store of cards. Numbers are looked up among the cards on record only: a former number is no such record (Q6-4)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique

from sqlalchemy import ColumnElement, Connection, or_, select, update

from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import CardId, PatronId
from circulation.patrons import PatronClass
from registry.cards.kinds import kinds_of
from registry.cards.replacement import Owner
from registry.cards.tables import card, former_card
from registry.columns import among
from registry.database import UnitOfWork
from registry.enrolment.store import stands
from registry.enrolment.tables import patron
from registry.pieces import in_pieces
from replica.card_keys import card_key


@unique
class CardSource(StrEnum):
    """Where a binding came from."""

    LIBRARY = "library"
    """Loaded, such as from the system before."""
    ROSTER = "roster"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class CardRecord:
    """A patron's card. ``bound_at`` (aware UTC) is none when nobody noted it."""

    id: CardId
    patron: PatronId
    kind: CardKind
    uid: CardUid
    state: CardState = CardState.ACTIVE
    bound_at: datetime | None = None
    source: CardSource = CardSource.LIBRARY


class WrongAccountError(Exception):
    """A card was to be bound to a family account that is none for families (R20), or to one that has ended: nothing may be committed."""


def add(work: UnitOfWork, cards: Iterable[CardRecord], *, secret: bytes) -> int:
    """Add cards, each with the key that replicas know it by.

    Raises:
        WrongAccountError: a family was to get another card than a barcode card, or the account has ended; every door ends here.
        sqlalchemy.exc.IntegrityError: the number is already bound, or the patron has a card of this kind (Q9-b).

    """
    count = 0
    for piece in in_pieces(cards):
        _check_accounts(work.connection, piece)
        rows = ((c.id, c.patron, c.kind, c.uid.hex, card_key(c.uid, secret=secret), c.state, c.bound_at, c.source) for c in piece)
        count += work.add(card, rows)
    return count


def _check_accounts(connection: Connection, cards: Collection[CardRecord]) -> None:
    of_persons = {one.patron for one in cards if one.kind not in kinds_of(PatronClass.FAMILY)}
    family = patron.c.id.in_(of_persons) & (patron.c.patron_class == PatronClass.FAMILY.value)
    ended = patron.c.id.in_({one.patron for one in cards}) & ~stands()
    if connection.execute(select(patron.c.id).where(or_(family, ended)).limit(1)).first() is not None:
        message = "a family account has a barcode card only (R20), and one that has ended has none"
        raise WrongAccountError(message)


def class_of(connection: Connection, key: PatronId) -> PatronClass:
    """Whether an account is a person's or a family's; a person's when there is none."""
    found = connection.execute(select(patron.c.patron_class).where(patron.c.id == key)).scalar_one_or_none()
    return PatronClass.PERSONAL if found is None else PatronClass(found)


def change_state(work: UnitOfWork, uid: CardUid, state: CardState) -> bytes | None:
    """Set a card's state and give its key; nothing when no such number is on record."""
    work.connection.execute(update(card).where(card.c.uid == uid.hex).values(state=state))
    found: bytes | None = work.connection.execute(select(card.c.card_key).where(card.c.uid == uid.hex)).scalar_one_or_none()
    return found


def by_number(connection: Connection, uid: CardUid) -> CardRecord | None:
    """The card with this number; nothing when no such number is on record."""
    return next(iter(_records(connection, card.c.uid == uid.hex)), None)


def of_patrons(connection: Connection, patrons: Collection[PatronId]) -> list[CardRecord]:
    """All cards of these patrons."""
    return _records(connection, card.c.patron.in_(patrons))


def of_kind(connection: Connection, patron: PatronId, kind: CardKind) -> CardRecord | None:
    """The patron's one card of a kind."""
    return next(iter(_records(connection, (card.c.patron == patron) & (card.c.kind == kind.value))), None)


def _records(connection: Connection, condition: ColumnElement[bool]) -> list[CardRecord]:
    return [
        CardRecord(
            *(CardId(row.id), PatronId(row.patron), CardKind(row.kind), CardUid.from_hex(row.uid)),
            *(CardState(row.state), row.bound_at, CardSource(row.source)),
        )
        for row in connection.execute(select(card).where(condition).order_by(card.c.kind))
    ]


def owners(connection: Connection, uids: Collection[CardUid]) -> dict[CardUid, Owner]:
    """Whose these numbers are; one that is missing is nobody's."""
    by_hex = {uid.hex: uid for uid in uids}
    found: dict[CardUid, Owner] = {}
    for piece in in_pieces(by_hex):
        for row in connection.execute(select(card.c.uid, card.c.patron, card.c.kind).where(among(card.c.uid, piece, connection))):
            found[by_hex[row.uid]] = Owner(PatronId(row.patron), CardKind(row.kind))
    return found


def former_owners(connection: Connection, uids: Collection[CardUid], *, secret: bytes) -> dict[CardUid, PatronId]:
    """Whose these numbers were before they were replaced. For deciding bindings only: nothing else may find anybody by an old number."""
    by_key = {card_key(uid, secret=secret): uid for uid in uids}
    found: dict[CardUid, PatronId] = {}
    for piece in in_pieces(by_key):
        wanted = select(former_card.c.card_key, former_card.c.patron).where(among(former_card.c.card_key, piece, connection))
        found |= {by_key[row.card_key]: PatronId(row.patron) for row in connection.execute(wanted.order_by(former_card.c.ended_at))}
    return found
