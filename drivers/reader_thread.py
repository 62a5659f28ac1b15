"""The thread of a card reader's driver: it comes back from everything, says how the reader is, and stops when it is told to."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Event, Thread, current_thread

from drivers.ports import DeviceHealth, ReaderEvent

_STOP_ROUND_S = 0.002
_STOP_LIMIT_NS = 2_000_000_000


class ReaderThread(ABC):
    """Serves in an own thread, again and again until it is stopped. ``clock`` gives monotonic nanoseconds."""

    def __init__(self, name: str, *, clock: Callable[[], int]) -> None:
        self._name = name
        self._clock = clock
        self._stopping = Event()
        self._thread: Thread | None = None
        self._listener: Callable[[ReaderEvent], None] = _nobody
        self._health: DeviceHealth | None = None

    def start(self, listener: Callable[[ReaderEvent], None]) -> None:
        """Begin in an own thread. The first report is a ``DeviceHealth``. Called once."""
        self._listener = listener
        self._thread = Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it. No report comes after it. May be called twice.

        Returns within 10 ms where what is under way can be cancelled; what can't is waited for, and after 2 s left to itself, silent.
        """
        self._stopping.set()
        thread = self._thread
        if thread is None or thread is current_thread():
            return
        until = self._clock() + _STOP_LIMIT_NS
        while thread.is_alive() and self._clock() < until:
            # Repeated, because a cancel that comes just before the wait is lost.
            self._cancel()
            thread.join(_STOP_ROUND_S)

    @abstractmethod
    def _serve(self) -> None:
        """Serve until it is stopped, or fail."""

    @abstractmethod
    def _cancel(self) -> None:
        """Wake what waits. Called from another thread."""

    @abstractmethod
    def _failed(self, error: Exception) -> tuple[DeviceHealth, float]:
        """What a failure means, and after how many seconds it is tried again."""

    def _run(self) -> None:
        failure: tuple[DeviceHealth, float] | None = None
        while not self._stopping.is_set():
            try:
                # Reported in here, so that a listener that fails cannot end the loop either.
                if failure is not None:
                    health, pause = failure
                    self._report_health(health)
                    if self._stopping.wait(pause):
                        return
                self._serve()
            except Exception as error:  # noqa: BLE001 - a driver never stops for good: it says what failed and goes on
                failure = self._failed(error)

    def _report_health(self, health: DeviceHealth) -> None:
        if health != self._health:
            self._health = health
            self._report(health)

    def _report(self, event: ReaderEvent) -> None:
        if not self._stopping.is_set():
            self._listener(event)


def _nobody(_event: ReaderEvent) -> None:
    """Listen before anybody does."""
