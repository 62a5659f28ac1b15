"""The store of changes of opening days, and of the calendars that follow from them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, select

from circulation.ids import BranchCode
from circulation.opening_days import OpeningDays
from registry.calendars.changes import CalendarChange, ChangeKind, RecordedChange, derived
from registry.calendars.tables import calendar_change
from registry.database import UnitOfWork
from registry.lending.tables import branch, calendar
from replica.library_rows import calendar_row, hours_of, hours_row, opening_days_of, timetable_of, timetable_row
from replica.mapping import values_of
from replica.rows import CalendarRow, TimetableRow
from replica.tables import ReplicaTable


def add_calendars(  # noqa: PLR0913 - provenance has these parts
    work: UnitOfWork,
    calendars: Mapping[BranchCode, OpeningDays],
    *,
    source: str,
    at: datetime,
    by: str,
    changes: Iterable[CalendarChange] = (),
) -> int:
    """Load the calendars of branches that have none, each the base of what changes later, and changes that are known already; how many.

    Raises:
        sqlalchemy.exc.IntegrityError: one of the branches has a calendar, or there is no such branch.

    """
    bases = (CalendarChange(ChangeKind.BASE, code, date.min, None, "", source, base=days) for code, days in calendars.items())
    known = branch_codes(work.connection)
    record(work, [*bases, *changes], at=at, by=by)
    made = _changes(work.connection, calendars)
    count = _write(work, {code: days for code in calendars if (days := derived(made[code])) is not None})
    derive(work, known)
    return count


def record(work: UnitOfWork, changes: Iterable[CalendarChange], *, at: datetime, by: str) -> None:
    """Put changes on record, in this order. The calendars that follow from them are written by ``derive``."""
    rows = [
        {
            "branch": one.branch,
            "kind": one.kind.value,
            "starts": one.starts,
            "ends": one.ends,
            "document": _written(one),
            "reason": one.reason,
            "source": one.source,
            "at": at,
            "by": by,
        }
        for one in changes
    ]
    if rows:
        work.connection.execute(insert(calendar_change), rows)


def derive(work: UnitOfWork, branches: Collection[BranchCode]) -> dict[BranchCode, OpeningDays]:
    """Write the calendars of these branches anew, as all changes say; those of branches without one stay out."""
    found = {code: days for code, changes in _changes(work.connection, branches).items() if (days := derived(changes)) is not None}
    work.connection.execute(delete(calendar).where(calendar.c.branch.in_(found)))
    _write(work, found)
    return found


def derived_with(connection: Connection, more: Iterable[CalendarChange], branches: Collection[BranchCode]) -> dict[BranchCode, OpeningDays]:
    """The calendars of these branches as they would be with more changes."""
    made, more = _changes(connection, branches), list(more)
    with_more = {code: [*changes, *(one for one in more if one.branch in {None, code})] for code, changes in made.items()}
    return {code: days for code, changes in with_more.items() if (days := derived(changes)) is not None}


def calendars(connection: Connection, branches: Collection[str] | None = None) -> dict[BranchCode, OpeningDays]:
    """The calendars as they are, of these branches or of all."""
    wanted = select(calendar) if branches is None else select(calendar).where(calendar.c.branch.in_(branches))
    found = connection.execute(wanted).mappings()
    rows = (msgspec.convert({str(name): value for name, value in row.items()}, CalendarRow) for row in found)
    return {BranchCode(row.branch): opening_days_of(row) for row in rows}


def opening_days_of_branch(connection: Connection, code: str) -> OpeningDays | None:
    """The calendar of a branch; nothing when it has none."""
    return calendars(connection, [code]).get(BranchCode(code))


def history(connection: Connection, code: str | None = None) -> list[RecordedChange]:
    """The changes on record in their order, of all or of those that concern one branch."""
    wanted = select(calendar_change).order_by(calendar_change.c.seq)
    if code is not None:
        wanted = wanted.where((calendar_change.c.branch == code) | calendar_change.c.branch.is_(None))
    return [RecordedChange(row.seq, row.at, row.by, _read(row)) for row in connection.execute(wanted)]


def last_change(connection: Connection) -> int:
    """The number of the last change; 0 before any."""
    found: int | None = connection.execute(select(func.max(calendar_change.c.seq))).scalar_one()
    return found or 0


def branch_codes(connection: Connection) -> list[BranchCode]:
    """Every branch that has a calendar."""
    return [BranchCode(code) for code in connection.execute(select(calendar.c.branch).order_by(calendar.c.branch)).scalars()]


def is_branch(connection: Connection, code: str) -> bool:
    """Whether there is such a branch."""
    return connection.execute(select(branch.c.code).where(branch.c.code == code)).first() is not None


def _changes(connection: Connection, branches: Collection[str]) -> dict[BranchCode, list[CalendarChange]]:
    wanted = calendar_change.c.branch.in_(branches) | calendar_change.c.branch.is_(None)
    found: defaultdict[BranchCode, list[CalendarChange]] = defaultdict(list)
    for row in connection.execute(select(calendar_change).where(wanted).order_by(calendar_change.c.seq)):
        change = _read(row)
        for code in branches if row.branch is None else [row.branch]:
            found[BranchCode(code)].append(change)
    return found


def _write(work: UnitOfWork, found: Mapping[BranchCode, OpeningDays]) -> int:
    rows = (values_of(ReplicaTable.CALENDAR, calendar_row(code, days)) for code, days in found.items())
    return work.add(calendar, (tuple(values[column.name] for column in calendar.columns) for values in rows))


def _written(one: CalendarChange) -> object:
    if one.base is not None:
        return msgspec.to_builtins(calendar_row(BranchCode(one.branch or ""), one.base))
    if one.timetable is not None:
        return msgspec.to_builtins(timetable_row(one.timetable))
    return {} if one.hours is None else {"hours": list(hours_row(one.hours))}


def _read(row: Row[Any]) -> CalendarChange:
    kind, written = ChangeKind(row.kind), row.document
    base = opening_days_of(msgspec.convert(written, CalendarRow)) if kind is ChangeKind.BASE else None
    timetable = timetable_of(msgspec.convert(written, TimetableRow)) if kind is ChangeKind.HOURS else None
    hours = hours_of(written["hours"]) if "hours" in written else None
    whose = None if row.branch is None else BranchCode(row.branch)
    return CalendarChange(kind, whose, row.starts, row.ends, row.reason, row.source, hours, timetable, base)
