"""What the PC/SC reader does when the service is away, refuses, ends or fails, or when its own listener does."""

import pytest

from drivers import pcsc_status as status
from drivers.ports import CardPresented, CardRemoved, CardUnreadable, DeviceFault, DeviceHealth, DeviceState, ReaderEvent
from tests.contract.heard import Heard
from tests.contract.reader_benches import running
from tests.contract.scripted_scard import ScriptedCard, ScriptedScard
from tests.unit.drivers.scripted_readers import OTHER_READER, OTHER_UID, READER, UID, a_card, a_reader


def test_a_service_that_is_absent_at_the_start_is_found_when_it_comes(scard: ScriptedScard) -> None:
    heard = Heard[ReaderEvent]()
    scard.end_service()
    with running(a_reader(scard), heard):
        assert heard.next_as(DeviceHealth).fault is DeviceFault.NO_SERVICE
        scard.begin_service()
        assert heard.next_as(DeviceHealth).state is DeviceState.READY
        scard.lay(READER, a_card())
        assert heard.next_as(CardPresented).uid == UID


def test_a_user_who_is_turned_away_is_told_so_and_served_once_permitted(scard: ScriptedScard) -> None:
    heard = Heard[ReaderEvent]()
    scard.end_service(status_for_new=status.SECURITY_VIOLATION)
    with running(a_reader(scard), heard):
        assert heard.next_as(DeviceHealth).fault is DeviceFault.NOT_PERMITTED
        scard.begin_service()
        assert heard.next_as(DeviceHealth).state is DeviceState.READY


def test_a_service_killed_while_a_card_answers_comes_back_with_the_next_tap(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    def kills(_command: bytes) -> bytes:
        scard.end_service()
        return b""

    scard.lay(READER, ScriptedCard(kills))
    heard.next_as(CardUnreadable)
    heard.next_as(CardRemoved)
    assert heard.next_as(DeviceHealth).fault is DeviceFault.NO_SERVICE
    scard.lift(READER)
    scard.begin_service()
    assert heard.next_as(DeviceHealth).state is DeviceState.READY
    scard.lay(READER, a_card())
    assert heard.next_as(CardPresented).uid == UID


def test_a_card_left_behind_is_not_presented_again_when_the_service_comes_back(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, a_card())
    heard.next_as(CardPresented)
    scard.end_service()
    heard.next_as(CardRemoved)
    heard.next_as(DeviceHealth)
    scard.begin_service()
    heard.next_as(DeviceHealth)
    scard.wait_until_waited_for()
    assert heard.rest() == []
    scard.lift(READER)
    scard.lay(READER, a_card())
    assert heard.next_as(CardPresented).uid == UID


def test_another_card_laid_while_the_service_was_away_is_presented(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, a_card())
    heard.next_as(CardPresented)
    scard.end_service()
    heard.next_as(CardRemoved)
    heard.next_as(DeviceHealth)
    scard.swap(READER, a_card(OTHER_UID))
    scard.begin_service()
    heard.next_as(DeviceHealth)
    assert heard.next_as(CardPresented).uid == OTHER_UID


@pytest.mark.parametrize("call", ["SCardGetStatusChange", "SCardListReaders", "SCardConnect", "SCardTransmit", "SCardEstablishContext"])
def test_an_exception_in_the_loop_is_reported_without_its_words_and_the_loop_goes_on(
    scard: ScriptedScard, heard: Heard[ReaderEvent], call: str
) -> None:
    # A card on the reader and a service that restarts: so each of the calls is made once more.
    scard.fail_next(call, RuntimeError("04A32B1C"))
    scard.lay(READER, a_card())
    scard.plug(OTHER_READER)
    if call == "SCardEstablishContext":
        scard.end_service()
        scard.begin_service()
    failed = heard.until(DeviceHealth)
    while failed.fault is not DeviceFault.DRIVER_FAILED:
        failed = heard.until(DeviceHealth)
    assert failed.detail.startswith("RuntimeError at scripted_scard.py:")
    assert "04A32B1C" not in failed.detail
    while heard.until(DeviceHealth).state is not DeviceState.READY:
        pass
    scard.lay(OTHER_READER, a_card(OTHER_UID))
    while heard.until(CardPresented).uid != OTHER_UID:
        pass


def test_a_listener_that_fails_does_not_end_the_loop(scard: ScriptedScard) -> None:
    heard = Heard[ReaderEvent]()

    def fails_on_the_first_card(event: ReaderEvent) -> None:
        heard(event)
        if isinstance(event, CardPresented) and event.uid == UID:
            message = "full"
            raise RuntimeError(message)

    with running(a_reader(scard), fails_on_the_first_card):
        heard.next_as(DeviceHealth)
        scard.lay(READER, a_card())
        heard.next_as(CardPresented)
        while heard.until(DeviceHealth).fault is not DeviceFault.DRIVER_FAILED:
            pass
        heard.until(DeviceHealth)
        scard.swap(READER, a_card(OTHER_UID))
        assert heard.until(CardPresented).uid == OTHER_UID


def test_every_context_and_connection_is_given_back(scard: ScriptedScard) -> None:
    heard = Heard[ReaderEvent]()
    with running(a_reader(scard), heard):
        heard.next_as(DeviceHealth)
        for _ in range(3):
            scard.wait_until_waited_for()
            scard.lay(READER, a_card())
            heard.until(CardPresented)
            scard.end_service()
            heard.until(DeviceHealth)
            scard.swap(READER, a_card(OTHER_UID))
            scard.begin_service()
            heard.until(CardPresented)
            scard.lift(READER)
            heard.until(CardRemoved)
    assert (scard.open_contexts, scard.open_connections) == (0, 0)
