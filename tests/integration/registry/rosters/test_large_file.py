"""A September's roster of 30,000 pupils: it comes in under the memory limit of the wrong files, and whoever waits sees how far it is."""

import os
import pty
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from circulation.ids import BranchCode
from circulation.national_ids import NationalId, NationalIdError
from registry.database import Database
from registry.lending.store import Branch, add_branches
from tests.unit.registry.rosters.roster_files import a_pupil, bureau_file

PUPILS = 30_000
LIMIT_KB = 400 * 1024
"""Of address space, which is more than what is ever in memory."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with one branch and nobody in it."""
    made = tmp_path_factory.mktemp("registry")
    with closing(Database.sqlite(made / "registry.db")) as database:
        database.migrate()
        database.write(lambda work: add_branches(work, [Branch(BranchCode("C01"), "總館")]))
    return made


def national_ids() -> Iterator[str]:
    chance = random.Random(114)
    given: set[str] = set()
    while True:
        candidate = f"{chance.choice('ABCDEFGHJKLMNPQRSTUVXY')}{chance.choice('12')}{chance.randrange(10**8):08}"
        try:
            NationalId.read(candidate)
        except NationalIdError:
            continue
        if candidate not in given:
            given.add(candidate)
            yield candidate


def run(folder: Path, file: Path, *, stderr: int = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "youyue", "registry", "import", "bureau-students", str(file), "--yes", "--folder", str(folder)]
    limited = ["sh", "-c", 'ulimit -v "$0" && exec "$@"', str(LIMIT_KB), *command]
    return subprocess.run(limited, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, timeout=300, check=False)


def seen_at_a_terminal(folder: Path, file: Path) -> tuple[int, str]:
    """The exit code, and all that was written to a terminal on standard error."""
    ours, theirs = pty.openpty()
    pieces: list[bytes] = []

    def read() -> None:
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # how Linux says that nobody holds the other side any more
                return
            pieces.append(piece)

    reading = Thread(target=read)
    reading.start()
    try:
        done = run(folder, file, stderr=theirs)
    finally:
        os.close(theirs)
        reading.join()
        os.close(ours)
    return done.returncode, b"".join(pieces).decode()


def test_a_september_comes_in_under_the_limit_and_says_how_far_it_is(folder: Path, tmp_path: Path) -> None:
    pupils = [a_pupil(national_id=number, card=f"04{place:06X}") for place, number in zip(range(PUPILS), national_ids(), strict=False)]

    code, seen = seen_at_a_terminal(folder, bureau_file(tmp_path, *pupils))

    assert code == 0, seen
    said = [line.removesuffix("\x1b[K") for line in seen.split("\r") if line]
    assert said == [
        *(f"已經讀了 {count} 列 / {count} rows read" for count in range(1000, PUPILS + 1, 1000)),
        "正在和館內資料比對 / comparing with the records",
        "",
        "正在匯入 / storing",
        "",
    ]
    with closing(Database.sqlite(folder / "registry.db")) as database, database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM patron").scalar_one() == PUPILS


def test_a_script_hears_nothing_of_it(folder: Path, tmp_path: Path) -> None:
    file = bureau_file(tmp_path, *(a_pupil(name="", card=f"04{place:06X}") for place in range(1500)))

    done = run(folder, file)

    assert (done.returncode, done.stderr) == (0, b"")
