"""What people do in a town, and what befalls it."""

import signal
import time
from pathlib import Path

from tests.e2e.town import Program, Town


def lend(town: Town, kiosk: Program, books: list[str], *, pupil: int = 0) -> None:
    """Tap a card, scan the books, take the card away, and wait until each is printed as done."""
    done_before = sum("done " in line for line in kiosk.lines)
    with town.card(town.pupils[pupil].uid):
        kiosk.wait_for("screen Home")
        for book in books:
            town.scan(book)
        kiosk.wait_for("^done ", times=done_before + len(books))


def kill_at_done(town: Town, folder: Path, *, round_number: int, delay: float) -> str:
    """Start the kiosk, lend a book, kill the process with SIGKILL so long after the printed "done"; the loan's key."""
    kiosk = town.start_kiosk(folder)
    with town.card(town.pupils[round_number].uid):
        kiosk.wait_for("screen Home")
        town.scan(town.barcodes("L12")[round_number])
        done = kiosk.wait_for("^done ")[0]
        until_delay = time.monotonic() + delay
        while time.monotonic() < until_delay:
            pass
        assert kiosk.end(signal.SIGKILL) == -signal.SIGKILL
    return done.removeprefix("done ").replace("-", "")
