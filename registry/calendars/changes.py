"""Changes of opening days, and the calendar that follows from all of them. Pure.

A change is decided by somebody, has a source, and is never edited: another one takes it back. For a date the last change holds;
of regular hours those with the latest start, and of two with one start the later change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, unique

from circulation.ids import BranchCode
from circulation.opening_days import Hours, OpeningDays, Timetable


@unique
class ChangeKind(StrEnum):
    """What a change does."""

    BASE = "base"
    """A branch's calendar as it was loaded. The last one holds, under every change, whenever that was made."""
    HOURS = "hours"
    """Other regular hours from a date on."""
    CLOSE = "close"
    OPEN = "open"
    """Open: with hours of its own at these and no others, without as the regular hours say."""


@unique
class CalendarRefusal(StrEnum):
    """Why a change is not made. The sentences stand in the catalogue as ``calendar.refused.<code>``."""

    BRANCH_UNKNOWN = "branch_unknown"
    NO_CALENDAR = "no_calendar"
    """The branch has no calendar that could be changed."""
    ENDS_BEFORE_START = "ends_before_start"
    TOO_LONG = "too_long"
    REASON_MISSING = "reason_missing"
    SOURCE_MISSING = "source_missing"
    HOURS_WRONG = "hours_wrong"
    """It would close before it opens, or never open at all."""
    MOVED = "moved"
    """Somebody changed a calendar since the preview."""


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """One change. ``branch`` none: every branch. ``starts`` to ``ends`` are local dates, both included; regular hours have no end."""

    kind: ChangeKind
    branch: BranchCode | None
    starts: date
    ends: date | None
    reason: str
    source: str
    hours: Hours | None = None
    """Of a special opening."""
    timetable: Timetable | None = None
    """Of regular hours."""
    base: OpeningDays | None = None

    def days(self) -> Iterator[date]:
        """The dates of a closure or an opening."""
        last = self.starts if self.ends is None else self.ends
        return (self.starts + timedelta(days=n) for n in range((last - self.starts).days + 1))

    def concerns(self, day: date) -> bool:
        """Whether a date may look different for it."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """A change on record: its number, who made it and when (aware UTC)."""

    seq: int
    at: datetime
    by: str
    change: CalendarChange


LONGEST_CHANGE = timedelta(days=366)


def decide_change(change: CalendarChange) -> CalendarRefusal | None:
    """Whether a change makes sense by itself."""
    if not change.reason.strip():
        return CalendarRefusal.REASON_MISSING
    if not change.source.strip():
        return CalendarRefusal.SOURCE_MISSING
    if change.ends is not None and change.ends < change.starts:
        return CalendarRefusal.ENDS_BEFORE_START
    if change.ends is not None and change.ends - change.starts >= LONGEST_CHANGE:
        return CalendarRefusal.TOO_LONG
    hours = [change.hours] if change.hours is not None else []
    if change.timetable is not None:
        hours += change.timetable.weekly.values()
        if not hours:
            return CalendarRefusal.HOURS_WRONG
    return CalendarRefusal.HOURS_WRONG if any(one.closes <= one.opens for one in hours) else None


def derived(changes: Iterable[CalendarChange]) -> OpeningDays | None:
    """The calendar of one branch from its own changes and those of every branch, in the order they were made; none without a base."""
    made = list(changes)
    bases = [one.base for one in made if one.kind is ChangeKind.BASE and one.base is not None]
    if not bases:
        return None
    base = bases[-1]
    closed, special = set(base.closed), dict(base.special)
    regular = {one.starts: one for one in base.later}
    for one in made:
        match one.kind:
            case ChangeKind.HOURS if one.timetable is not None:
                regular[one.starts] = one.timetable
            case ChangeKind.CLOSE:
                for day in one.days():
                    special.pop(day, None)
                    closed.add(day)
            case ChangeKind.OPEN:
                for day in one.days():
                    special.pop(day, None)
                    closed.discard(day)
                    if one.hours is not None:
                        special[day] = one.hours
            case _:
                pass
    later = tuple(regular[starts] for starts in sorted(regular))
    return OpeningDays(base.weekly, frozenset(closed), base.closed_monthly, special, later, base.desk_minutes)


def why(changes: Iterable[RecordedChange], day: date) -> RecordedChange | None:
    """The last closure or opening that names a date."""
    named = (ChangeKind.CLOSE, ChangeKind.OPEN)
    return next((one for one in reversed(list(changes)) if one.change.kind in named and one.change.concerns(day)), None)
