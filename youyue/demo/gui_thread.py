"""Lets another thread have something done in the GUI thread, where Qt's windows live."""

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

Result = TypeVar("Result")

_PATIENCE_S = 30.0
_LOOK_UP_S = 0.1


class CurtainError(Exception):
    """The windows are gone: a signal came, or a kiosk crashed."""


class GuiThread(QObject):
    """Made in the GUI thread."""

    _wanted = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._closed = Event()
        self._wanted.connect(self._do, Qt.ConnectionType.QueuedConnection)

    def close(self) -> None:
        """Nobody draws any more: whoever waits here, or comes later, is told so."""
        self._closed.set()

    def call(self, action: Callable[[], Result]) -> Result:
        """Do this there, wait for it, give back what it gave. From any other thread.

        Raises:
            CurtainError: the event loop has ended, or did not come to it within 30 s.
            Exception: whatever the action raised.

        """
        done: Future[Result] = Future()
        self._wanted.emit(action, done)
        until = time.monotonic() + _PATIENCE_S
        while not self._closed.is_set() and time.monotonic() < until:
            if wait([done], timeout=_LOOK_UP_S).done:
                return done.result()
        message = "the windows were closed before the story had ended"
        raise CurtainError(message)

    @Slot(object, object)
    def _do(self, action: Callable[[], object], done: "Future[object]") -> None:
        try:
            done.set_result(action())
        except Exception as error:  # noqa: BLE001 - it belongs to the thread that asked
            done.set_exception(error)
