"""The store of dates that move with the calendar. By branch and date: a city has forty thousand loans due on one day."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select, update

from circulation.holds import HoldState
from circulation.ids import BranchCode
from registry.calendars.moves import Dated, Move
from registry.calendars.store_lent_at import lent_at_branch, with_lending_branch
from registry.database import UnitOfWork
from registry.holds.tables import hold
from registry.lending.tables import loan
from registry.overdue.tables import late_return
from registry.pieces import in_pieces


def loans_due(connection: Connection, starts: date, ends: date | None) -> list[Dated]:
    """The open loans by the branch that lent them and their due date, from a day on."""
    place = lent_at_branch()
    wanted = with_lending_branch(select(place, loan.c.due, func.count().label("many")))
    wanted = wanted.where(loan.c.closed_at.is_(None), *_within(loan.c.due, starts, ends)).group_by(place, loan.c.due)
    return [Dated(BranchCode(row.branch), row.due, row.many) for row in connection.execute(wanted.order_by(place, loan.c.due))]


def late_due(connection: Connection, starts: date, ends: date | None) -> list[Dated]:
    """The late returns by branch and the date on which they were due."""
    wanted = select(late_return.c.branch, late_return.c.due, func.count().label("many")).group_by(late_return.c.branch, late_return.c.due)
    wanted = wanted.where(*_within(late_return.c.due, starts, ends)).order_by(late_return.c.branch, late_return.c.due)
    return [Dated(BranchCode(row.branch), row.due, row.many) for row in connection.execute(wanted)]


def holds_kept(connection: Connection, branches: Collection[str], today: date) -> list[Dated]:
    """The ready holds by pick-up branch and last day, today or later."""
    ready = (hold.c.state == HoldState.READY, hold.c.until >= today, hold.c.pickup.in_(branches))
    wanted = select(hold.c.pickup, hold.c.until, func.count().label("many")).where(*ready).group_by(hold.c.pickup, hold.c.until)
    return [Dated(BranchCode(row.pickup), row.until, row.many) for row in connection.execute(wanted.order_by(hold.c.pickup, hold.c.until))]


def move_loans(work: UnitOfWork, moves: Iterable[Move]) -> list[UUID]:
    """Move due dates; the loans."""
    moved: list[UUID] = []
    for one in moves:
        chosen = with_lending_branch(select(loan.c.id)).where(
            loan.c.closed_at.is_(None), loan.c.due == one.old, lent_at_branch() == one.branch
        )
        keys = list(work.connection.execute(chosen).scalars())
        for some in in_pieces(keys):
            work.connection.execute(update(loan).where(loan.c.id.in_(some)).values(due=one.new))
        moved += keys
    return moved


def move_late(work: UnitOfWork, moves: Iterable[Move]) -> set[UUID]:
    """Move the dates on which late returns were due; whose they are."""
    whose: set[UUID] = set()
    for one in moves:
        those = (late_return.c.branch == one.branch, late_return.c.due == one.old)
        whose |= set(work.connection.execute(select(late_return.c.patron).where(*those)).scalars())
        work.connection.execute(update(late_return).where(*those).values(due=one.new))
    return whose


def move_holds(work: UnitOfWork, moves: Iterable[Move]) -> list[UUID]:
    """Move the last days of ready holds; the latest first, so that none moves twice."""
    moved: list[UUID] = []
    for one in sorted(moves, key=lambda move: move.old, reverse=True):
        those = (hold.c.pickup == one.branch, hold.c.until == one.old, hold.c.state == HoldState.READY)
        moved += work.connection.execute(select(hold.c.id).where(*those)).scalars()
        work.connection.execute(update(hold).where(*those).values(until=one.new))
    return moved


def _within(column: ColumnElement[date], starts: date, ends: date | None) -> list[ColumnElement[bool]]:
    return [column >= starts, *([] if ends is None else [column <= ends])]
