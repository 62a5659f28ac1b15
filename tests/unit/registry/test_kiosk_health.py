"""What a kiosk says of itself, as the registry keeps it."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from circulation.wire import DeviceReport, HealthReport
from registry.kiosks.health import SILENT_AFTER, DeviceStanding, KioskHealth, received

NOON = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_report(*devices: DeviceReport, at: datetime = NOON) -> HealthReport:
    return HealthReport(at=at, version="0.1.0", devices=devices)


def a_device(
    device: str = "printer",
    state: Literal["ready", "degraded", "missing"] = "degraded",
    since: datetime = NOON,
    fault: str | None = "paper_out",
) -> DeviceReport:
    return DeviceReport(device=device, state=state, since=since, fault=fault)


def since(health: KioskHealth) -> list[datetime]:
    return [one.since for one in health.devices]


def test_a_fault_that_outlasts_a_restart_of_the_kiosk_began_when_it_was_first_told() -> None:
    before = received(a_report(a_device()), None, at=NOON)
    after = received(a_report(a_device(since=NOON + HOUR)), before, at=NOON + HOUR)
    assert since(after) == [NOON]


def test_another_fault_begins_when_it_says() -> None:
    before = received(a_report(a_device()), None, at=NOON)
    after = received(a_report(a_device(fault="cover_open", since=NOON + HOUR)), before, at=NOON + HOUR)
    assert since(after) == [NOON + HOUR]


def test_a_kiosk_whose_clock_is_ahead_has_no_faults_in_the_future() -> None:
    ahead = a_report(a_device(since=NOON + HOUR), at=NOON + 2 * HOUR)
    assert since(received(ahead, None, at=NOON)) == [NOON - HOUR]


def test_a_device_that_is_told_twice_is_one() -> None:
    health = received(a_report(a_device(), a_device(state="ready", fault=None)), None, at=NOON)
    assert [(one.device, one.state) for one in health.devices] == [("printer", "ready")]


def test_what_is_down_comes_worst_and_longest_first() -> None:
    devices = (
        a_device("a", "degraded", NOON),
        a_device("b", "ready", NOON, None),
        a_device("c", "missing", NOON),
        a_device("d", "missing", NOON - HOUR),
    )
    assert [one.device for one in received(a_report(*devices), None, at=NOON).down] == ["d", "c", "a"]


def test_a_kiosk_that_was_not_heard_for_too_long_is_silent() -> None:
    health = received(a_report(), None, at=NOON)
    assert not health.is_silent(NOON + SILENT_AFTER)
    assert health.is_silent(NOON + SILENT_AFTER + timedelta(seconds=1))


@given(st.lists(st.tuples(st.integers(-600, 600), st.integers(-600, 600), st.sampled_from(["paper_out", "cover_open"])), max_size=20))
def test_no_fault_ever_begins_after_it_was_told_nor_moves_towards_now_while_it_lasts(told: list[tuple[int, int, str]]) -> None:
    health: KioskHealth | None = None
    last: DeviceStanding | None = None
    for minute, (skew, began, fault) in enumerate(told):
        at = NOON + timedelta(minutes=minute)
        own = at + timedelta(minutes=skew)
        health = received(a_report(a_device(since=own + timedelta(minutes=began), fault=fault), at=own), health, at=at)
        [one] = health.devices
        assert one.since <= at
        if last is not None and last.fault == one.fault:
            assert one.since <= last.since
        last = one
