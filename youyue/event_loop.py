"""Qt's event loop as a program needs it: ended from any thread, and by signals."""

import os
import re
import signal
import socket
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

_SIGNALS_HEARD_EVERY_MS = 200


class Ending(QObject):
    """Ends the event loop with an exit code, from any thread. Connect ``wanted`` to the application's ``exit``, queued."""

    wanted = Signal(int)


def has_screen() -> bool:
    """Whether a window can be shown here: Qt ends the whole process when a display that is named does not answer."""
    environ = os.environ
    if environ.get("QT_QPA_PLATFORM"):
        return True
    wayland = environ.get("WAYLAND_DISPLAY")
    if wayland and _answers(Path(environ.get("XDG_RUNTIME_DIR", "/")) / wayland):
        return True
    display = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", environ.get("DISPLAY", ""))
    if display:
        return _answers(Path(f"/tmp/.X11-unix/X{display[1]}"))  # noqa: S108 - where X servers listen
    return bool(environ.get("DISPLAY"))


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as knock:
        knock.settimeout(1)
        return knock.connect_ex(str(path)) == 0


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
