"""The chronicle of a demo: every step is printed with its time when it happens, and kept in ``story.md``."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

ENDED_WELL = "All of it is in the registry's tables and in the second kiosk's replica."
FAILED = "It did not end well; the last line says where."
PLAYED_BY_HAND = "Somebody played it by hand; nobody has compared the tables."


class Chronicle:
    """Prints and remembers steps. Times are seconds since the demo began.

    Args:
        folder: where ``story.md`` goes; pictures are named relative to it.
        monotonic: seconds; the clock of the demo.
        out: where steps are printed.

    """

    def __init__(self, folder: Path, monotonic: Callable[[], float], out: TextIO = sys.stdout) -> None:
        self._folder = folder
        self._monotonic = monotonic
        self._out = out
        self._began = monotonic()
        self._lines: list[str] = []

    def step(self, text: str, picture: Path | None = None) -> None:
        """Something happened just now; ``picture`` shows it."""
        seconds = self._monotonic() - self._began
        print(f"{seconds:8.3f} s  {text}", file=self._out, flush=True)
        self._lines.append(f"- `{seconds:8.3f} s` {text}")
        if picture is not None:
            self._lines.append(f"\n  ![{text}]({picture.relative_to(self._folder)})\n")

    def write(self, verdict: str) -> Path:
        """Keep the story as ``story.md`` in the folder, under a sentence that says how it ended."""
        story = self._folder / "story.md"
        story.write_text("\n".join(["# One tap, one loan", "", verdict, "", *self._lines, ""]), encoding="utf-8")
        return story
