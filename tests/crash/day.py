"""A day of a kiosk, recorded, and the power cut at its moments."""

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from structlog.testing import capture_logs

from tests.crash.recording import Step, record
from tests.crash.verdict import cuts, images, lost_in


def a_day(folder: Path, *, acts: int, seed: int = 7, synchronous: str = "") -> list[Step]:
    """What a kiosk's day did to its files. ``synchronous`` weakens its ledger; without one it is as the program opens it."""
    kiosk = folder / "kiosk"
    kiosk.mkdir(parents=True)
    return record([sys.executable, "-m", "tests.crash.scenario", str(kiosk), str(acts), str(seed), synchronous], kiosk)


def losses(steps: list[Step], folder: Path, *, every: int = 1, chances: int, seed: int = 114) -> Iterator[tuple[int, str | None]]:
    """Of every image what it lost, with the moment of its cut; ``every``: only each so-manieth moment."""
    folder.mkdir(parents=True, exist_ok=True)
    random = Random(seed)
    with capture_logs():
        for number, disk, promise in cuts(steps):
            if number % every == 0:
                for image in images(disk, chances=chances, random=random):
                    yield number, lost_in(image, promise, folder)
