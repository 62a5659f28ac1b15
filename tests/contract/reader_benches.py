"""Benches on which every card reader goes through one suite: a scripted service, and a real pcscd with virtual cards."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from circulation.cards import CardUid
from drivers.atr import MIFARE_CLASSIC_1K_ATR
from drivers.pcsc import PcscReader
from drivers.pcsc_calls import PNP_READER, PcscContext, system_scard
from drivers.pcsc_slots import EMPTY
from drivers.ports import CardReader, ReaderEvent
from drivers.vpcd import Responder, VirtualCard, well_behaved
from tests.contract.scripted_scard import ScriptedCard, ScriptedScard
from tests.pcsc_stack import PcscStack


class ReaderBench(Protocol):
    """Two readers, cards to lay on them, and the service behind them."""

    @property
    def names(self) -> tuple[str, str]: ...

    def a_reader(self) -> CardReader: ...

    def lay(self, uid: str, *, slot: int = 0, responder: Responder | None = None) -> None: ...

    def lift(self, slot: int = 0) -> None: ...

    def end_service(self) -> None:
        """End the service the hard way; it comes back, by itself or when ``bring_service_back`` asks for it."""

    def bring_service_back(self) -> None: ...


class ScriptedBench:
    def __init__(self) -> None:
        self.scard = ScriptedScard()
        self.names = ("Scripted 00 00", "Scripted 00 01")
        self.scard.plug(*self.names)

    def a_reader(self) -> CardReader:
        return PcscReader(self.scard, clock=time.monotonic_ns)

    def lay(self, uid: str, *, slot: int = 0, responder: Responder | None = None) -> None:
        answer = responder or well_behaved(CardUid.from_hex(uid))
        self.scard.lay(self.names[slot], ScriptedCard(answer, MIFARE_CLASSIC_1K_ATR))

    def lift(self, slot: int = 0) -> None:
        self.scard.lift(self.names[slot])

    def end_service(self) -> None:
        for name in self.names:
            self.scard.unplug(name)
        self.scard.end_service()

    def bring_service_back(self) -> None:
        self.scard.plug(*self.names)
        self.scard.begin_service()


class PcscdBench:
    def __init__(self, stack: PcscStack) -> None:
        self._stack = stack
        self.names = stack.readers
        self._cards: dict[int, VirtualCard] = {}

    def a_reader(self) -> CardReader:
        return PcscReader(system_scard(), clock=time.monotonic_ns)

    def lay(self, uid: str, *, slot: int = 0, responder: Responder | None = None) -> None:
        card = VirtualCard(CardUid.from_hex(uid), port=self._stack.address.port + slot, responder=responder)
        self._cards[slot] = card
        card.insert()

    def lift(self, slot: int = 0) -> None:
        self._cards.pop(slot).remove()

    def end_service(self) -> None:
        os.kill(self._stack.daemon_pid, signal.SIGKILL)

    def bring_service_back(self) -> None:
        """Do nothing: it is watched."""

    def clear(self) -> None:
        for slot in tuple(self._cards):
            self.lift(slot)
        wait_until_empty(self.names)


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
