"""Lets another thread have something done in the GUI thread, where Qt's windows live."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

Result = TypeVar("Result")

_PATIENCE_S = 30.0


class GuiThread(QObject):
    """Made in the GUI thread."""

    _wanted = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._wanted.connect(self._do, Qt.ConnectionType.QueuedConnection)

    def call(self, action: Callable[[], Result]) -> Result:
        """Do this there, wait for it, give back what it gave. From any other thread.

        Raises:
            TimeoutError: the GUI thread did not come to it within 30 s.
            Exception: whatever the action raised.

        """
        done: Future[Result] = Future()
        self._wanted.emit(action, done)
        return done.result(_PATIENCE_S)

    @Slot(object, object)
    def _do(self, action: Callable[[], object], done: "Future[object]") -> None:
        try:
            done.set_result(action())
        except Exception as error:  # noqa: BLE001 - it belongs to the thread that asked
            done.set_exception(error)
