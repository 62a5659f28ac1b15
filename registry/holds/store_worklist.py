"""The store of what a branch has to do for holds."""

from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from sqlalchemy import Connection, and_, delete, exists, func, select

from circulation.holds import HoldState
from circulation.ids import BranchCode
from circulation.items import ItemStatus
from registry.catalogue.tables import item
from registry.columns import among
from registry.database import UnitOfWork
from registry.holds.tables import hold, hold_task
from registry.holds.worklist import Chore, Task, WorkLine
from registry.lending.tables import loan
from registry.pieces import in_pieces


def add_tasks(work: UnitOfWork, tasks: Iterable[Task]) -> None:
    """Have branches look for items; what they looked for these before is over."""
    new = list(tasks)
    clear_tasks(work, {one.item for one in new})
    work.add(hold_task, ((one.item, one.branch, one.kind, one.shelf, one.created_at) for one in new))


def clear_tasks(work: UnitOfWork, items: Collection[UUID]) -> None:
    """These items were seen: nobody need look for them any more."""
    for some in in_pieces(sorted(items)):
        work.connection.execute(delete(hold_task).where(among(hold_task.c.item, some, work.connection)))


def lines_of(connection: Connection, branch: str, *, limit: int) -> Iterator[WorkLine]:
    """What is to be done at a branch, in no order; of each kind ``limit`` lines at most."""
    tasks = select(hold_task.c.kind, hold_task.c.shelf, hold_task.c.created_at, item.c.id, item.c.barcode, item.c.title)
    joined = tasks.join(item, item.c.id == hold_task.c.item).where(hold_task.c.branch == branch)
    for row in connection.execute(joined.order_by(hold_task.c.created_at, item.c.id).limit(limit)):
        yield WorkLine(Chore(row.kind), row.id, row.barcode, row.title, row.shelf, since=row.created_at)
    aside = select(hold.c.pickup, hold.c.shelf, hold.c.moved_at, item.c.id, item.c.barcode, item.c.title).join(
        item, item.c.id == hold.c.item
    )
    here = aside.where(hold.c.at_branch == branch, hold.c.state == HoldState.SET_ASIDE)
    for row in connection.execute(here.order_by(hold.c.moved_at, hold.c.id).limit(limit)):
        send_to = None if row.pickup == branch else BranchCode(row.pickup)
        yield WorkLine(Chore.SCAN, row.id, row.barcode, row.title, row.shelf, send_to, row.moved_at)
    yield from _to_fetch(connection, branch, limit)


def _to_fetch(connection: Connection, branch: str, limit: int) -> Iterator[WorkLine]:
    """Copies that stand here among the others, of each title as many as are waited for."""
    waits = and_(hold.c.state == HoldState.WAITING, hold.c.suspended_until.is_(None))
    waited_for = select(hold.c.title, func.count().label("number")).where(waits).group_by(hold.c.title).subquery()
    lent = exists(select(1).where(loan.c.item == item.c.id, loan.c.closed_at.is_(None)).correlate(item))
    nth = func.row_number().over(partition_by=item.c.title, order_by=item.c.id)
    stands_here = and_(item.c.branch == branch, item.c.status == ItemStatus.AVAILABLE.value, ~lent)
    standing = (
        select(item.c.id, item.c.barcode, item.c.title, waited_for.c.number, nth.label("nth"))
        .join(waited_for, waited_for.c.title == item.c.title)
        .where(stands_here)
        .subquery()
    )
    enough = select(standing.c.id, standing.c.barcode, standing.c.title).where(standing.c.nth <= standing.c.number)
    for row in connection.execute(enough.order_by(standing.c.title, standing.c.id).limit(limit)):
        yield WorkLine(Chore.FETCH, row.id, row.barcode, row.title)
