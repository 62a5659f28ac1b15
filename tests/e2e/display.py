"""A display of its own and a hand outside the process: Xvfb and xdotool, which know windows and pixels and nothing of Qt."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

_SIZE = "2600x2000x24"


@dataclass(frozen=True, slots=True)
class Display:
    """A display: ``environment`` starts programs on it."""

    environment: Mapping[str, str]

    def click(self, title: str, across: float, down: float, *, button: int = 1, times: int = 1) -> None:
        """Click into the window of this title, at a place given as shares (0 to 1) of its width and height. Button 5 is the wheel, towards the end."""
        (window,) = self._xdotool("search", "--onlyvisible", "--name", f"^{title}$").split()
        size = dict(line.split("=") for line in self._xdotool("getwindowgeometry", "--shell", window).split())
        x, y = round(int(size["WIDTH"]) * across), round(int(size["HEIGHT"]) * down)
        self._xdotool("mousemove", "--window", window, str(x), str(y), "click", "--repeat", str(times), str(button))

    def _xdotool(self, *arguments: str) -> str:
        done = subprocess.run(["xdotool", *arguments], env=self.environment, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout


@contextmanager
def a_display() -> Iterator[Display]:
    """Start a display at a free number; it is gone afterwards."""
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", _SIZE, "-nolisten", "tcp"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert server.stdout is not None
        with server.stdout as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        yield Display({**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"})
    finally:
        server.terminate()
        server.wait(60)
