"""Benches on which every card reader goes through one suite.

A scripted PC/SC service; a real pcscd with virtual cards; nfcpy with its own driver for UDP, cards lying in the air behind it.
A further source of taps joins with a bench of its own and its name in ``BENCHES`` (test_card_reader_contract.py).
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Protocol

import pytest

from circulation.cards import CardUid
from drivers.atr import MIFARE_CLASSIC_1K_ATR
from drivers.nfcpy_frontend import NfcpyFrontend, require_nfcpy
from drivers.nfcpy_reader import NfcpyReader
from drivers.pcsc import PcscReader
from drivers.pcsc_calls import PNP_READER, PcscContext, system_scard
from drivers.pcsc_slots import EMPTY
from drivers.ports import CardReader, DeviceFault, ReaderEvent
from drivers.reader_group import ReaderGroup
from drivers.vpcd import Responder, VirtualCard, well_behaved
from tests.contract.conduct import WELL_BEHAVED, Answer, Conduct
from tests.contract.scripted_scard import ScriptedCard, ScriptedScard
from tests.contract.udp_air import UdpAir
from tests.pcsc_stack import PcscStack

_PCSC_ANSWERS = {Answer.REFUSAL: bytes.fromhex("6A81"), Answer.TOO_SHORT: b"abc\x90\x00", Answer.TOO_LONG: bytes(60_000) + b"\x90\x00"}


class ReaderBench(Protocol):
    """Two readers, cards to lay on them, and what is behind them: a service, or the plugs."""

    @property
    def names(self) -> tuple[str, str]: ...

    @property
    def fault_when_lost(self) -> DeviceFault:
        """What a reader says when what is behind it is lost."""

    def a_reader(self) -> CardReader:
        """Both readers, as one source of taps."""

    def lay(self, uid: str, *, slot: int = 0, conduct: Conduct = WELL_BEHAVED) -> None: ...

    def lift(self, slot: int = 0) -> None: ...

    def lose(self) -> None:
        """Lose what is behind the readers the hard way, with the cards on them; it comes back by itself or with ``bring_back``."""

    def bring_back(self) -> None: ...

    def clear(self) -> None:
        """Leave nothing behind for the next test."""


def as_responder(uid: CardUid, conduct: Conduct) -> Responder:
    """The card as PC/SC sees it: it answers commands."""
    answer_well = well_behaved(uid)

    def answer(command: bytes) -> bytes:
        conduct.before_answering()
        return _PCSC_ANSWERS.get(conduct.answer) or answer_well(command)

    return answer


class ScriptedBench:
    fault_when_lost = DeviceFault.NO_SERVICE

    def __init__(self) -> None:
        self.scard = ScriptedScard()
        self.names = ("Scripted 00 00", "Scripted 00 01")
        self.scard.plug(*self.names)

    def a_reader(self) -> CardReader:
        return PcscReader(self.scard, clock=time.monotonic_ns)

    def lay(self, uid: str, *, slot: int = 0, conduct: Conduct = WELL_BEHAVED) -> None:
        answer = as_responder(CardUid.from_hex(uid), conduct)
        self.scard.lay(self.names[slot], ScriptedCard(answer, MIFARE_CLASSIC_1K_ATR))

    def lift(self, slot: int = 0) -> None:
        self.scard.lift(self.names[slot])

    def lose(self) -> None:
        for name in self.names:
            self.scard.unplug(name)
        self.scard.end_service()

    def bring_back(self) -> None:
        self.scard.plug(*self.names)
        self.scard.begin_service()

    def clear(self) -> None:
        """Nothing is shared."""


class PcscdBench:
    fault_when_lost = DeviceFault.NO_SERVICE

    def __init__(self, stack: PcscStack) -> None:
        self._stack = stack
        self.names = stack.readers
        self._cards: dict[int, VirtualCard] = {}

    def a_reader(self) -> CardReader:
        return PcscReader(system_scard(), clock=time.monotonic_ns)

    def lay(self, uid: str, *, slot: int = 0, conduct: Conduct = WELL_BEHAVED) -> None:
        number = CardUid.from_hex(uid)
        card = VirtualCard(number, port=self._stack.address.port + slot, responder=as_responder(number, conduct))
        self._cards[slot] = card
        card.insert()

    def lift(self, slot: int = 0) -> None:
        self._cards.pop(slot).remove()

    def lose(self) -> None:
        os.kill(self._stack.daemon_pid, signal.SIGKILL)

    def bring_back(self) -> None:
        """Do nothing: it is watched."""

    def clear(self) -> None:
        for slot in tuple(self._cards):
            self.lift(slot)
        wait_until_empty(self.names)


class NfcpyBench:
    """Two readers of nfcpy, each with a thread. Unplugged, nfcpy finds no reader on USB: none has this number."""

    fault_when_lost = DeviceFault.NO_READER

    def __init__(self) -> None:
        require_nfcpy()
        self._airs = (UdpAir(), UdpAir())
        first, second = (f"Linux IP-Stack UDP at udp:127.0.0.1:{air.port}" for air in self._airs)
        self.names = (first, second)
        self._plugged = True
        self._open: list[NfcpyFrontend] = []

    def a_reader(self) -> CardReader:
        return ReaderGroup([NfcpyReader(partial(self._open_frontend, air), clock=time.monotonic_ns) for air in self._airs])

    def lay(self, uid: str, *, slot: int = 0, conduct: Conduct = WELL_BEHAVED) -> None:
        self._airs[slot].lay(CardUid.from_hex(uid), conduct)

    def lift(self, slot: int = 0) -> None:
        self._airs[slot].lift()

    def lose(self) -> None:
        self._plugged = False
        for air in self._airs:
            air.lift()
        for frontend in self._open:
            frontend.close()

    def bring_back(self) -> None:
        self._open.clear()
        self._plugged = True

    def clear(self) -> None:
        for air in self._airs:
            air.close()

    def _open_frontend(self, air: UdpAir) -> NfcpyFrontend:
        frontend = NfcpyFrontend(f"udp:127.0.0.1:{air.port}" if self._plugged else "usb:0000:0000")
        self._open.append(frontend)
        return frontend


BENCHES: Mapping[str, Callable[[pytest.FixtureRequest], ReaderBench]] = {
    "scripted": lambda _: ScriptedBench(),
    "pcscd": lambda request: PcscdBench(request.getfixturevalue("pcsc_stack")),
    "nfcpy": lambda _: NfcpyBench(),
}


def wait_until_empty(names: tuple[str, ...]) -> None:
    """Wait until the service says that no card lies on any of the readers."""
    context = PcscContext(system_scard())
    known = dict.fromkeys((*names, PNP_READER), 0)
    while not all(known[name] & EMPTY for name in names):
        answers = context.wait(known, timeout_ms=20_000)
        assert answers is not None, "a card does not go away"
        known = {name: answer.state for name, answer in answers.items()}
    context.close()


@contextmanager
def running(reader: CardReader, listener: Callable[[ReaderEvent], None]) -> Iterator[None]:
    reader.start(listener)
    try:
        yield
    finally:
        reader.stop()
