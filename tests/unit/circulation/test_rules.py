"""Rules, loans and blocks have dates: what holds on which day."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from circulation.rules import RuleBook, RuleSet
from tests.builders import TODAY, a_block, a_loan, a_rule_set

OLD = a_rule_set(version=1, effective_from=date(2025, 9, 1))
NEW = a_rule_set(version=2, effective_from=date(2026, 3, 1))
CORRECTED = a_rule_set(version=3, effective_from=date(2026, 3, 1))


@pytest.mark.parametrize("order", list(permutations([OLD, NEW])))
def test_the_rules_of_a_day_are_the_last_that_took_effect(order: tuple[RuleSet, ...]) -> None:
    book = RuleBook.of(order)
    assert book.on(date(2025, 9, 1)) is OLD
    assert book.on(date(2026, 2, 28)) is OLD
    assert book.on(date(2026, 3, 1)) is NEW
    assert book.on(date(2030, 1, 1)) is NEW


def test_before_the_first_rules_there_are_none() -> None:
    assert RuleBook.of([OLD, NEW]).on(date(2025, 8, 31)) is None
    assert RuleBook(()).on(TODAY) is None


@pytest.mark.parametrize("order", list(permutations([OLD, NEW, CORRECTED])))
def test_of_two_rule_sets_from_one_day_the_higher_version_holds(order: tuple[RuleSet, ...]) -> None:
    assert RuleBook.of(order).on(date(2026, 3, 1)) is CORRECTED


@pytest.mark.parametrize(("days_after", "stands"), [(-1, True), (0, True), (1, False)])
def test_a_block_stands_until_the_end_of_its_last_day(days_after: int, stands: bool) -> None:  # noqa: FBT001 - a column of the table
    assert a_block(until=TODAY).stands(today=TODAY + timedelta(days=days_after)) is stands


def test_a_block_without_an_end_stands() -> None:
    assert a_block(until=None).stands(today=date.max)


@pytest.mark.parametrize(("days_after", "overdue"), [(-1, False), (0, False), (1, True)])
def test_a_loan_is_overdue_from_the_day_after_its_due_date(days_after: int, overdue: bool) -> None:  # noqa: FBT001 - a column of the table
    assert a_loan(due=TODAY).is_overdue(today=TODAY + timedelta(days=days_after)) is overdue
