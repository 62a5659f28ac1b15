"""What the nfcpy reader does where only a scripted one can lead it: held by others, unplugged, failing, looked at for long."""

import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from circulation.cards import CardUid
from drivers.atr import MIFARE_CLASSIC_1K_ATR
from drivers.nfcpy_frontend import FrontendError
from drivers.nfcpy_reader import NfcpyReader
from drivers.nfcpy_target import SensedCard
from drivers.ports import CardAnswerError, CardPresented, CardRemoved, CardUnreadable, DeviceFault, DeviceHealth, DeviceState, ReaderEvent
from tests.contract.heard import Heard
from tests.contract.reader_benches import running
from tests.unit.drivers.scripted_frontend import NAME, ScriptedUsb

CARD = SensedCard(CardUid.from_hex("04A32B1C"), MIFARE_CLASSIC_1K_ATR)
OTHER = SensedCard(CardUid.from_hex("8AD14665"), MIFARE_CLASSIC_1K_ATR)


@pytest.fixture
def usb() -> ScriptedUsb:
    return ScriptedUsb()


def a_reader(usb: ScriptedUsb) -> NfcpyReader:
    return NfcpyReader(usb.open, clock=time.monotonic_ns)


@pytest.fixture
def heard(usb: ScriptedUsb) -> Iterator[Heard[ReaderEvent]]:
    """What a reader says that is open and empty."""
    listener = Heard[ReaderEvent]()
    with running(a_reader(usb), listener):
        assert listener.next_as(DeviceHealth) == DeviceHealth("reader", DeviceState.READY, detail=NAME)
        yield listener


def test_a_card_that_lies_there_for_long_is_presented_once(usb: ScriptedUsb, heard: Heard[ReaderEvent]) -> None:
    for _ in range(3):
        usb.see(CARD)
    assert heard.next_as(CardPresented).uid == CARD.uid
    assert heard.rest() == []
    usb.see(None)
    heard.next_as(CardRemoved)


def test_a_telephone_that_makes_another_uid_for_each_look_is_presented_once(usb: ScriptedUsb, heard: Heard[ReaderEvent]) -> None:
    for number in range(3):
        usb.see(SensedCard(CardUid(bytes([0x08, 1, 2, number])), b""))
    assert heard.next_as(CardPresented).uid.is_random
    assert heard.rest() == []


def test_what_gives_no_uid_is_told_with_the_reason(usb: ScriptedUsb, heard: Heard[ReaderEvent]) -> None:
    usb.see(CardAnswerError("a card of type A without a UID"))
    assert heard.next_as(CardUnreadable).problem == "a card of type A without a UID"
    usb.see(CARD)
    heard.next_as(CardRemoved)
    assert heard.next_as(CardPresented).uid == CARD.uid


def test_a_reader_rests_between_two_looks(usb: ScriptedUsb, heard: Heard[ReaderEvent]) -> None:
    for _ in range(3):
        usb.see(None)
    assert all(later - earlier >= 0.045 for earlier, later in pairwise(usb.looked_at))


@pytest.mark.parametrize(
    ("fault", "rest"),
    [
        (DeviceFault.NO_READER, 0.25),
        (DeviceFault.HELD_BY_KERNEL, 1.0),
        (DeviceFault.HELD_BY_PROGRAM, 1.0),
        (DeviceFault.NOT_PERMITTED, 1.0),
    ],
)
def test_a_reader_that_cannot_be_opened_is_told_once_and_tried_again_after_a_rest(
    usb: ScriptedUsb, fault: DeviceFault, rest: float
) -> None:
    usb.refuse(fault)
    heard = Heard[ReaderEvent]()
    with running(a_reader(usb), heard):
        health = heard.next_as(DeviceHealth)
        usb.wait_until_tried(2)
        usb.permit()
        assert heard.next_as(DeviceHealth).state is DeviceState.READY
    assert health == DeviceHealth("reader", DeviceState.MISSING, fault, f"refused: {fault}")
    assert all(later - earlier >= 0.9 * rest for earlier, later in pairwise(usb.opened_at))


def test_an_unplugged_reader_is_missed_and_read_again_when_it_is_plugged_in(usb: ScriptedUsb, heard: Heard[ReaderEvent]) -> None:
    usb.see(CARD)
    heard.next_as(CardPresented)
    usb.refuse(DeviceFault.NO_READER)
    heard.next_as(CardRemoved)
    assert heard.next_as(DeviceHealth).fault is DeviceFault.NO_READER
    usb.permit()
    assert heard.next_as(DeviceHealth).state is DeviceState.READY
    usb.see(OTHER)
    assert heard.next_as(CardPresented).uid == OTHER.uid


def test_a_card_left_behind_is_not_presented_again_when_the_reader_comes_back(usb: ScriptedUsb, heard: Heard[ReaderEvent]) -> None:
    usb.see(CARD)
    heard.next_as(CardPresented)
    usb.refuse(DeviceFault.NO_READER)
    heard.next_as(CardRemoved)
    heard.next_as(DeviceHealth)
    usb.permit()
    heard.next_as(DeviceHealth)
    usb.see(CARD)
    assert heard.rest() == []
    usb.see(None)
    usb.see(CARD)
    assert heard.next_as(CardPresented).uid == CARD.uid


@pytest.mark.parametrize("error", [FrontendError(DeviceFault.NO_READER, "a hiccup of the bus"), RuntimeError("04A32B1C")])
def test_a_look_that_fails_is_told_and_the_reader_opened_anew(usb: ScriptedUsb, heard: Heard[ReaderEvent], error: Exception) -> None:
    usb.fail_once(error)
    health = heard.next_as(DeviceHealth)
    assert health.state is DeviceState.MISSING
    assert "04A32B1C" not in health.detail
    assert heard.next_as(DeviceHealth).state is DeviceState.READY
    usb.see(CARD)
    heard.next_as(CardPresented)
    assert usb.open_frontends == 1


def test_a_listener_that_fails_does_not_end_the_loop(usb: ScriptedUsb) -> None:
    heard = Heard[ReaderEvent]()

    def fails_on_the_first_card(event: ReaderEvent) -> None:
        heard(event)
        if isinstance(event, CardPresented) and event.uid == CARD.uid:
            message = "full"
            raise RuntimeError(message)

    with running(a_reader(usb), fails_on_the_first_card):
        usb.see(CARD)
        heard.until(CardPresented)
        while heard.until(DeviceHealth).fault is not DeviceFault.DRIVER_FAILED:
            pass
        heard.until(DeviceHealth)
        usb.see(None)
        usb.see(OTHER)
        assert heard.until(CardPresented).uid == OTHER.uid


def test_the_reader_is_let_go_at_the_stop(usb: ScriptedUsb) -> None:
    heard = Heard[ReaderEvent]()
    with running(a_reader(usb), heard):
        heard.next_as(DeviceHealth)
        assert usb.open_frontends == 1
    assert usb.open_frontends == 0
