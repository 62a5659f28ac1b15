"""The kiosk of M12: ``python -m benchmarks.sessions_process SCALE BUILD SESSIONS``. Prints the bytes that it holds, every so many sessions.

The kiosk of M1 (core, encrypted replica, ledger, view models, screens), in a process of its own. In each session another patron comes, sees
Home and goes.
"""

import os
import sys
import tempfile
from collections import deque
from contextlib import closing
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from benchmarks.city import SCALES, City, folder_of
from benchmarks.machine import resident_bytes
from benchmarks.screen import TappedKiosk
from kiosk.view import View
from ui.window import PORTRAIT, WindowSettings, prepare_environment
from youyue import logs

LOOKS = 40
"""How often the memory is looked at."""


def main(scale: str, build: Path, sessions: int) -> None:
    prepare_environment(headless=True)
    app = QGuiApplication(sys.argv[:1])
    look = WindowSettings(size=PORTRAIT, reduced_motion=True)
    seen: deque[View] = deque(maxlen=1)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, tempfile.TemporaryDirectory(dir=build) as folder:
        logs.configure(nowhere)
        city = City(SCALES[scale], folder_of(build, SCALES[scale]))
        with closing(TappedKiosk(city, Path(folder), look, seen, pause_ms=(0, 1))) as kiosk:
            for number in range(sessions):
                seen.clear()
                kiosk.tap()
                if (number + 1) % (sessions // LOOKS) == 0:
                    print("sessions", number + 1, resident_bytes(os.getpid()), flush=True)
    app.processEvents()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
