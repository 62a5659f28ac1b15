"""The desk for opening days: what a branch's days are and why, what a change would do, and making it with all that moves (notice 2024-12)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from circulation.ids import BranchCode
from circulation.opening_days import Hours, OpeningDays, local_date
from registry.audit.store import AuditEntry, append
from registry.calendars import store, store_moves
from registry.calendars.changes import CalendarChange, CalendarRefusal, RecordedChange, decide_change, why
from registry.calendars.moves import Calendars, Move, moved_dues, moved_holds
from registry.database import Database, UnitOfWork
from registry.desk.replacing import Publish
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.outside import Outside
from registry.overdue.booking import Booking
from registry.overdue.store import patrons_of_loans, patrons_since
from replica.tables import ReplicaTable

_SHOWN_DAYS = 28


class CalendarRefusedError(Exception):
    """The change is not made; nothing was changed."""

    def __init__(self, code: CalendarRefusal) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True)
class DayShown:
    """One date of a branch: its hours, those of desk services, and the change that named it, if one did."""

    day: date
    hours: Hours | None
    desk: Hours | None
    change: RecordedChange | None


@dataclass(frozen=True, slots=True)
class DayChanged:
    """One date of one branch whose hours become others; none is closed."""

    branch: BranchCode
    day: date
    old: Hours | None
    new: Hours | None


@dataclass(frozen=True, slots=True)
class CalendarPreview:
    """What changes would do. ``seen`` is the last change on record when somebody looked. Of regular hours the first four weeks are shown."""

    changes: tuple[CalendarChange, ...]
    seen: int
    days: tuple[DayChanged, ...]
    loans: tuple[Move, ...]
    holds: tuple[Move, ...]
    late: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """What was done: how many branches have other days, and how many dates moved."""

    branches: int
    loans: int
    holds: int
    suspensions: int


class CalendarDesk:
    """Changes opening days. What is on record is never edited: a later change takes it back."""

    def __init__(self, database: Database, outside: Outside, *, zone: ZoneInfo, booking: Booking, publish: Publish) -> None:
        self._database = database
        self._outside = outside
        self._zone = zone
        self._booking = booking
        self._publish = publish

    def month(self, branch: str, year: int, month: int) -> list[DayShown]:
        """Every date of a month at a branch.

        Raises:
            CalendarRefusedError: ``BRANCH_UNKNOWN``, ``NO_CALENDAR``.

        """
        with self._database.reading() as connection:
            self._branches(connection, [branch])
            days = store.calendars(connection, [branch])[BranchCode(branch)]
            made = store.history(connection, branch)
        first = date(year, month, 1)
        dates = (first + timedelta(days=n) for n in range(31))
        return [DayShown(day, days.hours_on(day), days.desk_hours_on(day), why(made, day)) for day in dates if day.month == month]

    def history(self, branch: str | None = None) -> list[RecordedChange]:
        """The changes on record, of all or of those that concern a branch."""
        with self._database.reading() as connection:
            return store.history(connection, branch)

    def preview(self, *changes: CalendarChange) -> CalendarPreview:
        """What changes would do, in this order: days, due dates, holds, and late returns that would have been due later.

        Raises:
            CalendarRefusedError: a change makes no sense, or its branch has no calendar.

        """
        with self._database.reading() as connection:
            return self._preview(connection, changes)

    def make(self, preview: CalendarPreview, *, by: str) -> CalendarChanged:
        """Make what was previewed, with everything that moves, in one transaction; kiosks hear of it.

        Loans that were made since the preview move too.

        Raises:
            CalendarRefusedError: ``MOVED``: somebody changed a calendar since.

        """

        def make(work: UnitOfWork) -> CalendarChanged:
            if store.last_change(work.connection) != preview.seen:
                raise CalendarRefusedError(CalendarRefusal.MOVED)
            now = self._outside.now()
            found = self._preview(work.connection, preview.changes)
            branches = self._branches(work.connection, _named(preview.changes))
            before = store.calendars(work.connection, branches)
            store.record(work, preview.changes, at=now, by=by)
            after = store.derive(work, branches)
            changed = [code for code, days in after.items() if before.get(code) != days]
            loans = store_moves.move_loans(work, found.loans)
            holds = store_moves.move_holds(work, found.holds)
            whose = store_moves.move_late(work, found.late) | patrons_of_loans(work.connection, loans)
            # Where closed days do not count, late days are other ones now.
            whose |= patrons_since(work.connection, min(one.starts for one in preview.changes), branches)
            blocks = self._booking.reckon(work, whose, now=now)
            for one in preview.changes:
                append(
                    work.connection, AuditEntry(now, by, f"calendar {one.kind}", "done", _detail(one, len(loans), len(holds), len(blocks)))
                )
            self._publish(
                work,
                [
                    *(FeedEntry(ReplicaTable.CALENDAR, code, code) for code in changed),
                    *(FeedEntry(ReplicaTable.LOAN, key_text(key)) for key in loans),
                    *(FeedEntry(ReplicaTable.HOLD, key_text(key)) for key in holds),
                    *blocks,
                ],
            )
            return CalendarChanged(len(changed), len(loans), len(holds), len(blocks))

        return self._database.write(make)

    def _preview(self, connection: Connection, changes: Sequence[CalendarChange]) -> CalendarPreview:
        for one in changes:
            refused = decide_change(one)
            if refused is not None:
                raise CalendarRefusedError(refused)
        branches = self._branches(connection, _named(changes))
        before = store.calendars(connection, branches)
        after = store.derived_with(connection, changes, branches)
        starts = min(one.starts for one in changes)
        ends = None if any(one.ends is None for one in changes) else max(one.ends for one in changes if one.ends is not None)
        today = local_date(self._outside.now(), self._zone)
        return CalendarPreview(
            tuple(changes),
            store.last_change(connection),
            tuple(_days_changed(before, after, starts, ends or starts + timedelta(days=_SHOWN_DAYS - 1))),
            moved_dues(store_moves.loans_due(connection, starts, ends), after),
            moved_holds(store_moves.holds_kept(connection, branches, today), before, after, today=today),
            moved_dues(store_moves.late_due(connection, starts, ends), after),
        )

    def _branches(self, connection: Connection, named: Sequence[str] | None) -> list[BranchCode]:
        known = store.branch_codes(connection)
        if named is None:
            return known
        for code in named:
            if not store.is_branch(connection, code):
                raise CalendarRefusedError(CalendarRefusal.BRANCH_UNKNOWN)
            if code not in known:
                raise CalendarRefusedError(CalendarRefusal.NO_CALENDAR)
        return [BranchCode(code) for code in named]


def _named(changes: Sequence[CalendarChange]) -> list[str] | None:
    """The branches that changes are for; none: every one."""
    codes = {one.branch for one in changes}
    return None if None in codes else sorted(code for code in codes if code is not None)


def _days_changed(before: Calendars, after: Calendars, first: date, last: date) -> Iterator[DayChanged]:
    for code, days in sorted(after.items()):
        old: OpeningDays | None = before.get(code)
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            was = None if old is None else old.hours_on(day)
            if was != days.hours_on(day):
                yield DayChanged(code, day, was, days.hours_on(day))


def _detail(one: CalendarChange, loans: int, holds: int, suspensions: int) -> dict[str, str | int]:
    span = {"from": one.starts.isoformat(), **({} if one.ends is None else {"to": one.ends.isoformat()})}
    return {"branch": one.branch or "all", **span, "loans": loans, "holds": holds, "suspensions": suspensions}
