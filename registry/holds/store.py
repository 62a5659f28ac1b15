"""The store of holds, and what follows from them: places in the queue, and which loans are wanted by another patron."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, Integer, Row, and_, bindparam, case, delete, exists, func, or_, select, update

from circulation.holds import HoldState
from circulation.ids import BranchCode, HoldId, ItemId, LoanId, PatronId
from registry.catalogue.tables import item
from registry.columns import among
from registry.database import UnitOfWork
from registry.holds.records import HoldRecord
from registry.holds.tables import hold
from registry.lending.tables import loan
from registry.pieces import in_pieces

_CHANGING = ("item", "pickup", "shelf", "state", "until", "at_branch", "moved_at", "suspended_until")


def add(work: UnitOfWork, holds: Iterable[HoldRecord]) -> int:
    """Add holds.

    Raises:
        sqlalchemy.exc.IntegrityError: a key is already there, or the patron, the item or the branch is unknown.

    """
    return work.add(hold, map(_row, holds))


def remove(work: UnitOfWork, keys: Collection[UUID]) -> int:
    """End holds: nothing of them is kept. Says how many there were."""
    return sum(work.connection.execute(delete(hold).where(hold.c.id.in_(some))).rowcount for some in in_pieces(keys))


def write(work: UnitOfWork, changed: Collection[HoldRecord]) -> None:
    """Write holds that are on record as they are now."""
    if changed:
        new: dict[str, object] = {name: bindparam(f"new_{name}") for name in _CHANGING}
        rows = [{"key": one.id, **{f"new_{name}": value for name, value in _changing(one).items()}} for one in changed]
        work.connection.execute(update(hold).where(hold.c.id == bindparam("key")).values(**new), rows)


def of_keys(connection: Connection, keys: Collection[UUID]) -> list[HoldRecord]:
    """These holds, as far as they are on record."""
    return _read(connection, (hold.c.id.in_(some) for some in in_pieces(keys)))


def of_titles(connection: Connection, titles: Collection[str]) -> list[HoldRecord]:
    """The holds that wait for these titles."""
    waiting = hold.c.state == HoldState.WAITING
    return _read(connection, (and_(among(hold.c.title, some, connection), waiting) for some in in_pieces(titles)))


def of_items(connection: Connection, items: Collection[UUID]) -> list[HoldRecord]:
    """The holds for which these items are kept."""
    return _read(connection, (among(hold.c.item, some, connection) for some in in_pieces(items)))


def of_patron(connection: Connection, patron: UUID) -> list[HoldRecord]:
    """The holds of a patron."""
    return _read(connection, [hold.c.patron == patron])


def where(connection: Connection, condition: ColumnElement[bool], *, limit: int | None) -> list[HoldRecord]:
    """The first holds of which something is true, the longest unseen first; without a limit all."""
    found = connection.execute(select(hold).where(condition).order_by(hold.c.moved_at, hold.c.id).limit(limit))
    return [record_of(row) for row in found]


def record_of(row: Row[Any]) -> HoldRecord:
    """The hold that a row with this table's columns is."""
    return HoldRecord(
        *(HoldId(row.id), PatronId(row.patron), row.title, BranchCode(row.pickup), row.placed_at, HoldState(row.state)),
        item=None if row.item is None else ItemId(row.item),
        shelf=row.shelf,
        until=row.until,
        at=None if row.at_branch is None else BranchCode(row.at_branch),
        moved_at=row.moved_at,
        suspended_until=row.suspended_until,
    )


def _read(connection: Connection, conditions: Iterable[ColumnElement[bool]]) -> list[HoldRecord]:
    return [record_of(row) for condition in conditions for row in connection.execute(select(hold).where(condition))]


def _row(one: HoldRecord) -> tuple[object, ...]:
    first = (one.id, one.patron, one.title, one.item, one.pickup, one.shelf, one.state, one.placed_at, one.until)
    # What is loaded as ready lies where it is collected.
    at = one.at or (one.pickup if one.state is HoldState.READY else None)
    return (*first, at, one.moved_at, one.suspended_until)


def _changing(one: HoldRecord) -> dict[str, object]:
    named = (one.item, one.pickup, one.shelf, one.state.value, one.until, one.at, one.moved_at, one.suspended_until)
    return dict(zip(_CHANGING, named, strict=True))


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
    """The place of a waiting hold among those on its title, from 1; 0 for one that a copy is kept for."""
    before = hold.alias("before")
    waiting = and_(before.c.title == hold.c.title, before.c.state == HoldState.WAITING, _not_before(hold, before))
    count = select(func.count()).select_from(before).where(waiting).correlate(hold).scalar_subquery()
    return case((hold.c.state == HoldState.WAITING, count), else_=0).cast(Integer)


def is_wanted() -> ColumnElement[bool]:
    """Whether a patron other than the loan's waits for the title of the loan's item, and would take it today."""
    waits = and_(hold.c.state == HoldState.WAITING, hold.c.suspended_until.is_(None))
    other = and_(hold.c.title == item.c.title, waits, hold.c.patron != loan.c.patron)
    return exists(select(1).select_from(hold).where(other).correlate(item, loan))


def _not_before(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Of two holds placed in the same moment, the keys decide."""
    return or_(one.c.placed_at > other.c.placed_at, and_(one.c.placed_at == other.c.placed_at, one.c.id >= other.c.id))
