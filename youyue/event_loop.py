"""Qt's event loop as a program needs it: ended from any thread, and by signals."""

import os
import signal

from PySide6.QtCore import QObject, QTimer, Signal

_SIGNALS_HEARD_EVERY_MS = 200


class Ending(QObject):
    """Ends the event loop with an exit code, from any thread. Connect ``wanted`` to the application's ``exit``, queued."""

    wanted = Signal(int)


def has_screen() -> bool:
    """Whether a window can be shown here."""
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


class stopped_by_signals:  # noqa: N801 - reads as a context, not as a thing
    """While it lasts, SIGINT and SIGTERM end the event loop; a timer lets Python see them while Qt waits."""

    def __init__(self, ending: Ending) -> None:
        self._ending = ending
        self._timer = QTimer()
        self._timer.setInterval(_SIGNALS_HEARD_EVERY_MS)
        self._timer.timeout.connect(_look_up)

    def __enter__(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._ending.wanted.emit(0))
        self._timer.start()

    def __exit__(self, *exc: object) -> None:
        self._timer.stop()


def _look_up() -> None:
    """Python runs its signal handlers when it runs anything."""
