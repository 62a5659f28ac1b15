"""The store of what a new hold is judged by, and of holds that were not collected."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, delete, func, select

from circulation.blocks import Block, BlockCode
from circulation.ids import PatronId
from circulation.items import ItemStatus
from circulation.no_shows import NoShow
from circulation.patrons import Patron, PatronClass
from registry.catalogue.tables import item
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.holds.tables import hold, no_show
from registry.lending.tables import block, loan
from registry.pieces import in_pieces

_LENT = (ItemStatus.AVAILABLE.value, ItemStatus.ON_HOLD_SHELF.value, ItemStatus.IN_TRANSIT.value)


def patron_of(connection: Connection, key: UUID) -> Patron | None:
    """A patron with the blocks that stand against it."""
    row = connection.execute(select(patron).where(patron.c.id == key)).first()
    if row is None:
        return None
    blocks = tuple(Block(BlockCode(one.code), one.until) for one in connection.execute(select(block).where(block.c.patron == key)))
    of = PatronId(row.id), row.masked_name, PatronClass(row.patron_class), row.expires, row.contact_complete
    return Patron(*of, blocks=blocks)


def classes_of(connection: Connection, patrons: Collection[UUID]) -> dict[PatronId, PatronClass]:
    """The classes of patrons."""
    found: dict[PatronId, PatronClass] = {}
    for some in in_pieces(patrons):
        rows = connection.execute(select(patron.c.id, patron.c.patron_class).where(patron.c.id.in_(some)))
        found |= {PatronId(row.id): PatronClass(row.patron_class) for row in rows}
    return found


def has_on_loan(connection: Connection, key: UUID, title: str) -> bool:
    """Whether the patron has a copy of a title."""
    theirs = select(loan.c.id).join(item, item.c.id == loan.c.item)
    return connection.execute(theirs.where(loan.c.patron == key, loan.c.closed_at.is_(None), item.c.title == title)).first() is not None


def is_on_loan(connection: Connection, item_key: UUID) -> bool:
    """Whether somebody has an item, on record."""
    return connection.execute(select(loan.c.id).where(loan.c.item == item_key, loan.c.closed_at.is_(None))).first() is not None


def copies_of(connection: Connection, title: str) -> int:
    """How many copies of a title the library has that are lent, or stand somewhere to be lent."""
    counted = select(func.count()).select_from(item).where(item.c.title == title, item.c.status.in_(_LENT))
    found: int = connection.execute(counted).scalar_one()
    return found


def places_taken(connection: Connection, branch: str) -> set[str]:
    """The places of a branch's hold shelf where something lies."""
    return set(connection.execute(select(hold.c.shelf).where(hold.c.at_branch == branch, hold.c.shelf != "")).scalars())


def add_no_shows(work: UnitOfWork, no_shows: Iterable[tuple[UUID, PatronId, NoShow]]) -> None:
    """Note holds that were not collected, each with a key of its own."""
    work.add(no_show, ((key, whose, one.on, one.points) for key, whose, one in no_shows))


def no_shows_of(connection: Connection, key: UUID) -> list[NoShow]:
    """What a patron did not collect."""
    found = connection.execute(select(no_show.c.ended_on, no_show.c.points).where(no_show.c.patron == key).order_by(no_show.c.ended_on))
    return [NoShow(row.ended_on, row.points) for row in found]


def forget_no_shows(work: UnitOfWork, ended_before: date) -> int:
    """Forget what ended before a day; how many there were."""
    return work.connection.execute(delete(no_show).where(no_show.c.ended_on < ended_before)).rowcount
