"""A display of its own and a hand outside the process: Xvfb and xdotool, which know windows and pixels and nothing of Qt."""

import os
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SIZE = "2600x2000x24"
_XWD = struct.Struct(">25I")
"""The head of what Xvfb keeps its pixels in (X11/XWDFile.h), in which stand its own size, the bytes of a line and the number of colours."""
_HEAD_SIZE, _LINE, _COLOURS = 0, 12, 19
_BYTES_OF_A_COLOUR = 12


@dataclass(frozen=True, slots=True)
class Display:
    """A display: ``environment`` starts programs on it."""

    environment: Mapping[str, str]
    _pixels: Path

    def resize(self, title: str, width: int, height: int) -> None:
        """Give the window of this title another size, in pixels."""
        self._xdotool("windowsize", "--sync", self._window(title), str(width), str(height))

    def colour(self, title: str, across: float, down: float) -> str:
        """What is seen at a place of a window, such as ``#8c1254``."""
        size = self._geometry(self._window(title))
        x, y = size["X"] + round(size["WIDTH"] * across), size["Y"] + round(size["HEIGHT"] * down)
        with self._pixels.open("rb") as file:
            head = _XWD.unpack(file.read(_XWD.size))
            file.seek(head[_HEAD_SIZE] + head[_COLOURS] * _BYTES_OF_A_COLOUR + y * head[_LINE] + x * 4)
            blue, green, red, _ = file.read(4)
        return f"#{red:02x}{green:02x}{blue:02x}"

    def click(self, title: str, across: float, down: float) -> None:
        """Click into the window of this title, at a place given as shares (0 to 1) of its width and height."""
        window = self._window(title)
        size = self._geometry(window)
        x, y = round(size["WIDTH"] * across), round(size["HEIGHT"] * down)
        self._xdotool("mousemove", "--window", window, str(x), str(y), "click", "1")

    def _window(self, title: str) -> str:
        (window,) = self._xdotool("search", "--onlyvisible", "--name", f"^{title}$").split()
        return window

    def _geometry(self, window: str) -> dict[str, int]:
        lines = (line.split("=") for line in self._xdotool("getwindowgeometry", "--shell", window).split())
        return {name: int(value) for name, value in lines}

    def _xdotool(self, *arguments: str) -> str:
        done = subprocess.run(["xdotool", *arguments], env=self.environment, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout


@contextmanager
def a_display() -> Iterator[Display]:
    """Start a display at a free number; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="yy") as kept:
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", _SIZE, "-fbdir", kept, "-nolisten", "tcp"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert server.stdout is not None
            with server.stdout as told:
                number = told.readline().strip()
            assert number, "Xvfb did not start"
            environment = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
            yield Display(environment, Path(kept) / "Xvfb_screen0")
        finally:
            server.terminate()
            server.wait(60)
