"""The store of holds, and what follows from them: places in the queue, and which loans are wanted by another patron."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, Integer, and_, case, delete, exists, func, or_, select, update

from circulation.holds import HoldState
from circulation.ids import BranchCode, HoldId, ItemId, LoanId, PatronId
from circulation.item_life import ItemEvent, after
from circulation.items import ItemStatus
from registry.catalogue.tables import item
from registry.database import UnitOfWork
from registry.holds.tables import hold
from registry.lending.tables import loan
from registry.pieces import in_pieces


@dataclass(frozen=True, slots=True)
class HoldRecord:
    """A hold of a patron on a title. ``placed_at`` (aware UTC) orders the queue; ``item`` is the copy that lies ready."""

    id: HoldId
    patron: PatronId
    title: str
    pickup: BranchCode
    placed_at: datetime
    state: HoldState = HoldState.WAITING
    item: ItemId | None = None
    shelf: str = ""
    until: date | None = None


def add(work: UnitOfWork, holds: Iterable[HoldRecord]) -> int:
    """Add holds.

    Raises:
        sqlalchemy.exc.IntegrityError: a key is already there, or the patron, the item or the branch is unknown.

    """
    return work.add(hold, ((h.id, h.patron, h.title, h.item, h.pickup, h.shelf, h.state, h.placed_at, h.until) for h in holds))


def remove(work: UnitOfWork, keys: Collection[UUID]) -> int:
    """End holds: nothing of them is kept. Says how many there were."""
    return sum(work.connection.execute(delete(hold).where(hold.c.id.in_(some))).rowcount for some in in_pieces(keys))


def queued(connection: Connection, keys: Collection[UUID]) -> set[HoldId]:
    """Which of these holds wait in a queue."""
    found: set[HoldId] = set()
    for some in in_pieces(keys):
        waiting = select(hold.c.id).where(hold.c.id.in_(some), hold.c.state == HoldState.WAITING)
        found |= {HoldId(key) for key in connection.execute(waiting).scalars()}
    return found


@dataclass(frozen=True, slots=True)
class Released:
    """An item that is no longer held, and its home."""

    id: UUID
    branch: str


def release(work: UnitOfWork, keys: Collection[UUID]) -> list[Released]:
    """Free the items that lie on a hold shelf for the patrons of these holds: their status as the table of their life says."""
    freed = after(ItemStatus.ON_HOLD_SHELF, ItemEvent.HOLD_ENDED)
    for_it = and_(item.c.id == hold.c.item, item.c.held_for == hold.c.patron, item.c.status == ItemStatus.ON_HOLD_SHELF.value)
    found: dict[UUID, Released] = {}
    for some in in_pieces(keys):
        lying = select(item.c.id, item.c.branch).join(hold, for_it).where(hold.c.id.in_(some), hold.c.state == HoldState.READY)
        found |= {row.id: Released(row.id, row.branch) for row in work.connection.execute(lying.order_by(item.c.id))}
        work.connection.execute(update(item).where(item.c.id.in_(found)).values(status=freed.value, held_for=None))
    return list(found.values())


def wait_again(work: UnitOfWork, keys: Collection[UUID]) -> None:
    """Put ready holds back into the queue, at the place they had: their items are no longer there."""
    waiting = {"state": HoldState.WAITING.value, "item": None, "shelf": "", "until": None}
    for some in in_pieces(keys):
        work.connection.execute(update(hold).where(hold.c.id.in_(some)).values(**waiting))


@dataclass(frozen=True, slots=True)
class Touched:
    """The rows that look different when some holds come or go: holds with their places in the queues, loans with ``wanted``."""

    holds: tuple[HoldId, ...]
    loans: tuple[LoanId, ...]


def touched_by(connection: Connection, keys: Collection[UUID]) -> Touched:
    """What these holds, which are on record, make look different: themselves, who waits behind them, the open loans of their titles."""
    behind = hold.alias("behind")
    titles: set[str] = set()
    holds: dict[HoldId, None] = {}
    for some in in_pieces(keys):
        later = and_(behind.c.title == hold.c.title, behind.c.state == HoldState.WAITING, _not_before(behind, hold))
        queue = select(hold.c.id.label("id"), hold.c.title, behind.c.id.label("later")).outerjoin(behind, later).where(hold.c.id.in_(some))
        for row in connection.execute(queue.order_by(hold.c.placed_at, hold.c.id)):
            titles.add(row.title)
            holds |= {HoldId(key): None for key in (row.id, row.later) if key is not None}
    loans: list[LoanId] = []
    for some_titles in in_pieces(sorted(titles)):
        of_titles = select(loan.c.id).join(item, item.c.id == loan.c.item).where(item.c.title.in_(some_titles), loan.c.closed_at.is_(None))
        loans += [LoanId(key) for key in connection.execute(of_titles.order_by(loan.c.id)).scalars()]
    return Touched(tuple(holds), tuple(loans))


def place_in_queue() -> ColumnElement[int]:
    """The place of a waiting hold among those on its title, from 1; 0 for one that is ready."""
    before = hold.alias("before")
    waiting = and_(before.c.title == hold.c.title, before.c.state == HoldState.WAITING, _not_before(hold, before))
    count = select(func.count()).select_from(before).where(waiting).correlate(hold).scalar_subquery()
    return case((hold.c.state == HoldState.WAITING, count), else_=0).cast(Integer)


def is_wanted() -> ColumnElement[bool]:
    """Whether a patron other than the loan's waits for the title of the loan's item."""
    other = and_(hold.c.title == item.c.title, hold.c.state == HoldState.WAITING, hold.c.patron != loan.c.patron)
    return exists(select(1).select_from(hold).where(other).correlate(item, loan))


def waiting_for(connection: Connection, titles: Collection[str]) -> dict[str, dict[PatronId, frozenset[HoldId]]]:
    """Who waits for these titles, and by which holds."""
    found: dict[str, dict[PatronId, frozenset[HoldId]]] = {}
    wanted = select(hold.c.title, hold.c.patron, hold.c.id).where(hold.c.title.in_(titles), hold.c.state == HoldState.WAITING)
    for row in connection.execute(wanted):
        of_title = found.setdefault(row.title, {})
        of_title[PatronId(row.patron)] = of_title.get(PatronId(row.patron), frozenset()) | {HoldId(row.id)}
    return found


def ready_with(connection: Connection, items: Collection[UUID]) -> dict[tuple[ItemId, PatronId], HoldId]:
    """The holds for which these items lie ready."""
    found = connection.execute(select(hold.c.id, hold.c.item, hold.c.patron).where(hold.c.item.in_(items), hold.c.state == HoldState.READY))
    return {(ItemId(row.item), PatronId(row.patron)): HoldId(row.id) for row in found}


def _not_before(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Of two holds placed in the same moment, the keys decide."""
    return or_(one.c.placed_at > other.c.placed_at, and_(one.c.placed_at == other.c.placed_at, one.c.id >= other.c.id))
