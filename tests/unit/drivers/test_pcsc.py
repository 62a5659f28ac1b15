"""What the PC/SC reader does where only a scripted service can lead it: unplugging, refusing, failing, swapping unseen."""

import random
import time
from collections.abc import Iterator

import pytest

from circulation.cards import CardUid
from drivers import pcsc_status as status
from drivers.atr import FELICA_ATR, MIFARE_CLASSIC_1K_ATR
from drivers.pcsc import PcscReader
from drivers.ports import CardPresented, CardRemoved, CardUnreadable, DeviceFault, DeviceHealth, DeviceState, ReaderEvent
from drivers.vpcd import Responder, well_behaved
from tests.contract.heard import Heard
from tests.contract.reader_benches import running
from tests.contract.scripted_scard import ScriptedCard, ScriptedScard

READER = "ACS ACR122U 00 00"
OTHER_READER = "ACS ACR1252 01 00"
UID = CardUid.from_hex("04A32B1C")
OTHER_UID = CardUid.from_hex("8AD14665")


def a_card(uid: CardUid = UID, *, atr: bytes = MIFARE_CLASSIC_1K_ATR) -> ScriptedCard:
    return ScriptedCard(well_behaved(uid), atr)


def answering(answer: bytes) -> Responder:
    return lambda _command: answer


def a_reader(scard: ScriptedScard, *, readers: str = "*") -> PcscReader:
    return PcscReader(scard, clock=time.monotonic_ns, readers=readers)


@pytest.fixture
def scard() -> ScriptedScard:
    service = ScriptedScard()
    service.plug(READER)
    return service


@pytest.fixture
def heard(scard: ScriptedScard) -> Iterator[Heard[ReaderEvent]]:
    """What a reader says that has seen one empty reader and waits."""
    listener = Heard[ReaderEvent]()
    with running(a_reader(scard), listener):
        assert listener.next_as(DeviceHealth).state is DeviceState.READY
        scard.wait_until_waited_for()
        yield listener


def test_a_swap_faster_than_the_wait_is_two_cards(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, a_card())
    assert heard.next_as(CardPresented).uid == UID
    scard.wait_until_waited_for()
    scard.swap(READER, a_card(OTHER_UID))
    heard.next_as(CardRemoved)
    assert heard.next_as(CardPresented).uid == OTHER_UID


def test_the_same_card_lifted_and_laid_faster_than_the_wait_is_a_new_presentation(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, a_card())
    heard.next_as(CardPresented)
    scard.wait_until_waited_for()
    scard.swap(READER, a_card())
    heard.next_as(CardRemoved)
    assert heard.next_as(CardPresented).uid == UID


