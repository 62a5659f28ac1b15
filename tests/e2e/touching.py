"""A kiosk of a town that a test can touch."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tests.e2e.town import Program, Town


class TouchedKiosk(Program):
    """A kiosk that a test can touch."""

    def __init__(self, folder: Path, town: Town) -> None:
        self.lines = []
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("touched_kiosk.py")), str(folder)],
            env={**town.environment, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.seen = 0

    def touch(self, *words: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(words) + "\n")
        self._process.stdin.flush()

    def next(self, pattern: str) -> None:
        """Wait for a line after the last one that was waited for."""

        def place() -> int | None:
            return next((number for number, line in enumerate(self.lines) if number >= self.seen and pattern in line), None)

        with self._news:
            assert self._news.wait_for(lambda: place() is not None, 30), f"no {pattern!r} after line {self.seen} of:\n" + "\n".join(
                self.lines
            )
            self.seen = (place() or 0) + 1

    def end(self, number: signal.Signals) -> int:
        code = super().end(number)
        assert self._process.stdin is not None
        self._process.stdin.close()
        return code
