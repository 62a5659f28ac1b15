"""The watch over the wall clock: doubted after a jump, believed after the registry's word."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kiosk.clock_watch import ClockWatch

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIVE = timedelta(minutes=5)
JUST = timedelta(microseconds=1)


def a_watch(*, doubted: float | None = None, told: datetime | None = None) -> ClockWatch:
    return ClockWatch.begin(NOON, 100.0, doubted=doubted, told=told, tolerance=FIVE)


def test_a_clock_that_goes_as_the_monotonic_one_is_believed() -> None:
    assert a_watch().looked(NOON + timedelta(hours=9), 100 + 9 * 3600, tolerance=FIVE).doubted_for is None


@given(st.sampled_from([1, -1]), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_jump_over_five_minutes_either_way_begins_a_doubt(way: int, jump: timedelta) -> None:
    looked = a_watch().looked(NOON + way * jump, 100.0, tolerance=FIVE)
    assert (looked.doubted is not None) is (jump > FIVE)


def test_many_small_steps_are_one_jump() -> None:
    watch = a_watch()
    for minute in range(1, 8):
        watch = watch.looked(NOON + timedelta(minutes=minute), 100.0, tolerance=FIVE)
    assert watch.doubted is not None


def test_a_doubt_lasts_as_the_monotonic_clock_says_also_over_a_second_jump() -> None:
    watch = a_watch().looked(NOON + timedelta(days=1), 100.0, tolerance=FIVE)
    watch = watch.looked(NOON, 160.0, tolerance=FIVE)
    assert watch.looked(NOON, 170.0, tolerance=FIVE).doubted_for == timedelta(seconds=70)


def test_what_an_earlier_run_left_goes_on() -> None:
    assert a_watch(doubted=50.0).looked(NOON, 110.0, tolerance=FIVE).doubted == 60.0


def test_a_start_before_what_the_registry_said_last_begins_a_doubt() -> None:
    assert a_watch(told=NOON + FIVE).doubted is None
    assert a_watch(told=NOON + FIVE + JUST).doubted == 0.0


def test_the_registrys_word_ends_a_doubt_where_both_agree_and_begins_one_where_they_do_not() -> None:
    watch = a_watch(doubted=50.0)
    assert watch.heard(NOON + FIVE, NOON, 100.0, tolerance=FIVE).doubted is None
    assert watch.heard(NOON + FIVE + JUST, NOON, 130.0, tolerance=FIVE).doubted == 80.0
    assert a_watch().heard(NOON - FIVE - JUST, NOON, 100.0, tolerance=FIVE).doubted == 0.0
