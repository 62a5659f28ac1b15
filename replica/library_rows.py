"""Rules and calendars as rows: the same reading and writing for kiosk and registry."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

import msgspec

from circulation.ids import BranchCode
from circulation.opening_days import Hours, OpeningDays, Timetable, Weekday
from circulation.patrons import PatronClass
from circulation.rules import LoanRules, RuleSet
from replica.rows import CalendarRow, RuleSetRow, TimetableRow

ByClass = Mapping[PatronClass, LoanRules]


def rule_set_of(row: RuleSetRow) -> RuleSet:
    """The rule set that a row holds; what a later version has added is ignored, what an older one did not know is unsaid.

    Raises:
        msgspec.ValidationError: the row's classes, kinds or numbers are none that this version knows.

    """
    return RuleSet(row.version, row.effective_from, row.source, read_by_class(row.by_class))


def rule_set_row(rule_set: RuleSet) -> RuleSetRow:
    """The row of a rule set."""
    return RuleSetRow(rule_set.version, rule_set.effective_from, rule_set.source, written_by_class(rule_set.by_class))


def read_by_class(written: Mapping[str, Any]) -> dict[PatronClass, LoanRules]:
    """The rules of each class, from what a database or a feed keeps.

    Raises:
        msgspec.ValidationError: the classes, kinds or numbers are none that this version knows.

    """
    found: dict[PatronClass, LoanRules] = msgspec.convert(written, dict[PatronClass, LoanRules])
    return found


def written_by_class(by_class: ByClass) -> dict[str, dict[str, object]]:
    """The rules of each class as a document."""
    found: dict[str, dict[str, object]] = msgspec.to_builtins(by_class)
    return found


def opening_days_of(row: CalendarRow) -> OpeningDays:
    """The calendar that a row holds.

    Raises:
        ValueError: a weekday, an hour or a date is none.

    """
    return OpeningDays(
        _week(row.weekly),
        frozenset(row.closed),
        _monthly(row.closed_monthly),
        {date.fromisoformat(day): hours_of(hours) for day, hours in row.special.items()},
        tuple(sorted(map(timetable_of, row.later), key=lambda one: one.starts)),
        row.desk_minutes,
    )


def calendar_row(branch: BranchCode, days: OpeningDays) -> CalendarRow:
    """The row of a branch's calendar."""
    return CalendarRow(
        branch,
        _week_row(days.weekly),
        sorted(days.closed),
        _monthly_row(days.closed_monthly),
        {day.isoformat(): hours_row(hours) for day, hours in sorted(days.special.items())},
        [timetable_row(one) for one in days.later],
        days.desk_minutes,
    )


def timetable_of(row: TimetableRow) -> Timetable:
    """Regular hours, as a row holds them.

    Raises:
        ValueError: a weekday or an hour is none.

    """
    return Timetable(row.starts, _week(row.weekly), _monthly(row.closed_monthly), row.desk_minutes)


def timetable_row(one: Timetable) -> TimetableRow:
    """The row of regular hours."""
    return TimetableRow(one.starts, _week_row(one.weekly), _monthly_row(one.closed_monthly), one.desk_minutes)


def hours_row(hours: Hours) -> tuple[str, str]:
    """Opening and closing as ``08:30``."""
    return f"{hours.opens:%H:%M}", f"{hours.closes:%H:%M}"


def hours_of(written: Iterable[str]) -> Hours:
    """The hours that are written so.

    Raises:
        ValueError: an hour is none.

    """
    opens, closes = map(time.fromisoformat, written)
    return Hours(opens, closes)


def _week(written: Mapping[str, tuple[str, str]]) -> dict[Weekday, Hours]:
    return {Weekday(int(day)): hours_of(hours) for day, hours in written.items()}


def _week_row(weekly: Mapping[Weekday, Hours]) -> dict[str, tuple[str, str]]:
    return {str(int(day)): hours_row(hours) for day, hours in weekly.items()}


def _monthly(written: Iterable[tuple[int, int]]) -> frozenset[tuple[int, Weekday]]:
    return frozenset((week, Weekday(day)) for week, day in written)


def _monthly_row(days: Iterable[tuple[int, Weekday]]) -> list[tuple[int, int]]:
    return [(week, int(day)) for week, day in sorted(days)]
