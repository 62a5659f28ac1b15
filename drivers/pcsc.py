"""Taps from a PC/SC service: one thread that waits, for ever and without polling, and comes back from everything.

The service may be absent, restart or be killed, readers may come and go, cards may be pulled away in
the middle of an answer or answer rubbish: each ends in a report, and the loop goes on by itself.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from fnmatch import fnmatchcase
from threading import Timer

from circulation.cards import CardUid
from drivers import pcsc_status as status
from drivers.apdu import GET_UID, CardLiftedError, uid_of_answer
from drivers.atr import read_atr
from drivers.failures import place_of
from drivers.pcsc_calls import PNP_READER, PcscCallError, PcscContext, ReaderStatus, Scard
from drivers.pcsc_slots import CHANGED, EMPTY, UNAWARE, SlotStep, acknowledged, steps_between
from drivers.ports import (
    CardAnswerError,
    CardPresented,
    CardRemoved,
    CardUnreadable,
    DeviceFault,
    DeviceHealth,
    DeviceState,
)
from drivers.reader_thread import ReaderThread

DEVICE = "reader"
"""The name under which this driver reports its health."""

_SERVICE_RETRY_S = 0.25
_REFUSED_RETRY_S = 5.0
_SETTLE_MS = 1000
_SLOW_CARD_S = 1.5
_READ_AGAIN_MS = (20, 100, 300, 1000)
"""When a card that slipped is asked again, each time after the last. The first one soon: another card may already lie in its place, and
the service neither notices it nor powers it until it is asked for (measured). The last ones for a card that is still being laid down."""
_IDLE_ROUNDS = 20
_IDLE_PAUSE_S = 0.05


@dataclass(slots=True)
class _Slot:
    state: int = UNAWARE
    reported: bool = False
    uid: CardUid | None = None
    asks_again: tuple[int, ...] = ()
    """After so many milliseconds each, if it still lies there unread."""


class PcscReader(ReaderThread):
    """All contactless readers of one PC/SC service, as one ``CardReader``.

    ``scard`` is ``pcsc_calls.system_scard()`` or a scripted one, ``clock`` gives monotonic nanoseconds,
    ``readers`` is the name of the reader to use or a shell pattern for several, in any case.

    A card that still lies on its reader when the service or the reader comes back is not reported
    again: nobody tapped, and a card left behind must not open a session.
    """

    def __init__(self, scard: Scard, *, clock: Callable[[], int], readers: str = "*") -> None:
        super().__init__("pcsc-reader", clock=clock)
        self._scard = scard
        self._refusals = 0
        self._pattern = readers.casefold()
        self._context: PcscContext | None = None
        self._ready = DeviceHealth(DEVICE, DeviceState.READY)
        self._slots: dict[str, _Slot] = {}
        self._left_lying: dict[str, CardUid] = {}

    def _cancel(self) -> None:
        if (context := self._context) is not None:
            context.cancel()

    def _failed(self, error: Exception) -> tuple[DeviceHealth, float]:
        if isinstance(error, PcscCallError):
            # A service that dies just then looks like one that refuses: only the second time in a row is it believed.
            self._refusals = self._refusals + 1 if error.fault is DeviceFault.NOT_PERMITTED else 0
            health = DeviceHealth(DEVICE, DeviceState.MISSING, error.fault, str(error))
        else:
            self._refusals = 0
            health = DeviceHealth(DEVICE, DeviceState.MISSING, DeviceFault.DRIVER_FAILED, place_of(error))
        return health, _SERVICE_RETRY_S if self._refusals <= 1 else _REFUSED_RETRY_S

    def _serve(self) -> None:
        with closing(PcscContext(self._scard)) as context:
            self._context = context
            try:
                self._serve_readers(context)
            finally:
                self._context = None
                self._lose_all()

    def _serve_readers(self, context: PcscContext) -> None:
        known: tuple[str, ...] | None = None
        timed_out = False
        while not self._stopping.is_set():
            names = self._take_readers(context.readers())
            if names == known and not timed_out:
                # Told of a change that is none: never again and again at full speed.
                self._stopping.wait(_IDLE_PAUSE_S)
            # A reader that came between the list and the wait is not announced: look a second time after a new list.
            timed_out = self._watch(context, timeout_ms=None if names == known else _SETTLE_MS)
            known = names

    def _take_readers(self, plugged_in: tuple[str, ...]) -> tuple[str, ...]:
        names = tuple(name for name in plugged_in if self._is_used(name.casefold()))
        for name in [name for name in self._slots if name not in names]:
            self._lose(name)
            del self._slots[name]
        for name in names:
            self._slots.setdefault(name, _Slot())
        if names:
            self._ready = DeviceHealth(DEVICE, DeviceState.READY, detail=", ".join(names))
            self._report_health(self._ready)
        else:
            others = f"none of these is to be used: {', '.join(plugged_in)}" if plugged_in else "no reader is plugged in"
            self._report_health(DeviceHealth(DEVICE, DeviceState.MISSING, DeviceFault.NO_READER, others))
        return names

    def _is_used(self, name: str) -> bool:
        # Real names hold brackets, which are no pattern when the whole name was given.
        return name == self._pattern or fnmatchcase(name, self._pattern)

    def _watch(self, context: PcscContext, *, timeout_ms: int | None) -> bool:
        """Report what happens on the known readers until their list must be read again. Whether it was the time-out that ended it."""
        idle_rounds = 0
        while not self._stopping.is_set():
            known = {name: slot.state for name, slot in self._slots.items()} | {PNP_READER: UNAWARE}
            unread = [name for name, slot in self._slots.items() if slot.asks_again]
            ask_again_ms = min((self._slots[name].asks_again[0] for name in unread), default=None)
            try:
                answers = context.wait(known, timeout_ms=timeout_ms if ask_again_ms is None else ask_again_ms)
                if answers is None and not unread:
                    return True
                if answers is None:
                    self._read_again(context, unread)
                    continue
                seen_at = self._clock()
                moved = [self._advance(context, name, answers[name], seen_at) for name in self._slots]
            except PcscCallError as error:
                if error.hresult in status.READER_GONE:
                    return False
                raise
            if answers[PNP_READER].state & CHANGED or SlotStep.READER_LOST in {step for steps in moved for step in steps}:
                return False
            idle_rounds = 0 if any(moved) else idle_rounds + 1
            if idle_rounds >= _IDLE_ROUNDS:
                self._stopping.wait(_IDLE_PAUSE_S)
        return True

    def _advance(self, context: PcscContext, name: str, now: ReaderStatus, seen_at: int) -> tuple[SlotStep, ...]:
        slot = self._slots[name]
        steps = steps_between(slot.state, now.state)
        slot.state = acknowledged(now.state)
        if now.state & EMPTY:
            self._left_lying.pop(name, None)
        for step in steps:
            match step:
                case SlotStep.LIFTED:
                    self._lift(name, seen_at)
                case SlotStep.PASSED_BY:
                    self._report_unreadable(name, seen_at, "the card was lifted before it could be read")
                    self._lift(name, seen_at)
                case SlotStep.LAID_ON | SlotStep.LAID_ON_MUTE:
                    # A mute one is asked too: another card may lie in its place that the service powers only when it is asked for (measured).
                    slot.asks_again = _READ_AGAIN_MS
                    self._read(context, name, now.atr, seen_at)
                case SlotStep.READER_LOST:
                    self._lose(name)
                    # Waited for from here on: a reader that stays away is news once.
                    slot.state = acknowledged(now.state)
        return steps

    def _read(self, context: PcscContext, name: str, atr: bytes, seen_at: int) -> None:
        slot = self._slots[name]
        try:
            uid = uid_of_answer(self._ask(context, name))
        except CardAnswerError as error:
            if not isinstance(error, CardLiftedError):
                slot.asks_again = ()
            self._report_health(self._ready)
            self._report_unreadable(name, seen_at, str(error))
        except PcscCallError as error:
            if error.hresult not in status.WORTH_ASKING_AGAIN:
                slot.asks_again = ()
            forbidden = DeviceHealth(DEVICE, DeviceState.DEGRADED, DeviceFault.NOT_PERMITTED, str(error))
            self._report_health(forbidden if error.hresult == status.SECURITY_VIOLATION else self._ready)
            self._report_unreadable(name, seen_at, str(error))
            if error.hresult in status.SERVICE_GONE | status.READER_GONE:
                raise
        else:
            self._report_health(self._ready)
            self._present(name, uid, atr, seen_at)

    def _read_again(self, context: PcscContext, names: list[str]) -> None:
        """Ask cards again that slipped while they were read: a card that takes their place at once is not counted as another."""
        for name in names:
            self._slots[name].asks_again = self._slots[name].asks_again[1:]
            self._read(context, name, b"", self._clock())

    def _present(self, name: str, uid: CardUid, atr: bytes, seen_at: int) -> None:
        self._lift(name, seen_at)
        slot = self._slots[name]
        slot.uid = uid
        if self._left_lying.pop(name, None) != uid:
            slot.reported = True
            self._report(CardPresented(uid, name, seen_at, atr, read_atr(atr).kind_hint))

    def _ask(self, context: PcscContext, name: str) -> bytes:
        watch = Timer(_SLOW_CARD_S, self._report_slow_card, (name,))
        watch.daemon = True
        watch.start()
        try:
            answer = context.ask(name, GET_UID)
        finally:
            # Joined, so that the two threads never report at the same time.
            watch.cancel()
            watch.join()
        return answer

    def _report_slow_card(self, name: str) -> None:
        detail = f"the card on {name} has not answered for {_SLOW_CARD_S:g} s"
        self._report_health(DeviceHealth(DEVICE, DeviceState.DEGRADED, DeviceFault.CARD_UNREADABLE, detail))

    def _lift(self, name: str, seen_at: int) -> None:
        slot = self._slots[name]
        slot.uid = None
        slot.asks_again = ()
        if slot.reported:
            slot.reported = False
            self._report(CardRemoved(name, seen_at))

    def _lose(self, name: str) -> None:
        slot = self._slots[name]
        if slot.uid is not None:
            self._left_lying[name] = slot.uid
        slot.state = UNAWARE
        self._lift(name, self._clock())

    def _lose_all(self) -> None:
        for name in self._slots:
            self._lose(name)

    def _report_unreadable(self, name: str, seen_at: int, problem: str) -> None:
        self._left_lying.pop(name, None)
        slot = self._slots[name]
        if not slot.reported:
            slot.reported = True
            self._report(CardUnreadable(name, seen_at, problem))
