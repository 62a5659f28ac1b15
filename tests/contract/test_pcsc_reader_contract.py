"""What a PC/SC reader tells besides what every card reader does: on the scripted service and on a real pcscd alike."""

from collections.abc import Iterator
from threading import Event

import pytest

from drivers.ports import CardPresented, CardRemoved, CardUnreadable, DeviceFault, DeviceHealth, DeviceState, ReaderEvent
from tests.contract.conduct import Conduct
from tests.contract.heard import LIMIT_S, Heard
from tests.contract.reader_benches import BENCHES, ReaderBench, running

UID = "04A32B1C"
OTHER_UID = "8AD14665"


@pytest.fixture(params=["scripted", "pcscd"])
def bench(request: pytest.FixtureRequest) -> Iterator[ReaderBench]:
    made = BENCHES[request.param](request)
    yield made
    made.clear()


@pytest.fixture
def heard(bench: ReaderBench) -> Iterator[Heard[ReaderEvent]]:
    listener = Heard[ReaderEvent]()
    with running(bench.a_reader(), listener):
        assert listener.next_as(DeviceHealth).state is DeviceState.READY
        yield listener


def test_a_card_pulled_while_it_answers_is_told_as_unreadable(bench: ReaderBench, heard: Heard[ReaderEvent]) -> None:
    bench.lay(UID, conduct=Conduct(before_answering=bench.lift))
    heard.next_as(CardUnreadable)
    bench.lay(OTHER_UID)
    heard.next_as(CardRemoved)
    assert heard.next_as(CardPresented).uid.hex == OTHER_UID


def test_a_slow_card_degrades_the_reader_until_it_is_read(bench: ReaderBench, heard: Heard[ReaderEvent]) -> None:
    told = Event()
    bench.lay(UID, conduct=Conduct(before_answering=lambda: assert_set(told)))
    health = heard.next_as(DeviceHealth)
    assert (health.state, health.fault) == (DeviceState.DEGRADED, DeviceFault.CARD_UNREADABLE)
    told.set()
    assert heard.next_as(DeviceHealth).state is DeviceState.READY
    assert heard.next_as(CardPresented).uid.hex == UID


def assert_set(event: Event) -> None:
    assert event.wait(LIMIT_S)
