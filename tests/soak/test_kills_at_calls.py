"""SIGKILL of the real kiosk process at every system call on its ledger, one life after the other: ``CALL_KILLS=5000 make soak``.

strace ends the process when one of its threads makes the N-th call on the ledger, its log or its folder; N goes up from life to life, through
start, loan and end, and begins anew, between the last ones, when a life has fewer. What was printed as done must be at the registry once, when all is quiet.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from tests.e2e.town import Program, Town, until

KILLS = int(os.environ.get("CALL_KILLS", "60"))
CALLS = "pwrite64,fdatasync,fsync,ftruncate,unlink,openat"
STRIDE = 7
PLACES = ("ledger.db", "ledger.db-wal", "ledger.db-shm")


def test_no_kill_at_a_call_on_the_ledger_loses_or_doubles_a_loan(town: Town) -> None:
    done: list[str] = []
    kills = lives = 0
    calls = 1
    began = time.monotonic()
    with town.serve_registry(), town.start_reader():
        folder = town.enrol_kiosk("L12", "kiosk-1")
        with town.start_kiosk(folder):
            pass
        while kills < KILLS:
            died = a_life(town, folder, lives, calls, done)
            lives += 1
            kills += died
            # Through the whole life in strides, the next time between the last ones.
            calls = calls + STRIDE if died else calls % STRIDE + 1
            print(f"{kills} kills in {lives} lives and {time.monotonic() - began:.0f} s, {len(done)} loans done", flush=True)
        with town.start_kiosk(folder):
            until(lambda: set(done) <= {key for (key,) in town.rows("SELECT lower(hex(id)) FROM loan")}, "every loan that was done")
    (facts, distinct, last), (loans,) = (
        town.rows("SELECT count(*), count(DISTINCT fact_key), max(seq) FROM fact")[0],
        town.rows("SELECT count(*) FROM loan")[0],
    )
    print(f"{kills} kills in {lives} lives, {len(done)} loans done, {loans} at the registry")
    assert facts == distinct == loans == (last or 0)
    assert len(set(done)) == len(done) > 0


def a_life(town: Town, folder: Path, number: int, calls: int, done: list[str]) -> bool:
    """Start, lend one book, end; whether the process was killed at its so-manieth call. What it printed as done is added."""
    watched = [word for place in PLACES for word in ("-P", str(folder / place))]
    under = (
        "strace",
        "-D",  # the process is the kiosk itself, so that signals reach it
        "-f",
        "-o",
        "/dev/null",
        *watched,
        "-e",
        f"trace={CALLS}",
        "-e",
        f"inject={CALLS}:signal=KILL:when={calls}",
    )
    run = ("kiosk", "run", "--headless", "--reader", "virtual", "--folder", str(folder))
    kiosk = Program(*run, environment=town.environment, under=under)
    if kiosk.heard_or_gone("screen Attract"):
        until(lambda: town.scanner(1).exists() or kiosk.is_gone, "the scanner's socket")
        with town.card(town.pupils[number % len(town.pupils)].uid):
            if kiosk.heard_or_gone("screen Home"):
                with suppress(OSError):
                    town.scan(town.barcodes("L12")[number % town.copies])
                kiosk.heard_or_gone("^done |screen Refused")
    code = kiosk.end(signal.SIGTERM)
    done += [line.removeprefix("done ").replace("-", "") for line in kiosk.lines if line.startswith("done ")]
    return code == -signal.SIGKILL
