"""Several readers as one: their reports in order, their health as one."""

from collections.abc import Callable
from threading import Event, Thread

import pytest

from circulation.cards import CardUid
from drivers.ports import CardPresented, CardRemoved, DeviceFault, DeviceHealth, DeviceState, ReaderEvent
from drivers.reader_group import ReaderGroup, health_of_all
from tests.contract.heard import LIMIT_S, Heard

READY_A = DeviceHealth("reader", DeviceState.READY, detail="A")
READY_B = DeviceHealth("reader", DeviceState.READY, detail="B")
GONE_A = DeviceHealth("reader", DeviceState.MISSING, DeviceFault.NO_READER, "A is gone")
HELD_B = DeviceHealth("reader", DeviceState.MISSING, DeviceFault.HELD_BY_KERNEL, "B is held")
SLOW_B = DeviceHealth("reader", DeviceState.DEGRADED, DeviceFault.CARD_UNREADABLE, "B is slow")
TAP = CardPresented(CardUid.from_hex("04A32B1C"), "B", 1)


class ToldReader:
    """A reader that reports what it is told to."""

    def __init__(self) -> None:
        self.report: Callable[[ReaderEvent], None] = lambda _event: None
        self.stops = 0

    def start(self, listener: Callable[[ReaderEvent], None]) -> None:
        self.report = listener

    def stop(self) -> None:
        self.stops += 1


@pytest.mark.parametrize(
    ("healths", "as_one"),
    [
        ((READY_A, READY_B), DeviceHealth("reader", DeviceState.READY, detail="A, B")),
        ((GONE_A, READY_B), DeviceHealth("reader", DeviceState.DEGRADED, DeviceFault.NO_READER, "A is gone")),
        ((READY_A, HELD_B), DeviceHealth("reader", DeviceState.DEGRADED, DeviceFault.HELD_BY_KERNEL, "B is held")),
        ((GONE_A, HELD_B), DeviceHealth("reader", DeviceState.MISSING, DeviceFault.NO_READER, "A is gone; B is held")),
        ((GONE_A, SLOW_B), DeviceHealth("reader", DeviceState.DEGRADED, DeviceFault.NO_READER, "A is gone; B is slow")),
    ],
)
def test_several_readers_are_as_the_first_that_is_not_ready(healths: tuple[DeviceHealth, ...], as_one: DeviceHealth) -> None:
    assert health_of_all(healths) == as_one


def test_the_first_report_waits_until_each_has_told_its_health_and_taps_wait_with_it() -> None:
    first, second, heard = ToldReader(), ToldReader(), Heard[ReaderEvent]()
    ReaderGroup([first, second]).start(heard)
    second.report(READY_B)
    second.report(TAP)
    assert heard.rest() == []
    first.report(READY_A)
    assert heard.rest() == [health_of_all([READY_A, READY_B]), TAP]


def test_health_is_told_when_it_changes_as_a_whole() -> None:
    first, second, heard = ToldReader(), ToldReader(), Heard[ReaderEvent]()
    ReaderGroup([first, second]).start(heard)
    for reader, health in [(first, GONE_A), (second, HELD_B), (second, HELD_B), (second, READY_B)]:
        reader.report(health)
    assert [event.state for event in heard.rest() if isinstance(event, DeviceHealth)] == [DeviceState.MISSING, DeviceState.DEGRADED]


def test_nothing_is_told_after_the_stop_and_each_reader_is_stopped() -> None:
    first, second, heard = ToldReader(), ToldReader(), Heard[ReaderEvent]()
    group = ReaderGroup([first, second])
    group.start(heard)
    first.report(READY_A)
    second.report(READY_B)
    heard.rest()
    group.stop()
    second.report(TAP)
    assert (heard.rest(), first.stops, second.stops) == ([], 1, 1)


def test_a_reader_that_waits_for_its_turn_ends_when_the_group_is_stopped_meanwhile() -> None:
    first, second = ToldReader(), ToldReader()
    in_turn = Event()
    told: list[ReaderEvent] = []

    def stops_while_the_other_waits(event: ReaderEvent) -> None:
        told.append(event)
        if isinstance(event, CardPresented):
            waiting = Thread(target=second.report, args=(CardRemoved("B", 2),))
            waiting.start()
            group.stop()
            waiting.join(LIMIT_S)
            assert not waiting.is_alive()
            in_turn.set()

    group = ReaderGroup([first, second])
    group.start(stops_while_the_other_waits)
    first.report(READY_A)
    second.report(READY_B)
    first.report(TAP)
    assert in_turn.is_set()
    assert told == [health_of_all([READY_A, READY_B]), TAP]
