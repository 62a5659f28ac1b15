"""Taps from a reader that nfcpy drives: one thread that looks again and again, and comes back from everything.

nfcpy has no way to wait for a card, so the reader is looked at twenty times a second and rests in between. It may be
unplugged, held by others or answer rubbish: each ends in a report, and the loop goes on by itself.
"""

from collections.abc import Callable
from contextlib import closing
from threading import Event, Thread, current_thread

from drivers.atr import read_atr
from drivers.failures import place_of
from drivers.nfcpy_frontend import Frontend, FrontendError, FrontendOpener
from drivers.nfcpy_presence import Look, Lying, after_look
from drivers.nfcpy_target import SensedCard
from drivers.ports import (
    CardPresented,
    CardRemoved,
    CardUnreadable,
    DeviceFault,
    DeviceHealth,
    DeviceState,
    ReaderEvent,
)

DEVICE = "reader"
"""The name under which this driver reports its health."""

_LOOK_EVERY_S = 0.05
_OPEN_AGAIN_S = 0.25
_REFUSED_AGAIN_S = 1.0
_STOP_ROUND_S = 0.002
_STOP_LIMIT_NS = 2_000_000_000


class NfcpyReader:
    """One reader that nfcpy drives, as one ``CardReader``.

    ``open_frontend`` opens it and is called again whenever it was lost; ``clock`` gives monotonic nanoseconds.

    A card that still lies on its reader when the reader comes back is not reported again: nobody tapped, and a card left
    behind must not open a session.
    """

    def __init__(self, open_frontend: FrontendOpener, *, clock: Callable[[], int]) -> None:
        self._open_frontend = open_frontend
        self._clock = clock
        self._stopping = Event()
        self._thread: Thread | None = None
        self._listener: Callable[[ReaderEvent], None] = _nobody
        self._frontend: Frontend | None = None
        self._health: DeviceHealth | None = None
        self._lying: Lying | None = None
        self._reported = False

    def start(self, listener: Callable[[ReaderEvent], None]) -> None:
        """Begin looking in an own thread. The first report is a ``DeviceHealth``. Called once."""
        self._listener = listener
        self._thread = Thread(target=self._run, name="nfcpy-reader", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the looking. No report comes after it. May be called twice.

        Returns within 10 ms between two looks and over UDP. A look at a USB or serial reader cannot be interrupted and is
        waited for; one that takes longer than 2 s is left to itself, silent.
        """
        self._stopping.set()
        thread = self._thread
        if thread is None or thread is current_thread():
            return
        until = self._clock() + _STOP_LIMIT_NS
        while thread.is_alive() and self._clock() < until:
            # Repeated, because each look has a link of its own.
            if (frontend := self._frontend) is not None:
                frontend.cancel()
            thread.join(_STOP_ROUND_S)

    def _run(self) -> None:
        failure: DeviceHealth | None = None
        while not self._stopping.is_set():
            try:
                # Reported in here, so that a listener that fails cannot end the loop either.
                if failure is not None:
                    self._report_health(failure)
                    if self._stopping.wait(_OPEN_AGAIN_S if failure.fault is DeviceFault.NO_READER else _REFUSED_AGAIN_S):
                        return
                self._serve()
            except FrontendError as error:
                failure = DeviceHealth(DEVICE, DeviceState.MISSING, error.fault, str(error))
            except Exception as error:  # noqa: BLE001 - a driver never stops for good: it says what failed and goes on
                failure = DeviceHealth(DEVICE, DeviceState.MISSING, DeviceFault.DRIVER_FAILED, place_of(error))

    def _serve(self) -> None:
        with closing(self._open_frontend()) as frontend:
            self._frontend = frontend
            try:
                self._report_health(DeviceHealth(DEVICE, DeviceState.READY, detail=frontend.name))
                while not self._stopping.is_set():
                    self._take(frontend, after_look(self._lying, frontend.look()))
                    self._stopping.wait(_LOOK_EVERY_S)
            finally:
                self._frontend = None
                # What lies there is kept in mind, so that it is not taken for a new tap when the reader comes back.
                self._lift(frontend, self._clock())

    def _take(self, frontend: Frontend, look: Look) -> None:
        seen_at = self._clock()
        self._lying = look.lying
        if look.was_lifted:
            self._lift(frontend, seen_at)
        match look.laid_on:
            case SensedCard(uid, atr):
                self._reported = True
                self._report(CardPresented(uid, frontend.name, seen_at, atr, read_atr(atr).kind_hint))
            case None:
                pass
            case error:
                self._reported = True
                self._report(CardUnreadable(frontend.name, seen_at, str(error)))

    def _lift(self, frontend: Frontend, seen_at: int) -> None:
        if self._reported:
            self._reported = False
            self._report(CardRemoved(frontend.name, seen_at))

    def _report_health(self, health: DeviceHealth) -> None:
        if health != self._health:
            self._health = health
            self._report(health)

    def _report(self, event: ReaderEvent) -> None:
        if not self._stopping.is_set():
            self._listener(event)


def _nobody(_event: ReaderEvent) -> None:
    """Listen before anybody does."""
