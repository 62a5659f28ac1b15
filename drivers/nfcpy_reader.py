"""Taps from a reader that nfcpy drives: one thread that looks again and again, and comes back from everything.

nfcpy has no way to wait for a card, so the reader is looked at twenty times a second and rests in between. It may be
unplugged, held by others or answer rubbish: each ends in a report, and the loop goes on by itself.
"""

from collections.abc import Callable
from contextlib import closing

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
)
from drivers.reader_thread import ReaderThread

DEVICE = "reader"
"""The name under which this driver reports its health."""

_LOOK_EVERY_S = 0.05
_OPEN_AGAIN_S = 0.25
_REFUSED_AGAIN_S = 1.0


class NfcpyReader(ReaderThread):
    """One reader that nfcpy drives, as one ``CardReader``.

    ``open_frontend`` opens it and is called again whenever it was lost; ``clock`` gives monotonic nanoseconds.

    A card that still lies on its reader when the reader comes back is not reported again: nobody tapped, and a card left
    behind must not open a session.
    """

    def __init__(self, open_frontend: FrontendOpener, *, clock: Callable[[], int]) -> None:
        super().__init__("nfcpy-reader", clock=clock)
        self._open_frontend = open_frontend
        self._frontend: Frontend | None = None
        self._lying: Lying | None = None
        self._reported = False

    def _cancel(self) -> None:
        # Each look has a link of its own. A look at a USB or serial reader cannot be interrupted and is waited for.
        if (frontend := self._frontend) is not None:
            frontend.cancel()

    def _failed(self, error: Exception) -> tuple[DeviceHealth, float]:
        if isinstance(error, FrontendError):
            pause = _OPEN_AGAIN_S if error.fault is DeviceFault.NO_READER else _REFUSED_AGAIN_S
            return DeviceHealth(DEVICE, DeviceState.MISSING, error.fault, str(error)), pause
        return DeviceHealth(DEVICE, DeviceState.MISSING, DeviceFault.DRIVER_FAILED, place_of(error)), _REFUSED_AGAIN_S

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
