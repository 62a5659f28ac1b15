"""What a new version of the rules would change, and whether it may come in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from circulation.items import ItemKind
from circulation.patrons import PatronClass
from circulation.rules import RuleBook
from registry.terms.rule_changes import RuleChange, RuleRefusal, decide_rule_set, ends_before, rule_changes, single_rules
from tests.builders import OVERDUE, TODAY, a_rule_set, rules

BOOK = RuleBook.of([a_rule_set(version=1), a_rule_set(version=4, effective_from=TODAY + timedelta(days=30))])
PERSONAL, FAMILY = PatronClass.PERSONAL, PatronClass.FAMILY


@pytest.mark.parametrize(
    ("version", "days", "because", "refused"),
    [
        (5, 0, "", None),
        (5, 7, "", None),
        (5, -1, "", RuleRefusal.RETROACTIVE),
        (5, -1, "decided in March", None),
        (4, 7, "", RuleRefusal.VERSION_EXISTS),
        (3, 7, "", RuleRefusal.VERSION_TOO_LOW),
    ],
)
def test_a_version_comes_in_once_with_a_higher_number_and_not_for_days_that_are_over_without_a_reason(
    version: int, days: int, because: str, refused: RuleRefusal | None
) -> None:
    new = a_rule_set(version=version, effective_from=TODAY + timedelta(days=days))
    assert decide_rule_set(new, BOOK, because=because, today=TODAY) is refused


def test_the_first_version_comes_in() -> None:
    assert decide_rule_set(a_rule_set(effective_from=TODAY), RuleBook(()), because="", today=TODAY) is None


def test_every_rule_that_differs_is_told_once() -> None:
    new = a_rule_set(
        version=2,
        by_class={
            PERSONAL: rules(total=30, extra={ItemKind.HOT_TITLE: 7}, overdue=replace(OVERDUE, rate=2)),
            FAMILY: rules(total=40, overdue=None),
        },
    )
    assert rule_changes(a_rule_set(), new) == (
        RuleChange(FAMILY, ("overdue", "closed_days_count"), old=True, new=None),
        RuleChange(FAMILY, ("overdue", "longest_days"), 60, None),
        RuleChange(FAMILY, ("overdue", "rate"), 1, None),
        RuleChange(PERSONAL, ("extra", "audio_visual"), 7, None),
        RuleChange(PERSONAL, ("overdue", "rate"), 1, 2),
        RuleChange(PERSONAL, ("total",), 25, 30),
    )
    assert rule_changes(new, new) == ()
    assert all(change.old is None for change in rule_changes(None, new))


def test_a_version_holds_until_a_later_one_that_is_on_record_takes_over() -> None:
    assert ends_before(BOOK, a_rule_set(version=5, effective_from=TODAY)) == TODAY + timedelta(days=30)
    assert ends_before(BOOK, a_rule_set(version=5, effective_from=TODAY + timedelta(days=30))) is None


def test_the_rules_of_a_class_are_told_one_by_one() -> None:
    found = dict(single_rules(a_rule_set(), PERSONAL))
    assert found["total",] == 25
    assert found["days", "book"] == 30
    assert found["holds", "limit"] == 7
