"""The life that all scanners share: a thread that waits, reports what it reads and how it is, and comes back from whatever ended its waiting."""

import selectors
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread, current_thread

from drivers.ports import (
    BarcodeScanned,
    DeviceError,
    DeviceFault,
    DeviceHealth,
    DeviceState,
    ScannerEvent,
    ScanUnreadable,
)
from drivers.scan_lines import LineReading

DEVICE = "scanner"
"""The name under which a kiosk's only scanner reports its health."""

RETRY_S = 0.25
_NS = 1_000_000_000
_BAD_IN_A_ROW = 3
"""One bad scan is a smudge or a shaky hand; so many without a good one between are a setting or a cable."""


class ScannerLostError(DeviceError):
    """The scanner is not there, or can't be used, for a reason that has a code of its own."""

    def __init__(self, fault: DeviceFault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault


class Waiting:
    """What a scanner waits for: its own sources, a deadline, and the stop."""

    def __init__(self, waiting: selectors.BaseSelector, clock: Callable[[], int], stopping: Event) -> None:
        self.sources = waiting
        self._clock = clock
        self._stopping = stopping

    def until(self, deadline: int | None = None) -> list[selectors.SelectorKey] | None:
        """The sources that have something, none of them when the deadline (monotonic nanoseconds) has come, none at all at the stop."""
        seconds = None if deadline is None else max(0.0, (deadline - self._clock()) / _NS)
        ready = [key for key, _ in self.sources.select(seconds)]
        return None if self._stopping.is_set() else ready


class ScannerThread(ABC):
    """A ``Scanner``; what it listens to is ``_serve``'s.

    ``name`` is the scanner in its barcodes, ``device`` in its health; ``clock`` gives monotonic nanoseconds.
    """

    def __init__(self, name: str, *, device: str, clock: Callable[[], int]) -> None:
        self._name = name
        self._device = device
        self._clock = clock
        self._stopping = Event()
        self._thread: Thread | None = None
        self._listener: Callable[[ScannerEvent], None] = _nobody
        self._health: DeviceHealth | None = None
        self._well = DeviceHealth(device, DeviceState.READY)
        self._bad_in_a_row = 0
        self._wake, self._woken = socket.socketpair()

    def start(self, listener: Callable[[ScannerEvent], None]) -> None:
        """Begin waiting in an own thread. The first report is a ``DeviceHealth``. Called once."""
        self._listener = listener
        self._thread = Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the waiting. No report comes after it. May be called twice."""
        self._stopping.set()
        # Closing one end wakes the thread that waits at the other.
        self._wake.close()
        if self._thread is None:
            self._woken.close()
        elif self._thread is not current_thread():
            self._thread.join()

    @abstractmethod
    def _serve(self) -> None:
        """Listen until the stop.

        Raises:
            ScannerLostError, OSError: the scanner is gone, or never was there; it is tried again.

        """

    @contextmanager
    def _waiting(self) -> Iterator[Waiting]:
        with selectors.DefaultSelector() as sources:
            sources.register(self._woken, selectors.EVENT_READ)
            yield Waiting(sources, self._clock, self._stopping)

    def _run(self) -> None:
        failure: DeviceHealth | None = None
        with self._woken:
            while not self._stopping.is_set():
                try:
                    # Reported in here, so that a listener that fails cannot end the loop either.
                    if failure is not None:
                        self._report_health(failure)
                        if self._stopping.wait(RETRY_S):
                            return
                    self._serve()
                except ScannerLostError as error:
                    failure = self._missing(error.fault, str(error))
                except OSError as error:
                    failure = self._missing(DeviceFault.NO_SCANNER, error.strerror or str(error))
                except Exception as error:  # noqa: BLE001 - a driver never stops for good: it says what failed and goes on
                    failure = self._missing(DeviceFault.DRIVER_FAILED, type(error).__name__)

    def _report_ready(self, detail: str) -> None:
        self._bad_in_a_row = 0
        self._well = DeviceHealth(self._device, DeviceState.READY, detail=detail)
        self._report_health(self._well)

    def _report_lines(self, readings: Iterable[LineReading | None]) -> None:
        for reading in readings:
            if reading is None:
                continue
            if reading.problem:
                self._report_bad(reading.problem)
            else:
                self._bad_in_a_row = 0
                self._report_health(self._well)
                self._report(BarcodeScanned(reading.text, self._name, self._clock()))

    def _report_bad(self, problem: str) -> None:
        self._bad_in_a_row += 1
        self._report(ScanUnreadable(self._name, self._clock(), problem))
        if self._bad_in_a_row >= _BAD_IN_A_ROW:
            self._report_health(DeviceHealth(self._device, DeviceState.DEGRADED, DeviceFault.SCANS_UNREADABLE, problem))

    def _report_health(self, health: DeviceHealth) -> None:
        # A scanner that is looked for again is missing in other words each time: that is no news.
        if self._health is None or (health.state, health.fault) != (self._health.state, self._health.fault):
            self._health = health
            self._report(health)

    def _report(self, event: ScannerEvent) -> None:
        if not self._stopping.is_set():
            self._listener(event)

    def _missing(self, fault: DeviceFault, detail: str) -> DeviceHealth:
        return DeviceHealth(self._device, DeviceState.MISSING, fault, detail)


def _nobody(_event: ScannerEvent) -> None:
    """Listen before anybody does."""
