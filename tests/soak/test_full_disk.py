"""The real kiosk process on a small disk of its own that fills up: it lends nothing that it could not write down, and goes on by itself.

The disk is a file system in memory that only the kiosk's own mount namespace has (``unshare``), so no right on the machine is needed
but that to a user namespace.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from circulation.offline import MIB, OfflineLimits
from tests.e2e.acts import lend
from tests.e2e.town import Program, Town, until

DISK_MIB = 400
PAGE = 4096
LIMIT = OfflineLimits().disk_for_loans
LEFT = (LIMIT + MIB, LIMIT - MIB, 4 * PAGE, PAGE, 0)
"""Bytes that are left free, one time after the other."""


@pytest.fixture
def programs() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


class SmallDisk:
    """A disk that is made when the kiosk starts, with what its folder held."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.with_name(f"{folder.name}-small-disk")
        self.folder.mkdir(mode=0o700)
        fill = f'mount -t tmpfs -o size={DISK_MIB}m,mode=700 none "$1" && cp -a "$0"/. "$1" && shift && exec "$@"'
        self.under = ("unshare", "--map-root-user", "--mount", "sh", "-c", fill, str(folder), str(self.folder))

    def fill(self, kiosk: Program, *, leave: int) -> Path:
        """Take all room but so many bytes, as seen by the kiosk; the file that takes it."""
        filler = Path(f"/proc/{kiosk.pid}/root{self.folder}/filler")
        with filler.open("wb") as file:
            disk = os.fstatvfs(file.fileno())
            os.posix_fallocate(file.fileno(), 0, disk.f_bavail * disk.f_frsize - leave)
        return filler


def test_a_kiosk_on_a_full_disk_lends_nothing_loses_nothing_and_lends_again_when_there_is_room(town: Town, programs: ExitStack) -> None:
    programs.enter_context(town.serve_registry())
    programs.enter_context(town.start_reader())
    disk = SmallDisk(town.enrol_kiosk("L12", "kiosk-1"))
    kiosk = programs.enter_context(town.start_kiosk(disk.folder, under=disk.under))
    kiosk.wait_for("snapshot_taken_over")
    books = iter(town.barcodes("L12"))
    lent = []
    for pupil, left in enumerate(LEFT):
        filler = disk.fill(kiosk, leave=left)
        before = len(kiosk.lines)
        with town.card(town.pupils[pupil].uid):
            kiosk.wait_for("^screen Home", after=before)
            town.scan(next(books))
            (shown, *_) = kiosk.wait_for("^done |kiosk_disk_full|^screen OutOfService", after=before)
        lent.append(shown.startswith("done "))
        filler.unlink()
        kiosk.wait_for("^screen Attract", after=kiosk.lines.index(shown, before))
    assert lent == [left > LIMIT for left in LEFT]
    lend(town, kiosk, [next(books)], pupil=len(LEFT))
    done = {line.removeprefix("done ").replace("-", "") for line in kiosk.wait_for("^done ")}
    until(lambda: town.rows("SELECT count(*) FROM fact")[0][0] >= len(done), "every fact")
    assert {key for (key,) in town.rows("SELECT lower(hex(id)) FROM loan")} == done
    assert town.rows("SELECT count(*), count(DISTINCT fact_key), max(seq) FROM fact") == [(len(done),) * 3]
    assert len(done) == lent.count(True) + 1
