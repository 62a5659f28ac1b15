"""How each part of a kiosk is, and since when: a state lasts since it began, however often it is told."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from drivers.ports import DeviceFault, DeviceHealth, DeviceState
from kiosk.device_book import DeviceBook, Standing, disk_standing, registry_standing

NOON = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
HEALTHS = st.builds(
    DeviceHealth,
    st.sampled_from(["reader", "printer"]),
    st.sampled_from(DeviceState),
    st.sampled_from([None, DeviceFault.PAPER_OUT, DeviceFault.NO_PRINTER]),
    st.sampled_from(["", "detail"]),
)


def test_the_same_fault_lasts_since_it_began_and_another_one_begins_anew() -> None:
    out = DeviceHealth("printer", DeviceState.DEGRADED, DeviceFault.PAPER_OUT)
    book = DeviceBook().heard(out, at=NOON).heard(out, at=NOON + timedelta(hours=1))
    assert book.standings == (Standing("printer", DeviceState.DEGRADED, NOON, "paper_out"),)
    later = NOON + timedelta(hours=2)
    book = book.heard(DeviceHealth("printer", DeviceState.DEGRADED, DeviceFault.COVER_OPEN), at=later)
    assert book.standings == (Standing("printer", DeviceState.DEGRADED, later, "cover_open"),)


def test_a_device_that_does_not_say_why_has_a_fault_all_the_same() -> None:
    [standing] = DeviceBook().heard(DeviceHealth("reader", DeviceState.MISSING), at=NOON).standings
    assert standing.fault == "driver_failed"


@given(st.lists(HEALTHS, max_size=30))
def test_since_is_the_begin_of_the_last_run_of_one_state_and_fault(told: list[DeviceHealth]) -> None:
    book, begun, last = DeviceBook(), dict[str, datetime](), dict[str, tuple[DeviceState, str | None]]()
    for minute, health in enumerate(told):
        at = NOON + timedelta(minutes=minute)
        book = book.heard(health, at=at)
        said = next(one for one in book.standings if one.device == health.device)
        if last.get(health.device) != (said.state, said.fault):
            begun[health.device], last[health.device] = at, (said.state, said.fault)
    assert {one.device: one.since for one in book.standings} == begun


def test_the_worst_of_a_registry_and_of_a_disk_is_told() -> None:
    lost = NOON - timedelta(hours=1)
    assert registry_standing(NOON, lost_since=lost, refuses=True) == Standing("registry", DeviceState.MISSING, lost, "registry_lost")
    assert registry_standing(NOON, lost_since=None, refuses=True).fault == "registry_refuses"
    assert registry_standing(NOON, lost_since=None, refuses=False) == Standing("registry", DeviceState.READY, NOON)
    assert disk_standing(NOON, unwritable=True, low=True) == Standing("disk", DeviceState.MISSING, NOON, "ledger_unwritable")
    assert disk_standing(NOON, unwritable=False, low=True).fault == "disk_low"
    assert disk_standing(NOON, unwritable=False, low=False) == Standing("disk", DeviceState.READY, NOON)
