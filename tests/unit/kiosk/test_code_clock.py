"""Which time codes of mobile cards are judged by."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.code_clock import Told, time_for_codes

NOON = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
TOLERANCE = timedelta(seconds=30)


def time_(told: Told, wall: datetime) -> datetime | None:
    return time_for_codes(told, wall, fresh=600, tolerance=TOLERANCE)


@pytest.mark.parametrize("wrong", [-3600, -31, 0, 31, 10**8])
def test_the_registrys_word_stands_alone_while_it_is_fresh(wrong: float) -> None:
    assert time_(Told(NOON, 600), NOON + timedelta(seconds=wrong)) == NOON + timedelta(seconds=600)


@pytest.mark.parametrize(("differs", "doubtful"), [(-31, True), (-30, False), (0, False), (30, False), (31, True)])
def test_later_the_wall_clock_must_agree(*, differs: float, doubtful: bool) -> None:
    now = NOON + timedelta(seconds=601)
    assert time_(Told(NOON, 601), now + timedelta(seconds=differs)) == (None if doubtful else now)


def test_after_a_start_without_the_registry_the_wall_clock_counts_unless_it_was_set_back() -> None:
    later = NOON + timedelta(days=3)
    assert time_(Told(NOON, None), later) == later
    assert time_(Told(NOON, None), NOON - TOLERANCE) == NOON - TOLERANCE
    assert time_(Told(NOON, None), NOON - TOLERANCE - timedelta(seconds=1)) is None
