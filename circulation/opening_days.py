"""Opening days: which local date it is at the library, whether it is open, and which day is next.

Source: the library's site (hours; closed on national holidays and on the first Thursday of a month)
and its notice of 2024-12 (a due date on a closed day moves to the next open day). All of it is data
with an effective date; nothing here is a constant of the code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

_LONGEST_CLOSURE = timedelta(days=730)


class Weekday(IntEnum):
    """As ``date.weekday()`` counts."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class NoOpenDayError(ValueError):
    """The calendar has no open day within two years: somebody must repair it."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Local opening hours of one day."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Timetable:
    """Regular hours from a local date on: weekly hours, and monthly closed days as (week, weekday), (1, THURSDAY) = the first Thursday.

    Desk services stop ``desk_minutes`` before closing (the library's site: 30).
    """

    starts: date
    weekly: Mapping[Weekday, Hours]
    closed_monthly: frozenset[tuple[int, Weekday]] = frozenset()
    desk_minutes: int = 0


@dataclass(frozen=True, slots=True)
class OpeningDays:
    """A branch's calendar: regular hours, and the dates that differ from them.

    ``weekly``, ``closed_monthly`` and ``desk_minutes`` are the regular hours before the first of ``later``, which are in the order
    of their start. On a date in ``special`` those hours hold, whatever else is said; on one in ``closed`` the branch is closed.
    """

    weekly: Mapping[Weekday, Hours]
    closed: frozenset[date] = frozenset()
    closed_monthly: frozenset[tuple[int, Weekday]] = field(default=frozenset())
    special: Mapping[date, Hours] = field(default_factory=dict)
    later: tuple[Timetable, ...] = ()
    desk_minutes: int = 0

    def timetable_on(self, day: date) -> Timetable:
        """The regular hours that hold on a local date."""
        first = Timetable(date.min, self.weekly, self.closed_monthly, self.desk_minutes)
        return next((one for one in reversed(self.later) if one.starts <= day), first)

    def hours_on(self, day: date) -> Hours | None:
        """The hours of a local date, none when closed."""
        if day in self.special:
            return self.special[day]
        if day in self.closed:
            return None
        regular = self.timetable_on(day)
        weekday = Weekday(day.weekday())
        week_of_month = (day.day - 1) // 7 + 1
        return None if (week_of_month, weekday) in regular.closed_monthly else regular.weekly.get(weekday)

    def desk_hours_on(self, day: date) -> Hours | None:
        """The hours of desk services on a local date, which stop before closing; none when closed, or open too shortly for any."""
        hours = self.hours_on(day)
        if hours is None:
            return None
        closes = datetime.combine(day, hours.closes) - timedelta(minutes=self.timetable_on(day).desk_minutes)
        return Hours(hours.opens, closes.time()) if closes > datetime.combine(day, hours.opens) else None

    def is_open(self, day: date) -> bool:
        """Whether the branch opens at all on this local date."""
        return self.hours_on(day) is not None

    def open_day_from(self, day: date) -> date:
        """This day when it is open, else the next open one.

        Raises:
            NoOpenDayError: no day within two years is open.

        """
        candidate = day
        while candidate - day <= _LONGEST_CLOSURE:
            if self.is_open(candidate):
                return candidate
            candidate += timedelta(days=1)
        message = f"the calendar has no open day within two years from {day.isoformat()}"
        raise NoOpenDayError(message)


def moved_due_date(due: date, opening_days: OpeningDays) -> date:
    """A due date after the calendar changed: the same, or the next open day when the branch is closed on it (notice 2024-12). Never earlier.

    A calendar without an open day for two years moves nothing.
    """
    try:
        return opening_days.open_day_from(due)
    except NoOpenDayError:
        return due


def kept_until(until: date, before: OpeningDays, after: OpeningDays, *, today: date) -> date:
    """The last day that something stays kept, after the calendar changed: as many open days from today on as were promised. Never earlier."""
    promised = sum(map(before.is_open, _days(today, until)))
    left = promised - sum(map(after.is_open, _days(today, until)))
    last = until
    try:
        for _ in range(left):
            last = after.open_day_from(last + timedelta(days=1))
    except NoOpenDayError:
        return until
    return last


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The library's date at an instant: "today" is never a UTC date.

    Raises:
        ValueError: the instant carries no time zone.

    """
    if at.tzinfo is None:
        message = "an instant without a time zone has no local date"
        raise ValueError(message)
    return at.astimezone(zone).date()
