"""Slips to print, and a printer at the other end of a pseudo-terminal."""

import contextlib
import os
import pty
import tty
from collections.abc import Callable
from threading import Thread

from drivers.escpos_reading import UnreadableCommandError
from drivers.ports import Raster
from drivers.virtual_printer import Mechanism


def a_slip(width: int = 64, height: int = 70, seed: int = 1) -> Raster:
    """Dots of all kinds, of two picture commands."""
    return Raster(width, bytes((seed * 31 + place * 7) % 256 for place in range(width // 8 * height)))


class PtyPrinter:
    """A serial printer: the one end is a device file, the other a printing mechanism."""

    def __init__(self, printed: Callable[[Raster], None]) -> None:
        self.mechanism = Mechanism(printed)
        self._ours, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        self.path = os.ttyname(self._theirs)
        self.deaf_after: int | None = None
        self._thread = Thread(target=self._serve, name="pty-printer", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        taken = 0
        with contextlib.suppress(OSError, UnreadableCommandError):
            while part := os.read(self._ours, 512):
                if self.deaf_after is not None:
                    part = part[: max(0, self.deaf_after - taken)]
                taken += len(part)
                for answer in self.mechanism.take(part):
                    os.write(self._ours, answer)

    def hang_up(self) -> None:
        """Pull the plug."""
        os.close(self._theirs)
        self._theirs = -1

    def close(self) -> None:
        self.mechanism.closing.set()
        if self._theirs >= 0:
            os.close(self._theirs)
        self._thread.join()
        os.close(self._ours)
