"""Late returns: their days are summed, served once and at most so long, or paid (FAQ 2011, reviewed 2016)."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.rules import OverdueRules
from circulation.suspensions import (
    LateReturn,
    Suspension,
    Terms,
    credits_of,
    days_late,
    days_to_pay,
    suspended_until,
    suspensions,
    with_credits,
)
from tests.builders import OVERDUE, opening_days

MARCH = date(2026, 3, 1)
FAMILY = OverdueRules(longest_days=90, rate=1)


def march(day: int) -> date:
    return MARCH + timedelta(days=day - 1)


def late(due: int, back: int, *, key: int = 0, credited: int = 0) -> LateReturn:
    return LateReturn(key or due * 1000 + back, march(due), march(back), back - due, credited)


def always(rules: OverdueRules | None = OVERDUE) -> Terms:
    return lambda _day: rules


def reckoned(*returns: LateReturn, out: Sequence[int] = (), rules: OverdueRules | None = OVERDUE) -> tuple[Suspension, ...]:
    return suspensions(returns, map(march, out), always(rules))


def end(*returns: LateReturn, out: Sequence[int] = (), rules: OverdueRules | None = OVERDUE) -> date | None:
    return suspended_until(reckoned(*returns, out=out, rules=rules))


def test_rule_overdue_days_late_are_summed_over_items() -> None:
    (found,) = reckoned(late(1, 10), late(4, 10), late(7, 10))
    assert (found.days, found.until) == (9 + 6 + 3, march(10 + 18))


def test_rule_overdue_a_suspension_starts_when_the_last_overdue_item_is_back() -> None:
    (found,) = reckoned(late(1, 5), late(2, 10))
    assert (found.last_return, found.until) == (march(10), march(10 + 4 + 8))


def test_rule_overdue_nothing_is_served_while_an_overdue_item_is_still_out() -> None:
    (found,) = reckoned(late(1, 5), out=[2])
    assert (found.days, found.last_return, found.until) == (4, None, None)


@pytest.mark.parametrize("due", [5, 6, 30])
def test_rule_overdue_an_item_that_was_not_overdue_at_the_last_return_keeps_nothing_open(due: int) -> None:
    assert end(late(1, 5), out=[due]) == march(9)


def test_rule_overdue_a_suspension_is_60_days_at_most_and_90_for_a_family() -> None:
    assert end(late(1, 400)) == march(400 + 60)
    assert end(late(1, 400), rules=FAMILY) == march(400 + 90)
    assert end(late(1, 61)) == march(61 + 60)
    assert end(late(1, 60)) == march(60 + 59)


def test_rule_overdue_what_is_left_of_a_suspension_is_added_to_the_next() -> None:
    first, second = reckoned(late(1, 21), late(25, 27))
    assert (first.until, second.until) == (march(41), march(27 + 14 + 2))
    assert end(late(1, 61), late(70, 100)) == march(100 + 51)
    assert end(late(1, 61), late(65, 105)) == march(105 + 56)
    assert end(late(1, 100), late(102, 142)) == march(142 + 58)
    assert end(late(1, 100), late(102, 150)) == march(150 + 58)
    assert end(late(1, 100), late(102, 152), late(103, 153)) == march(153 + 60)


def test_rule_overdue_an_item_that_was_due_on_the_day_of_the_last_return_was_not_overdue_with_it() -> None:
    first, second = reckoned(late(1, 10), late(10, 12))
    assert (first.until, second.until) == (march(19), march(12 + 7 + 2))
    (together,) = reckoned(late(1, 10), late(9, 12))
    assert together.until == march(12 + 9 + 3)


def test_rule_overdue_a_suspension_that_was_served_is_not_served_again() -> None:
    first, second = reckoned(late(1, 4), late(20, 25))
    assert (first.until, second.until) == (march(7), march(30))


def test_rule_overdue_without_rules_nothing_is_served_and_nothing_is_left() -> None:
    (found,) = reckoned(late(1, 10), rules=None)
    assert found.until is None
    assert found.is_over(today=march(11))
    assert end(late(1, 10), rules=OverdueRules(longest_days=0, rate=1)) is None


def test_a_return_in_time_costs_nothing() -> None:
    assert reckoned(late(5, 5), late(5, 3)) == ()


def test_rule_overdue_it_ends_on_the_shown_day() -> None:
    (found,) = reckoned(late(1, 4))
    assert found.until == march(7)
    assert not found.is_over(today=march(7))
    assert found.is_over(today=march(8))


@pytest.mark.parametrize(("counts", "days"), [(True, 9), (False, 8)])
def test_rule_overdue_whether_closed_days_count_is_a_rule(*, counts: bool, days: int) -> None:
    assert days_late(march(1), march(10), opening_days(), closed_days_count=counts) == days  # 5 March is the first Thursday
    assert days_late(march(1), march(10), None, closed_days_count=counts) == 9
    assert days_late(march(10), march(1), opening_days(), closed_days_count=counts) == 0


def test_rule_overdue_a_day_of_an_item_costs_one_dollar_and_paying_all_ends_it_today() -> None:
    returns = [late(1, 10), late(4, 10)]
    assert days_to_pay(returns, [], always(), today=march(10)) == 15
    paid = with_credits(returns, credits_of(returns, [], 15))
    assert suspensions(paid, [], always())[0].is_over(today=march(10))


def test_rule_overdue_days_that_were_served_are_not_paid_again() -> None:
    returns = [late(1, 10), late(4, 10)]
    assert days_to_pay(returns, [], always(), today=march(12)) == 14
    assert days_to_pay(returns, [], always(), today=march(25)) == 1
    assert days_to_pay(returns, [], always(), today=march(26)) == 0


def test_rule_overdue_a_part_payment_shortens_by_so_many_days() -> None:
    returns = [late(1, 10), late(4, 10)]
    paid = with_credits(returns, credits_of(returns, [], 4))
    assert end(*paid) == march(10 + 15 - 4)


def test_rule_overdue_the_days_above_the_longest_are_paid_first() -> None:
    assert end(late(1, 101, credited=40)) == march(101 + 60)
    assert end(late(1, 101, credited=41)) == march(101 + 59)
    assert days_to_pay([late(1, 101)], [], always(), today=march(101)) == 100


def test_rule_overdue_what_still_waits_can_be_paid_too() -> None:
    assert days_to_pay([late(1, 5)], [march(2)], always(), today=march(6)) == 4


def test_credits_go_to_the_newest_returns_and_to_none_more_than_it_owes() -> None:
    old, newer, newest = late(1, 4, key=1), late(20, 25, key=2, credited=2), late(21, 26, key=3)
    assert credits_of([old, newer, newest], [], 6) == {3: 5, 2: 1}
    assert credits_of([old, newer, newest], [], 100) == {3: 5, 2: 3, 1: 3}


returns_of_somebody = st.lists(
    st.tuples(st.integers(0, 120), st.integers(1, 40), st.integers(0, 40)), max_size=7, unique_by=lambda one: one[:2]
).map(lambda found: [late(due, due + days, key=n, credited=min(credited, days)) for n, (due, days, credited) in enumerate(found, start=1)])
dues = st.lists(st.integers(0, 160).map(march), max_size=2)


@given(returns_of_somebody, dues, st.randoms(use_true_random=False))
def test_rule_overdue_the_order_in_which_returns_become_known_does_not_matter(
    returns: list[LateReturn], out: list[date], chance: Random
) -> None:
    mixed = list(returns)
    chance.shuffle(mixed)
    assert suspensions(mixed, out, always()) == suspensions(returns, out, always())


@given(returns_of_somebody, dues)
def test_rule_overdue_every_late_day_is_in_exactly_one_sum(returns: list[LateReturn], out: list[date]) -> None:
    found = suspensions(returns, out, always())
    assert sum(one.days for one in found) == sum(one.days - one.credited for one in returns)
    assert sorted(one.key for run in found for one in run.returns) == sorted(one.key for one in returns)


@given(returns_of_somebody, dues)
def test_rule_overdue_no_suspension_is_longer_than_the_rules_say(returns: list[LateReturn], out: list[date]) -> None:
    for one in suspensions(returns, out, always()):
        if one.until is not None:
            assert one.last_return is not None
            assert 1 <= (one.until - one.last_return).days <= OVERDUE.longest_days


@given(returns_of_somebody, st.integers(0, 120), st.integers(1, 40))
def test_rule_overdue_one_more_late_return_never_ends_a_suspension_earlier(returns: list[LateReturn], due: int, days: int) -> None:
    before, after = end(*returns), end(*returns, late(due, due + days, key=99))
    assert before is None or (after is not None and after >= before)


@given(returns_of_somebody, dues, st.integers(0, 220).map(march))
def test_rule_overdue_paying_what_is_asked_ends_everything_and_one_day_less_does_not(
    returns: list[LateReturn], out: list[date], today: date
) -> None:
    days = days_to_pay(returns, out, always(), today=today)

    def over(paid: int) -> bool:
        credited = with_credits(returns, credits_of(returns, out, paid))
        return all(one.is_over(today=today) for one in suspensions(credited, out, always()))

    assert over(days)
    assert days == 0 or not over(days - 1)
