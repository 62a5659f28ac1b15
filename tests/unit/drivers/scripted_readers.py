"""The reader of a scripted service: one that is plugged in, a card for it, and what the reader says."""

import time
from collections.abc import Iterator

import pytest

from circulation.cards import CardUid
from drivers.atr import MIFARE_CLASSIC_1K_ATR
from drivers.pcsc import PcscReader
from drivers.ports import DeviceHealth, DeviceState, ReaderEvent
from drivers.vpcd import well_behaved
from tests.contract.heard import Heard
from tests.contract.reader_benches import running
from tests.contract.scripted_scard import ScriptedCard, ScriptedScard

READER = "ACS ACR122U 00 00"
OTHER_READER = "ACS ACR1252 01 00"
UID = CardUid.from_hex("04A32B1C")
OTHER_UID = CardUid.from_hex("8AD14665")


def a_card(uid: CardUid = UID, *, atr: bytes = MIFARE_CLASSIC_1K_ATR) -> ScriptedCard:
    return ScriptedCard(well_behaved(uid), atr)


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
