"""The core's thread: events in by a queue, a tick when a deadline has come. A crash is reported, never swallowed."""

import queue
import threading
from collections.abc import Callable

import structlog

from kiosk.core import Core
from kiosk.events import Event, Tick
from kiosk.fault_place import place_of
from kiosk.ports import Clock

_log = structlog.get_logger()

_LONGEST_WAIT = 3600.0


class CoreThread:
    """Runs a core that nobody else touches.

    Args:
        core: not started yet; the thread starts it, and closes it at the end.
        clock: the core's.
        crashed: called in the thread with whatever ended it too early. The process should end then and be started anew.

    """

    def __init__(self, core: Core, clock: Clock, crashed: Callable[[BaseException], None]) -> None:
        self._core = core
        self._clock = clock
        self._crashed = crashed
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="core")

    def start(self) -> None:
        """Begin. Called once."""
        self._thread.start()

    def post(self, event: Event) -> None:
        """Hand over an event, from any thread; returns at once."""
        self._events.put(event)

    def stop(self) -> None:
        """Let the core finish what was posted before, close it, end the thread. May be called twice, and after a crash."""
        self._events.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            try:
                self._core.start()
                while (event := self._next()) is not None:
                    self._core.handle(event)
            finally:
                self._core.close()
        except BaseException as error:  # noqa: BLE001 - whatever it is, somebody must hear of it
            _log.error("core_crashed", problem=type(error).__name__, place=place_of(error))
            self._crashed(error)

    def _next(self) -> Event | None:
        wait = self._core.next_deadline() - self._clock.monotonic()
        try:
            return self._events.get(timeout=min(wait, _LONGEST_WAIT)) if wait > 0 else self._events.get_nowait()
        except queue.Empty:
            return Tick()
