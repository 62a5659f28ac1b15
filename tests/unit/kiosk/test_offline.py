"""The offline limits: how much may be lent by a kiosk that can't hear the registry."""

from datetime import timedelta

import pytest

from circulation.offline import OfflineLimits
from circulation.reasons import Decision, Reason
from kiosk.offline import Standing, decide_offline, decide_offline_renewal, left_offline, takes_returns

LIMITS = OfflineLimits()
TOO_MANY = Decision((Reason.OFFLINE_LIMIT_REACHED,))
OUTBOX_FULL = Decision((Reason.KIOSK_OUTBOX_FULL,))
TOO_LONG = Decision((Reason.OFFLINE_TOO_LONG,))
FREE = Decision()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
JUST = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("age", "lent", "regular", "expected"),
    [
        (timedelta(0), 100, False, FREE),
        (15 * MINUTE, 100, False, FREE),
        (15 * MINUTE + JUST, 4, False, FREE),
        (15 * MINUTE + JUST, 5, False, TOO_MANY),
        (24 * HOUR, 4, False, FREE),
        (24 * HOUR, 5, True, TOO_MANY),
        (24 * HOUR + JUST, 2, False, FREE),
        (24 * HOUR + JUST, 3, False, TOO_MANY),
        (72 * HOUR, 2, False, FREE),
        (72 * HOUR + JUST, 0, False, TOO_LONG),
        (72 * HOUR + JUST, 1, True, FREE),
        (72 * HOUR + JUST, 2, True, TOO_MANY),
        (7 * DAY, 1, True, FREE),
        (7 * DAY + JUST, 0, True, TOO_LONG),
        (None, 0, True, TOO_LONG),
    ],
)
def test_the_older_the_feed_the_fewer_items(age: timedelta | None, lent: int, regular: bool, expected: Decision) -> None:  # noqa: FBT001 - a column of the table
    assert decide_offline(Standing(age), LIMITS, lent_in_period=lent, regular_here=regular) == expected


def test_a_clock_a_little_behind_is_fresh_and_one_far_behind_lends_nothing() -> None:
    assert decide_offline(Standing(-5 * MINUTE), LIMITS, lent_in_period=9, regular_here=True) == FREE
    assert decide_offline(Standing(-5 * MINUTE - JUST), LIMITS, lent_in_period=0, regular_here=True) == TOO_LONG


@pytest.mark.parametrize(
    ("age", "lent", "regular", "left"),
    [
        (MINUTE, 100, False, None),
        (HOUR, 0, False, 5),
        (HOUR, 4, False, 1),
        (HOUR, 6, False, 0),
        (25 * HOUR, 1, False, 2),
        (4 * DAY, 0, True, 2),
        (4 * DAY, 0, False, 0),
        (8 * DAY, 0, True, 0),
        (None, 0, True, 0),
    ],
)
def test_how_many_more_there_are_without_the_registry(age: timedelta | None, lent: int, regular: bool, left: int | None) -> None:  # noqa: FBT001 - a column of the table
    assert left_offline(Standing(age), LIMITS, lent_in_period=lent, regular_here=regular) == left


def test_a_full_outbox_stops_lending_even_with_a_fresh_feed() -> None:
    assert decide_offline(Standing(MINUTE, unsent=4_999), LIMITS, lent_in_period=0, regular_here=True) == FREE
    assert decide_offline(Standing(MINUTE, unsent=5_000), LIMITS, lent_in_period=0, regular_here=True) == OUTBOX_FULL


def test_a_full_outbox_leaves_nothing_to_lend() -> None:
    assert left_offline(Standing(MINUTE, unsent=5_000), LIMITS, lent_in_period=0, regular_here=True) == 0


@pytest.mark.parametrize(
    ("age", "renewed", "expected"),
    [
        (15 * MINUTE, False, FREE),
        (15 * MINUTE, True, FREE),
        (15 * MINUTE + JUST, False, FREE),
        (15 * MINUTE + JUST, True, TOO_MANY),
        (24 * HOUR, False, FREE),
        (24 * HOUR, True, TOO_MANY),
        (24 * HOUR + JUST, False, TOO_LONG),
        (7 * DAY, False, TOO_LONG),
        (None, False, TOO_LONG),
        (-5 * MINUTE, True, FREE),
        (-5 * MINUTE - JUST, False, TOO_LONG),
    ],
)
def test_a_loan_is_renewed_once_without_the_registry_and_not_after_a_day(age: timedelta | None, renewed: bool, expected: Decision) -> None:  # noqa: FBT001 - a column of the table
    assert decide_offline_renewal(Standing(age), LIMITS, renewed_in_period=renewed) == expected


def test_a_full_outbox_stops_renewals_before_it_stops_returns() -> None:
    assert decide_offline_renewal(Standing(MINUTE, unsent=4_999), LIMITS, renewed_in_period=False) == FREE
    assert decide_offline_renewal(Standing(MINUTE, unsent=5_000), LIMITS, renewed_in_period=False) == OUTBOX_FULL
    assert takes_returns(Standing(None, unsent=9_999), LIMITS)
    assert not takes_returns(Standing(MINUTE, unsent=10_000), LIMITS)
