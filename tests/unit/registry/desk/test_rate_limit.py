"""How often somebody may ask."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.desk import rate_limit
from registry.desk.rate_limit import RateLimit

MINUTE = timedelta(minutes=1)


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 11, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def test_the_one_too_many_is_refused_and_told_when_to_come_back() -> None:
    clock = Clock()
    limit = RateLimit(2, MINUTE, now=clock)
    assert [limit.refused_for("a") for _ in range(3)] == [None, None, 60]
    clock.at += timedelta(seconds=59.5)
    assert limit.refused_for("a") == 1
    clock.at += timedelta(seconds=0.5)
    assert limit.refused_for("a") is None


def test_one_who_asks_too_often_takes_nothing_from_another() -> None:
    limit = RateLimit(1, MINUTE, now=Clock())
    assert limit.refused_for("a") is None
    assert limit.refused_for("a") is not None
    assert limit.refused_for("b") is None


def test_a_clock_that_was_set_back_refuses_nobody_for_longer() -> None:
    clock = Clock()
    limit = RateLimit(1, MINUTE, now=clock)
    limit.refused_for("a")
    clock.at -= timedelta(days=1)
    assert limit.refused_for("a") is None


def test_those_who_no_longer_ask_are_forgotten() -> None:
    clock = Clock()
    limit = RateLimit(1, MINUTE, now=clock)
    for key in range(rate_limit._SWEPT_AT):
        limit.refused_for(key)
    clock.at += MINUTE
    limit.refused_for("a")
    assert len(limit._asked) == 1


@given(st.lists(st.floats(min_value=0, max_value=90), max_size=60))
def test_in_no_minute_are_there_more_than_allowed(pauses: list[float]) -> None:
    clock = Clock()
    limit = RateLimit(3, MINUTE, now=clock)
    allowed: list[datetime] = []
    for pause in pauses:
        clock.at += timedelta(seconds=pause)
        if limit.refused_for("a") is None:
            allowed.append(clock.at)
    assert all(after - before >= MINUTE for before, after in zip(allowed, allowed[3:], strict=False))