def test_a_card_that_passed_by_faster_than_the_wait_is_unreadable(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.pass_by(READER, a_card())
    heard.next_as(CardUnreadable)
    heard.next_as(CardRemoved)


def test_a_card_that_stays_is_presented_once_whatever_else_changes(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, a_card())
    heard.next_as(CardPresented)
    scard.plug(OTHER_READER)
    heard.next_as(DeviceHealth)
    scard.lay(OTHER_READER, a_card(OTHER_UID))
    assert heard.next_as(CardPresented).reader == OTHER_READER
    scard.wait_until_waited_for()
    assert heard.rest() == []


def test_a_card_replaced_unseen_while_it_was_read_is_read_again(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    def slips(_command: bytes) -> bytes:
        scard.replace_unseen(READER, a_card(OTHER_UID))
        return b""

    scard.lay(READER, ScriptedCard(slips))
    heard.next_as(CardUnreadable)
    heard.next_as(CardRemoved)
    assert heard.next_as(CardPresented).uid == OTHER_UID


def test_a_card_that_never_answers_well_is_asked_three_times_and_reported_once(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, ScriptedCard(lambda _command: b""))
    heard.next_as(CardUnreadable)
    scard.wait_until_waited_for()
    assert scard.calls["SCardTransmit"] == 3
    scard.lift(READER)
    heard.next_as(CardRemoved)


def test_a_card_that_answers_rubbish_is_asked_once(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, ScriptedCard(lambda _command: bytes.fromhex("6A81")))
    assert "6A81 (function not supported)" in heard.next_as(CardUnreadable).problem
    scard.wait_until_waited_for()
    assert scard.calls["SCardTransmit"] == 1


@pytest.mark.parametrize("answer", [status.UNRESPONSIVE_CARD, status.SHARING_VIOLATION, 0x8010000F])
def test_a_card_that_cannot_be_connected_is_named_with_the_standards_word(
    scard: ScriptedScard, heard: Heard[ReaderEvent], answer: int
) -> None:
    scard.lay(READER, ScriptedCard(lambda _command: b"", connect_status=answer))
    assert status.status_name(answer) in heard.next_as(CardUnreadable).problem
    scard.lift(READER)
    heard.next_as(CardRemoved)
    scard.lay(READER, a_card())
    assert heard.next_as(CardPresented).uid == UID


def test_a_mute_card_is_unreadable_and_is_not_asked(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, ScriptedCard(lambda _command: b"", mute=True))
    heard.next_as(CardUnreadable)
    scard.wait_until_waited_for()
    assert scard.calls["SCardConnect"] == 0


def test_a_card_the_user_may_not_use_degrades_the_reader_until_one_is_read(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, ScriptedCard(lambda _command: b"", connect_status=status.SECURITY_VIOLATION))
    health = heard.next_as(DeviceHealth)
    assert (health.state, health.fault) == (DeviceState.DEGRADED, DeviceFault.NOT_PERMITTED)
    heard.next_as(CardUnreadable)
    scard.lift(READER)
    heard.next_as(CardRemoved)
    scard.lay(READER, a_card())
    assert heard.next_as(DeviceHealth).state is DeviceState.READY
    heard.next_as(CardPresented)


def test_rubbish_of_every_length_never_stops_the_reader(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    dice = random.Random(20_251_122)
    for _ in range(200):
        rubbish = dice.randbytes(dice.choice([1, 2, 3, 5, 9, 64, 258, 259, 4096]))
        scard.lay(READER, ScriptedCard(answering(rubbish), dice.randbytes(dice.randrange(40))))
        heard.next_as(CardUnreadable)
        scard.lift(READER)
        heard.next_as(CardRemoved)
    scard.lay(READER, a_card())
    assert heard.next_as(CardPresented).uid == UID
    assert scard.open_connections == 0


def test_the_hint_comes_from_the_atr_and_a_felica_card_gives_none(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, a_card(CardUid.from_hex("0101080102030405"), atr=FELICA_ATR))
    presented = heard.next_as(CardPresented)
    assert (presented.atr, presented.kind_hint) == (FELICA_ATR, None)


def test_unplugging_the_reader_is_reported_and_plugging_it_in_again_brings_the_next_tap(
    scard: ScriptedScard, heard: Heard[ReaderEvent]
) -> None:
    scard.unplug(READER)
    health = heard.next_as(DeviceHealth)
    assert (health.state, health.fault) == (DeviceState.MISSING, DeviceFault.NO_READER)
    scard.wait_until_waited_for()
    scard.plug(READER)
    assert heard.next_as(DeviceHealth).state is DeviceState.READY
    scard.lay(READER, a_card())
    assert heard.next_as(CardPresented).uid == UID


def test_a_reader_unplugged_with_a_card_on_it_is_free(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, a_card())
    heard.next_as(CardPresented)
    scard.unplug(READER)
    heard.next_as(CardRemoved)
    assert heard.next_as(DeviceHealth).fault is DeviceFault.NO_READER


def test_a_reader_unplugged_while_its_card_answers_does_not_disturb(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    def pulls_the_plug(_command: bytes) -> bytes:
        scard.unplug(READER)
        return b""

    scard.lay(READER, ScriptedCard(pulls_the_plug))
    heard.next_as(CardUnreadable)
    heard.next_as(CardRemoved)
    heard.next_as(DeviceHealth)
    scard.wait_until_waited_for()
    scard.plug(READER)
    heard.next_as(DeviceHealth)
    scard.lay(READER, a_card())
    assert heard.next_as(CardPresented).uid == UID


def test_a_reader_unplugged_and_plugged_in_again_before_anybody_looked_is_read(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, a_card())
    heard.next_as(CardPresented)
    scard.wait_until_waited_for()
    scard.replug(READER)
    heard.next_as(CardRemoved)
    scard.lay(READER, a_card(OTHER_UID))
    assert heard.next_as(CardPresented).uid == OTHER_UID


def test_a_second_reader_is_used_as_soon_as_it_is_plugged_in(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.plug(OTHER_READER)
    assert OTHER_READER in heard.next_as(DeviceHealth).detail
    scard.lay(OTHER_READER, a_card())
    assert heard.next_as(CardPresented).reader == OTHER_READER


def test_a_reader_that_came_between_the_list_and_the_wait_is_found() -> None:
    scard, heard = ScriptedScard(), Heard[ReaderEvent]()
    scard.plug_after_next_list(READER)
    with running(a_reader(scard), heard):
        assert heard.next_as(DeviceHealth).fault is DeviceFault.NO_READER
        assert heard.next_as(DeviceHealth).state is DeviceState.READY


def test_without_a_reader_it_waits_and_does_not_spin() -> None:
    scard, heard = ScriptedScard(), Heard[ReaderEvent]()
    with running(a_reader(scard), heard):
        assert heard.next_as(DeviceHealth).fault is DeviceFault.NO_READER
        scard.wait_until_waited_for()
        # One wait with a limit, to look a second time, and the one without that it is in.
        assert scard.calls["SCardGetStatusChange"] == 2
        assert scard.calls["SCardListReaders"] == 2


def test_a_wait_without_news_costs_no_second_call(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, a_card())
    heard.next_as(CardPresented)
    scard.wait_until_waited_for()
    calls = scard.calls["SCardGetStatusChange"]
    scard.lift(READER)
    heard.next_as(CardRemoved)
    scard.wait_until_waited_for()
    assert scard.calls["SCardGetStatusChange"] == calls + 1


def test_only_readers_of_the_pattern_are_used(scard: ScriptedScard) -> None:
    heard = Heard[ReaderEvent]()
    scard.plug(OTHER_READER)
    with running(a_reader(scard, readers="*acr1252*"), heard):
        assert heard.next_as(DeviceHealth).detail == OTHER_READER
        scard.lay(READER, a_card())
        scard.lay(OTHER_READER, a_card(OTHER_UID))
        assert heard.next_as(CardPresented).uid == OTHER_UID


def test_a_name_with_brackets_names_its_reader() -> None:
    scard, heard = ScriptedScard(), Heard[ReaderEvent]()
    scard.plug("ACS ACR122U [CCID Interface] 00 00", READER)
    with running(a_reader(scard, readers="ACS ACR122U [CCID Interface] 00 00"), heard):
        assert heard.next_as(DeviceHealth).detail == "ACS ACR122U [CCID Interface] 00 00"


def test_readers_that_are_all_left_out_are_named(scard: ScriptedScard) -> None:
    heard = Heard[ReaderEvent]()
    with running(a_reader(scard, readers="Feitian*"), heard):
        health = heard.next_as(DeviceHealth)
    assert health.fault is DeviceFault.NO_READER
    assert READER in health.detail


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
