"""Opening days: which local date it is at the library, whether it is open, and which day is next.

Source: the library's site (hours; closed on national holidays and on the first Thursday of a month)
and its notice of 2024-12 (a due date on a closed day moves to the next open day). All of it is data
with an effective date; nothing here is a constant of the code.
"""

from collections.abc import Mapping
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
class OpeningDays:
    """A branch's calendar: weekly hours, closed dates, and monthly closed days as (week, weekday), (1, THURSDAY) = the first Thursday."""

    weekly: Mapping[Weekday, Hours]
    closed: frozenset[date] = frozenset()
    closed_monthly: frozenset[tuple[int, Weekday]] = field(default=frozenset())

    def hours_on(self, day: date) -> Hours | None:
        """The hours of a local date, none when closed."""
        weekday = Weekday(day.weekday())
        week_of_month = (day.day - 1) // 7 + 1
        if day in self.closed or (week_of_month, weekday) in self.closed_monthly:
            return None
        return self.weekly.get(weekday)

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


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The library's date at an instant: "today" is never a UTC date.

    Raises:
        ValueError: the instant carries no time zone.

    """
    if at.tzinfo is None:
        message = "an instant without a time zone has no local date"
        raise ValueError(message)
    return at.astimezone(zone).date()
