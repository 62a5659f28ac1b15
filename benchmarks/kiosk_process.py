"""The kiosk of M3: the real ``youyue kiosk run`` with two eyes on it. ``python -m benchmarks.kiosk_process FOLDER [UID]``.

Prints the instant (monotonic nanoseconds) of its first frame that shows a page, then ends; with a UID, of
the first frame that shows Home for the card of this number, which a scripted reader presents as soon as
the kiosk has started it.
"""

import os
import signal
import sys
import time
from collections.abc import Callable

import youyue.kiosk_app
from circulation.cards import CardUid
from drivers.ports import CardPresented, DeviceHealth, DeviceState, ReaderEvent
from youyue.cli import main
from youyue.screened_kiosk import ScreenedKiosk

FOLDER, *CARDS = sys.argv[1:]


class LaidDown:
    """A reader on which a card lies already."""

    def start(self, listener: Callable[[ReaderEvent], None]) -> None:
        listener(DeviceHealth("reader", DeviceState.READY))
        for card in CARDS:
            listener(CardPresented(CardUid.from_hex(card), "reader", time.monotonic_ns()))

    def stop(self) -> None:
        pass


class WatchedKiosk(ScreenedKiosk):
    """A kiosk that says when its window has been drawn."""

    def __init__(self, *arguments: object, **parts: object) -> None:
        super().__init__(*arguments, **{**parts, "reader": LaidDown()})  # type: ignore[arg-type]  # what run_kiosk gives
        self.glass.window.frameSwapped.connect(self._swapped)

    def _swapped(self) -> None:
        page = self._view_model.property("page")
        if page and (page == "home" or not CARDS):
            print("frame", time.monotonic_ns(), flush=True)
            self.glass.window.frameSwapped.disconnect(self._swapped)
            os.kill(os.getpid(), signal.SIGTERM)


vars(youyue.kiosk_app)["ScreenedKiosk"] = WatchedKiosk  # the only way in without a switch for it in the product
main(["kiosk", "run", "--folder", FOLDER, "--headless", "--reader", "system"])
