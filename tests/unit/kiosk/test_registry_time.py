"""Facts are timed from the word of the registry that was quickest on its way."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from circulation.wire import MONOTONIC_DRIFT, HeardTime
from kiosk.registry_time import KEPT_FOR, nearer

NOON = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
DELAYS = st.floats(min_value=0, max_value=85)


def a_word(at: float = 0.0, *, late: float = 0.0, boot: str = "b", zone: bool = True) -> HeardTime:
    """Of a registry whose clock says noon when the kiosk's monotonic one says 1,000; it comes at so many seconds later and was so long on its way."""
    said = NOON + timedelta(seconds=at - late)
    return HeardTime(server_time=said if zone else said.replace(tzinfo=None), monotonic=int((1_000 + at) * 1e9), boot=boot)


def late_by(word: HeardTime) -> float:
    return (word.monotonic / 1e9 - 1_000) - (word.server_time - NOON).total_seconds()


@given(first=DELAYS, second=DELAYS, apart=st.floats(min_value=-KEPT_FOR, max_value=KEPT_FOR))
def test_whatever_is_on_its_way_the_word_that_counts_is_about_the_quicker_one(first: float, second: float, apart: float) -> None:
    counts = nearer(a_word(late=first), a_word(apart, late=second))
    assert late_by(counts) <= min(first, second) + abs(apart) * MONOTONIC_DRIFT + 1e-3


def test_a_word_that_dripped_for_a_minute_does_not_take_the_place_of_a_quick_one() -> None:
    quick = a_word()
    assert nearer(quick, a_word(25, late=60)) == quick
    assert nearer(a_word(late=60), a_word(25)) == a_word(25)


def test_a_registry_whose_clock_was_set_back_is_believed_after_a_while() -> None:
    before = a_word()
    assert nearer(before, a_word(KEPT_FOR, late=5)) == before
    assert nearer(before, a_word(KEPT_FOR + 1, late=5)) == a_word(KEPT_FOR + 1, late=5)


def test_of_a_start_before_nothing_counts() -> None:
    assert nearer(None, a_word(late=60)) == a_word(late=60)
    assert nearer(a_word(), a_word(5, late=60, boot="another")) == a_word(5, late=60, boot="another")


def test_a_word_without_a_zone_is_held_against_none() -> None:
    assert nearer(a_word(), a_word(5, late=60, zone=False)) == a_word(5, late=60, zone=False)
    assert nearer(a_word(zone=False), a_word(5, late=60)) == a_word(5, late=60)
