"""What the PC/SC reader does where only a scripted service can lead it: cards that slip and cards that refuse, readers that come and go."""

import random

import pytest

from circulation.cards import CardUid
from drivers import pcsc_status as status
from drivers.atr import FELICA_ATR
from drivers.ports import CardPresented, CardRemoved, CardUnreadable, DeviceFault, DeviceHealth, DeviceState, ReaderEvent
from drivers.vpcd import Responder, well_behaved
from tests.contract.heard import Heard
from tests.contract.reader_benches import running
from tests.contract.scripted_scard import ScriptedCard, ScriptedScard
from tests.unit.drivers.scripted_readers import OTHER_READER, OTHER_UID, READER, UID, a_card, a_reader


def answering(answer: bytes) -> Responder:
    return lambda _command: answer


def test_q2_a_a_card_is_asked_for_its_uid_and_nothing_is_written_to_it(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    commands: list[str] = []

    def noting(command: bytes) -> bytes:
        commands.append(command.hex())
        return well_behaved(UID)(command)

    scard.lay(READER, ScriptedCard(noting))
    assert heard.next_as(CardPresented).uid == UID
    scard.wait_until_waited_for()
    assert commands == ["ffca000000"]


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


@pytest.mark.parametrize("mute", [False, True])
def test_a_card_replaced_unseen_while_it_was_read_is_read_again(scard: ScriptedScard, heard: Heard[ReaderEvent], *, mute: bool) -> None:
    def slips(_command: bytes) -> bytes:
        scard.replace_unseen(READER, a_card(OTHER_UID))
        return b""

    scard.lay(READER, ScriptedCard(slips, mute=mute))
    heard.next_as(CardUnreadable)
    heard.next_as(CardRemoved)
    assert heard.next_as(CardPresented).uid == OTHER_UID


def test_a_card_that_never_answers_well_is_asked_five_times_and_reported_once(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, ScriptedCard(lambda _command: b""))
    heard.next_as(CardUnreadable)
    scard.wait_until_waited_for()
    assert scard.calls["SCardTransmit"] == 5
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


def test_a_mute_card_is_asked_for_five_times_and_reported_once(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, ScriptedCard(lambda _command: b"", mute=True, connect_status=status.UNRESPONSIVE_CARD))
    assert "SCARD_W_UNRESPONSIVE_CARD" in heard.next_as(CardUnreadable).problem
    scard.wait_until_waited_for()
    assert (scard.calls["SCardConnect"], scard.calls["SCardTransmit"], heard.rest()) == (5, 0, [])


def test_a_card_that_took_the_place_of_a_mute_one_before_anybody_looked_is_read_at_once(
    scard: ScriptedScard, heard: Heard[ReaderEvent]
) -> None:
    scard.lay(READER, ScriptedCard(well_behaved(OTHER_UID), mute=True))
    assert heard.next_as(CardPresented).uid == OTHER_UID
    scard.wait_until_waited_for()
    assert scard.calls["SCardConnect"] == 1


def test_a_card_that_slipped_is_asked_again_soon_and_then_with_longer_rests(scard: ScriptedScard, heard: Heard[ReaderEvent]) -> None:
    scard.lay(READER, ScriptedCard(lambda _command: b""))
    heard.next_as(CardUnreadable)
    scard.wait_until_waited_for()
    assert [limit for limit in scard.limits if limit != scard.INFINITE][-4:] == [20, 100, 300, 1000]


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
