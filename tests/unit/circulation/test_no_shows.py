"""Holds that nobody collected: 1 point each, more than 3 in a year stop holds for 90 days (the library's FAQ of 2016)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.no_shows import NoShow, stopped_until
from tests.builders import HOLDS, TODAY

DAY = timedelta(days=1)


def missed(*days_ago: int, points: int = 1) -> list[NoShow]:
    return [NoShow(TODAY - days * DAY, points) for days in days_ago]


def test_rule_holds_three_points_in_a_year_stop_nothing_and_the_fourth_stops_for_ninety_days() -> None:
    assert stopped_until(missed(300, 200, 100), HOLDS) is None
    assert stopped_until(missed(300, 200, 100, 0), HOLDS) == TODAY + 90 * DAY


def test_rule_holds_a_point_counts_for_a_year_to_the_day() -> None:
    assert stopped_until(missed(365, 2, 1, 0), HOLDS) is None
    assert stopped_until(missed(364, 2, 1, 0), HOLDS) == TODAY + 90 * DAY


def test_rule_holds_a_stop_is_served_once_and_another_point_begins_another() -> None:
    assert stopped_until(missed(203, 202, 201, 200), HOLDS) == TODAY - 110 * DAY
    assert stopped_until(missed(203, 202, 201, 200, 10), HOLDS) == TODAY + 80 * DAY


def test_nobody_who_collects_is_stopped() -> None:
    assert stopped_until([], HOLDS) is None


@pytest.mark.parametrize(("points", "stopped"), [(3, False), (4, True)])
def test_what_counts_are_points_and_not_holds(*, points: int, stopped: bool) -> None:
    assert (stopped_until([NoShow(date(2026, 1, 5), points)], HOLDS) is not None) is stopped


@given(days=st.lists(st.integers(0, 800), max_size=12), limit=st.integers(0, 4))
def test_the_order_does_not_matter_and_one_more_point_never_ends_a_stop_sooner(days: list[int], limit: int) -> None:
    rules = replace(HOLDS, points_that_stop=limit)
    all_of_them = missed(*days)
    until = stopped_until(all_of_them, rules)
    assert until == stopped_until(list(reversed(all_of_them)), rules)
    fewer = stopped_until(all_of_them[1:], rules)
    assert fewer is None or (until is not None and fewer <= until)
