"""The store of what decisions change by themselves; all else runs through the pipeline."""

from datetime import date

from sqlalchemy import delete, select, update

from circulation.cards import CardUid
from circulation.ids import PatronId
from registry.cards.store import by_number
from registry.cards.store_events import CardEventKind
from registry.cards.store_replacements import Ending, Origin, end
from registry.cards.tables import former_card
from registry.database import UnitOfWork
from registry.enrolment.names import NameStyle, folded, masked
from registry.enrolment.tables import patron
from registry.rosters.tables import contact, pupil
from replica.card_keys import card_key


def rename(work: UnitOfWork, key: PatronId, name: str, *, names: NameStyle) -> None:
    """Take a name over; what screens show and searches find follows it (R16)."""
    values = {"name": name, "masked_name": masked(name, names), "folded_name": folded(name)}
    work.connection.execute(update(patron).where(patron.c.id == key).values(**values))


def correct_birth_date(work: UnitOfWork, key: PatronId, born: date) -> None:
    """Correct a birth date."""
    work.connection.execute(update(patron).where(patron.c.id == key).values(birth_date=born))


def release(work: UnitOfWork, number: CardUid, origin: Origin, *, secret: bytes) -> None:
    """Let a number be anybody's: the card on record ends, and that it was somebody's before stands in nobody's way."""
    held = by_number(work.connection, number)
    if held is not None:
        end(work, [Ending(held.patron, held.kind, number.hex)], origin, CardEventKind.BINDING_UNDONE)
    work.connection.execute(delete(former_card).where(former_card.c.card_key == card_key(number, secret=secret)))


def drop_contact(work: UnitOfWork, key: PatronId, *, address: str | None = None) -> None:
    """Drop contact data, where an address is given only that with this one; the record is incomplete again."""
    mine = contact.c.patron == key if address is None else (contact.c.patron == key) & (contact.c.address == address)
    if work.connection.execute(select(contact.c.patron).where(mine)).first() is not None:
        work.connection.execute(delete(contact).where(mine))
        work.connection.execute(update(patron).where(patron.c.id == key).values(contact_complete=False))


def drop_pupil(work: UnitOfWork, key: PatronId) -> None:
    """Drop what the Bureau says of a patron's school."""
    work.connection.execute(delete(pupil).where(pupil.c.patron == key))


def leave_branch(work: UnitOfWork, key: PatronId) -> None:
    """Let a patron be nobody's regular."""
    work.connection.execute(update(patron).where(patron.c.id == key).values(regular_at=None))
