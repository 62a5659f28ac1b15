"""Rules as rows: what goes in comes out, and what this version does not know or the older one did not say."""

import msgspec
import pytest

from circulation.items import ItemKind
from circulation.patrons import PatronClass
from circulation.rules import HoldRules, OverdueRules
from replica.library_rows import rule_set_of, rule_set_row
from replica.rows import RuleSetRow
from tests.builders import TODAY, a_rule_set, rules


def a_row(**of_personal: object) -> RuleSetRow:
    return RuleSetRow(1, TODAY, "s", {"personal": {"total": 25, "days": {"book": 30}, **of_personal}})


def test_a_rule_set_comes_out_as_it_went_in() -> None:
    odd = rules(
        total=3,
        days={ItemKind.BOOK: 7},
        extra={},
        overdue_stops_loans=False,
        renewals=5,
        renewal_days={ItemKind.BOOK: 9},
        overdue=OverdueRules(longest_days=11, rate=13, closed_days_count=False),
        holds=HoldRules(2, 4, 6, 8, 10, 12),
    )
    rule_set = a_rule_set(by_class={PatronClass.PERSONAL: odd, PatronClass.FAMILY: rules()})
    assert rule_set_of(rule_set_row(rule_set)) == rule_set


def test_a_rule_set_that_says_nothing_of_renewals_has_none() -> None:
    found = rule_set_of(a_row()).by_class[PatronClass.PERSONAL]
    assert (found.renewals, dict(found.renewal_days)) == (0, {})


def test_a_rule_set_that_says_nothing_of_late_returns_and_holds_leaves_them_unsaid() -> None:
    found = rule_set_of(a_row()).by_class[PatronClass.PERSONAL]
    assert (found.overdue, found.holds) == (None, None)


def test_what_a_later_version_adds_to_a_rule_set_is_ignored() -> None:
    assert rule_set_of(a_row(later={"book": 1})) == rule_set_of(a_row())


@pytest.mark.parametrize(
    "wrong",
    [
        {"renewals": "two"},
        {"renewal_days": {"book": "long"}},
        {"renewal_days": {"newspaper": 3}},
        {"overdue": {"longest_days": 60}},
        {"holds": {"limit": "seven"}},
    ],
)
def test_a_rule_set_with_numbers_or_kinds_that_are_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        rule_set_of(a_row(**wrong))
