"""A PC/SC service that follows a script, for what no virtual reader can do: unplugging, refusing, failing.

It behaves as pcsc-lite 1.9.9 was measured to: a context of a dead service is dead for ever, a cancel
before the wait is lost, a wait without readers returns at once, releasing a context that was never
established raises SystemError. Time-outs pass in no time.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition

from drivers import pcsc_status as status
from drivers.pcsc_calls import PNP_READER
from drivers.pcsc_slots import CHANGED, EMPTY, MUTE, PRESENT, UNAVAILABLE, UNKNOWN

States = list[tuple[str, int, list[int]]]
Answer = Callable[[bytes], bytes]

LIMIT_S = 30.0


@dataclass(slots=True)
class ScriptedCard:
    answer: Answer
    atr: bytes = b""
    connect_status: int = status.SUCCESS
    mute: bool = False


@dataclass(slots=True)
class _Slot:
    card: ScriptedCard | None = None
    moves: int = 0

    def state(self) -> int:
        flags = EMPTY if self.card is None else PRESENT | (MUTE if self.card.mute else 0)
        return flags | (self.moves & 0xFFFF) << 16


@dataclass(slots=True)
class _Context:
    alive: bool = True
    waiting: bool = False
    cancelled: bool = False


@dataclass(slots=True)
class ScriptedScard:
    calls: Counter[str] = field(default_factory=Counter)
    refusal: int = status.SUCCESS
    """What the next establishing calls answer instead of success."""

    limits: list[int] = field(default_factory=list)
    """The time limits of the waits so far, in milliseconds."""

    _slots: dict[str, _Slot] = field(default_factory=dict)
    _contexts: dict[int, _Context] = field(default_factory=dict)
    _connections: dict[int, str] = field(default_factory=dict)
    _news: Condition = field(default_factory=Condition)
    _after_list: list[Callable[[], None]] = field(default_factory=list)
    _failures: dict[str, Exception] = field(default_factory=dict)

    # The script.

    def plug(self, *readers: str) -> None:
        with self._news:
            for reader in readers:
                self._slots[reader] = _Slot()
            self._happened()

    def plug_after_next_list(self, reader: str) -> None:
        """Plug a reader in between the list of readers and the wait, where it is not announced."""
        with self._news:
            self._after_list.append(lambda: self.plug(reader))

    def unplug(self, reader: str) -> None:
        with self._news:
            del self._slots[reader]
            self._happened()

    def replug(self, reader: str) -> None:
        """Unplug and plug in again before anybody looks: as many readers as before."""
        with self._news:
            self._slots[reader] = _Slot()
            self._happened()

    def lay(self, reader: str, card: ScriptedCard) -> None:
        with self._news:
            slot = self._slots[reader]
            assert slot.card is None, "a card lies there"
            slot.card = card
            slot.moves += 1
            self._happened()

    def lift(self, reader: str) -> None:
        with self._news:
            slot = self._slots[reader]
            slot.card = None
            slot.moves += 1
            self._happened()

    def swap(self, reader: str, card: ScriptedCard) -> None:
        """Lift a card and lay another before anybody looks."""
        with self._news:
            self.lift(reader)
            self.lay(reader, card)

    def pass_by(self, reader: str, card: ScriptedCard) -> None:
        """Lay a card and lift it before anybody looks."""
        with self._news:
            self.lay(reader, card)
            self.lift(reader)

    def replace_unseen(self, reader: str, card: ScriptedCard) -> None:
        """Put another card in the place of one, without the service noticing (vpcd does so after a broken exchange)."""
        with self._news:
            self._slots[reader].card = card

    def end_service(self, *, status_for_new: int = status.NO_SERVICE) -> None:
        with self._news:
            self.refusal = status_for_new
            for context in self._contexts.values():
                context.alive = False
            for slot in self._slots.values():
                slot.moves = 0
            self._happened()

    def begin_service(self) -> None:
        with self._news:
            self.refusal = status.SUCCESS

    def fail_next(self, call: str, error: Exception) -> None:
        """Make the next call of this name raise; a wait that is going on raises at once."""
        with self._news:
            self._failures[call] = error
            self._happened()

    def wait_until_waited_for(self) -> None:
        """Wait until somebody waits without a time limit and has seen all there is."""
        with self._news:
            assert self._news.wait_for(lambda: any(context.waiting for context in self._contexts.values()), LIMIT_S)

    # The calls.

    @property
    def INFINITE(self) -> int:  # noqa: N802 - the standard's name
        return 0x7FFFFFFF

    @property
    def SCARD_PCI_T0(self) -> int:  # noqa: N802 - the standard's name
        return 1

    @property
    def SCARD_PCI_T1(self) -> int:  # noqa: N802 - the standard's name
        return 2

    def SCardEstablishContext(self, _scope: int, /) -> tuple[int, int]:  # noqa: N802 - the standard's name
        with self._news:
            self._begin("SCardEstablishContext")
            if self.refusal != status.SUCCESS:
                return self.refusal, -1
            handle = len(self._contexts) + 1
            self._contexts[handle] = _Context()
            return status.SUCCESS, handle

    def SCardReleaseContext(self, handle: int, /) -> int:  # noqa: N802 - the standard's name
        with self._news:
            self._begin("SCardReleaseContext")
            if handle not in self._contexts:
                message = "<built-in function SCardReleaseContext> returned a result with an exception set"
                raise SystemError(message)
            return status.SUCCESS if self._contexts.pop(handle).alive else status.NO_SERVICE

    def SCardListReaders(self, handle: int, _groups: list[str], /) -> tuple[int, list[str]]:  # noqa: N802 - the standard's name
        with self._news:
            self._begin("SCardListReaders")
            if not self._contexts[handle].alive:
                return status.NO_SERVICE, []
            names = list(self._slots)
            for happening in self._after_list:
                happening()
            self._after_list.clear()
            return (status.SUCCESS, names) if names else (status.NO_READERS_AVAILABLE, [])

    def SCardGetStatusChange(self, handle: int, timeout: int, known: list[tuple[str, int]], /) -> tuple[int, States]:  # noqa: N802 - the standard's name
        with self._news:
            self._begin("SCardGetStatusChange")
            self.limits.append(timeout)
            context = self._contexts[handle]
            if not context.alive:
                return status.NO_SERVICE, []
            if not known:
                return status.SUCCESS, []
            if any(name not in self._slots for name, _ in known if name != PNP_READER):
                return status.UNKNOWN_READER, [(name, state, []) for name, state in known]
            readers_before = len(self._slots)
            while True:
                self._raise_scripted("SCardGetStatusChange")
                answers = [self._look(name, state, readers_before) for name, state in known]
                if not self._contexts[handle].alive:
                    return status.COMM_ERROR, answers
                if any(state & CHANGED for _, state, _ in answers):
                    return status.SUCCESS, answers
                if timeout != self.INFINITE:
                    return status.TIMEOUT, answers
                if context.cancelled:
                    context.cancelled = False
                    return status.CANCELLED, answers
                context.waiting = True
                self._news.notify_all()
                self._news.wait()
                context.waiting = False

    def SCardCancel(self, handle: int, /) -> int:  # noqa: N802 - the standard's name
        with self._news:
            self._begin("SCardCancel")
            context = self._contexts[handle]
            context.cancelled = context.waiting
            self._news.notify_all()
            return status.SUCCESS

    def SCardConnect(self, handle: int, reader: str, _share: int, _protocols: int, /) -> tuple[int, int, int]:  # noqa: N802 - the standard's name
        with self._news:
            self._begin("SCardConnect")
            if not self._contexts[handle].alive:
                return status.NO_SERVICE, 0, 0
            if reader not in self._slots:
                return status.UNKNOWN_READER, 0, 0
            card = self._slots[reader].card
            if card is None:
                return status.NO_SMARTCARD, 0, 0
            if card.connect_status != status.SUCCESS:
                return card.connect_status, 0, 0
            connection = self.calls["SCardConnect"]
            self._connections[connection] = reader
            return status.SUCCESS, connection, 2

    def SCardTransmit(self, connection: int, _protocol: int, command: list[int], /) -> tuple[int, list[int]]:  # noqa: N802 - the standard's name
        with self._news:
            self._begin("SCardTransmit")
            reader = self._connections[connection]
            slot = self._slots.get(reader)
            card = None if slot is None else slot.card
            if card is None:
                return status.REMOVED_CARD, []
        # Outside the lock: a card takes its time, and may move itself while it answers.
        answer = card.answer(bytes(command))
        with self._news:
            if self.refusal != status.SUCCESS:
                return status.COMM_ERROR, []
            slot = self._slots.get(reader)
            if slot is None:
                return status.READER_UNAVAILABLE, []
            if slot.card is not card:
                return status.SUCCESS, []
            return status.SUCCESS, list(answer)

    def SCardDisconnect(self, connection: int, _disposition: int, /) -> int:  # noqa: N802 - the standard's name
        with self._news:
            self._begin("SCardDisconnect")
            del self._connections[connection]
            return status.SUCCESS

    @property
    def open_connections(self) -> int:
        with self._news:
            return len(self._connections)

    @property
    def open_contexts(self) -> int:
        with self._news:
            return len(self._contexts)

    def _happened(self) -> None:
        for context in self._contexts.values():
            context.waiting = False
        self._news.notify_all()

    def _begin(self, call: str) -> None:
        self.calls[call] += 1
        self._raise_scripted(call)

    def _raise_scripted(self, call: str) -> None:
        if (error := self._failures.pop(call, None)) is not None:
            raise error

    def _look(self, name: str, known: int, readers_before: int) -> tuple[str, int, list[int]]:
        if name == PNP_READER:
            return name, CHANGED if len(self._slots) != readers_before else 0, []
        slot = self._slots.get(name)
        if slot is None:
            gone = UNKNOWN | UNAVAILABLE
            return name, gone if known == gone else gone | CHANGED, []
        state = slot.state()
        atr = list(slot.card.atr) if slot.card else []
        return name, state if state == known & ~CHANGED else state | CHANGED, atr
