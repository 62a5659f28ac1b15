"""Rules and calendars as rows: the same reading and writing for kiosk and registry."""

from collections.abc import Mapping
from datetime import time
from typing import Any

import msgspec

from circulation.ids import BranchCode
from circulation.opening_days import Hours, OpeningDays, Weekday
from circulation.patrons import PatronClass
from circulation.rules import LoanRules, RuleSet
from replica.rows import CalendarRow, RuleSetRow

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
        ValueError: a weekday or an hour is none.

    """
    weekly = {
        Weekday(int(day)): Hours(time.fromisoformat(opens), time.fromisoformat(closes)) for day, (opens, closes) in row.weekly.items()
    }
    monthly = frozenset((week, Weekday(day)) for week, day in row.closed_monthly)
    return OpeningDays(weekly, frozenset(row.closed), monthly)


def calendar_row(branch: BranchCode, days: OpeningDays) -> CalendarRow:
    """The row of a branch's calendar."""
    weekly = {str(int(day)): (f"{hours.opens:%H:%M}", f"{hours.closes:%H:%M}") for day, hours in days.weekly.items()}
    return CalendarRow(branch, weekly, sorted(days.closed), [(week, int(day)) for week, day in sorted(days.closed_monthly)])
