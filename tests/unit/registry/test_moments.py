"""When a fact happened by the registry's clock, and how sure that is (rule 10)."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from msgspec import UNSET, UnsetType

from circulation.facts import FactEnvelope, LostCardShown
from circulation.wire import HeardTime
from registry.exchange.moments import Moment, moment_of, surely_after, surely_before
from tests.unit.registry.settling import NOW

SECOND = 1_000_000_000
HOUR = timedelta(hours=1)


def a_fact(*, said: datetime = NOW, seconds: float = 0, boot: str = "b") -> FactEnvelope:
    return FactEnvelope(uuid4(), 1, said, int(seconds * SECOND), boot, "c", LostCardShown(bytes(16)))


def heard(at: datetime, *, seconds: float = 0, boot: str = "b") -> HeardTime:
    return HeardTime(server_time=at, monotonic=int(seconds * SECOND), boot=boot)


@pytest.mark.parametrize("off_by", [timedelta(), timedelta(days=365), timedelta(days=-365)])
def test_a_wall_clock_that_is_a_year_off_moves_nothing_while_the_boot_lasts(off_by: timedelta) -> None:
    fact = a_fact(said=NOW - HOUR + off_by, seconds=100)
    moment = moment_of(fact, heard(NOW - timedelta(minutes=1), seconds=100 + 59 * 60), now=NOW)
    assert moment.at == NOW - HOUR


@pytest.mark.parametrize(("hours", "seconds"), [(0, 2.0), (1, 2.72), (72, 53.84)])
def test_the_error_grows_with_the_time_that_was_counted(hours: float, seconds: float) -> None:
    moment = moment_of(a_fact(seconds=0), heard(NOW, seconds=hours * 3600), now=NOW)
    assert moment.error == timedelta(seconds=seconds)


@pytest.mark.parametrize("word", [UNSET, heard(NOW, boot="another")])
def test_without_the_registry_s_word_in_the_same_boot_the_wall_clock_counts_and_nobody_knows_its_error(word: HeardTime | UnsetType) -> None:
    assert moment_of(a_fact(said=NOW - HOUR), word, now=NOW) == Moment(NOW - HOUR, None)


@pytest.mark.parametrize(
    "word",
    [
        heard(NOW.replace(tzinfo=None)),
        heard(NOW + timedelta(days=1)),
        heard(NOW - timedelta(days=500)),
        HeardTime(server_time=NOW, monotonic=2**80, boot="b"),
    ],
)
def test_a_word_that_leads_nowhere_is_not_gone_by(word: HeardTime) -> None:
    assert moment_of(a_fact(said=NOW - HOUR), word, now=NOW) == Moment(NOW - HOUR, None)


def test_nothing_happened_after_it_was_heard_of() -> None:
    assert moment_of(a_fact(seconds=1), heard(NOW, seconds=0), now=NOW).at == NOW


def test_of_two_moments_whose_errors_overlap_neither_is_surely_the_first() -> None:
    first, second = Moment(NOW, timedelta(seconds=3)), Moment(NOW + timedelta(seconds=5), timedelta(seconds=3))
    assert not surely_after(second, first)
    assert not surely_before(first, second)
    assert surely_after(Moment(second.at + timedelta(seconds=2), second.error), first)
    assert not surely_after(Moment(NOW + HOUR), first)
    assert not surely_after(Moment(NOW + HOUR, timedelta()), Moment(NOW))
