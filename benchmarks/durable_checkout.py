"""M5: a checkout that no power cut undoes: decided, loan and fact written, on disk.

Ours is ``kiosk.checkout.check_out`` over a city-size replica and a real ledger (SQLCipher, WAL,
``synchronous=FULL``), each time with another patron and another item. The limit writes the same number of
bytes, those that one checkout adds to the ledger's write-ahead log, by one ``write`` and one ``fdatasync``
to a file beside it, going back to the file's beginning as often as the log does. Beside it stands what SQLCipher itself takes:
the same statements by the bare driver in another ledger.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import uuid_utils.compat

from benchmarks.city import DATABASE_KEY, NOON, SEED, City, barcode_of
from benchmarks.figures import Goal, Measure, ratio_of_medians
from benchmarks.rounds import Count, in_turn, timed
from circulation.cards import CardState
from circulation.offline import OfflineLimits
from kiosk.checkout import Terms, check_out
from kiosk.known import KnownItem
from kiosk.offline import Standing
from kiosk.recorder import Recorder
from kiosk.store.opening import open_ledger
from kiosk.store.replica_file import Replica, ReplicaShelf
from kiosk.view import LineState
from kiosk.visit import Visit
from replica.encrypted import connect_encrypted

COUNT = Count(rounds=20, samples=50, warm_up=100)
GOAL = Goal(times=1.5)
TODAY = date(2026, 3, 11)
_LOG_PAGES = 1000
"""SQLite's write-ahead log begins anew after so many pages."""
_PAGE_IN_LOG = 4096 + 24


@dataclass(frozen=True, slots=True)
class _CityClock:
    """The city's noon, going on."""

    begun: float

    def now(self) -> datetime:
        return NOON + timedelta(seconds=time.monotonic() - self.begun)

    def monotonic(self) -> float:
        return time.monotonic()

    def boot_id(self) -> str:
        return "00000000-0000-0000-0000-000000000000"


class _Keys:
    def new_key(self) -> UUID:
        return uuid_utils.compat.uuid7()

    def new_epoch(self) -> UUID:
        return uuid_utils.compat.uuid7()

    def new_correlation(self) -> str:
        return "00000000"


def measures(city: City, build: Path) -> list[Measure]:
    replica = ReplicaShelf(city.files, DATABASE_KEY, time.monotonic, 0.012).open_current()
    assert replica is not None
    clock, keys = _CityClock(time.monotonic()), _Keys()
    with closing(replica), tempfile.TemporaryDirectory(dir=build) as folder:
        library, period = replica.read.library(), replica.read.state().verified_at
        terms = Terms(library, TODAY, OfflineLimits(), Standing(timedelta(seconds=1)), period)
        path = Path(folder, "ledger.db")
        with closing(open_ledger(path, DATABASE_KEY, new_epoch=keys.new_epoch, now=NOON)) as ledger:
            recorder = Recorder(ledger, clock, keys)
            visits, items = _visits(city, replica), _items(city, replica)

            def ours() -> float:
                visit, (barcode, item) = next(visits), next(items)
                begun = time.perf_counter()
                after = check_out(visit, barcode, item, terms, recorder=recorder)
                taken = time.perf_counter() - begun
                assert after.lines[0].state is LineState.BORROWED, after.lines[0].reasons
                return taken

            content = os.urandom(_bytes_of_one(path, ours))
            with closing(_Log(Path(folder, "log"), content)) as log, closing(_BareLedger(Path(folder, "bare.db"))) as driver:
                mine, bare, sqlcipher = in_turn(COUNT, ours, lambda: timed(log.append), lambda: timed(driver.append))
    beside = {
        "bytes of one checkout": float(len(content)),
        "the same statements by the bare driver, median": sqlcipher.median,
        "the same statements by the bare driver, p99": sqlcipher.p99,
        "ours to the bare driver, ratio": ratio_of_medians(mine, sqlcipher),
    }
    return [Measure("M5", "durable checkout", mine, bare, "write + fdatasync of the same bytes", GOAL, beside)]


class _Log:
    """The limit."""

    def __init__(self, path: Path, content: bytes) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        self._content = content
        self._end = _LOG_PAGES * _PAGE_IN_LOG

    def append(self) -> None:
        if os.lseek(self._descriptor, 0, os.SEEK_CUR) >= self._end:
            os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, self._content)
        os.fdatasync(self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)


class _BareLedger:
    """What encryption, SQL and the disk take without us."""

    def __init__(self, path: Path) -> None:
        open_ledger(path, DATABASE_KEY, new_epoch=uuid_utils.compat.uuid7, now=NOON).close()
        self._connection = connect_encrypted(path, DATABASE_KEY, cache_mib=4)

    def append(self) -> None:
        run, item, patron = self._connection.execute, os.urandom(16), os.urandom(16)
        run("SELECT * FROM local_loan WHERE item = ?", (item,)).fetchall()
        run("BEGIN IMMEDIATE")
        (seq,) = run("SELECT coalesce(max(seq), 0) + 1 FROM outbox").fetchone()
        run(
            "INSERT INTO local_loan (id, patron, item, title, kind, due, lent_at, period, put_back, last_seq) VALUES (?,?,?,?,?,?,?,?,?,?)",
            (uuid_utils.compat.uuid7().bytes, patron, item, "給孩子的淡水河課", "book", "2026-04-10", 1, 1, 0, seq),
        )
        run("INSERT INTO outbox (seq, key, at, body) VALUES (?, ?, ?, ?)", (seq, uuid_utils.compat.uuid7().bytes, 1, _FACT))
        run("COMMIT")

    def close(self) -> None:
        self._connection.close()


_FACT = bytes(480)
"""About as many bytes as a fact has."""


def _visits(city: City, replica: Replica) -> Iterator[Visit]:
    """Somebody comes in, who may borrow: known, not blocked, nothing overdue, room for one more."""
    chance = random.Random(SEED)
    while True:
        uid = city.tapped(chance)
        key = city.key_of(uid)
        known = replica.read.card(key)
        assert known is not None
        overdue = any(loan.is_overdue(today=TODAY) for loan in known.loans)
        gone = known.patron.expires is not None and known.patron.expires < TODAY
        if known.state is CardState.ACTIVE and not known.patron.blocks and not overdue and not gone and len(known.loans) < 10:
            yield Visit(uid, key, "00000000", known.patron, known.loans)


def _items(city: City, replica: Replica) -> Iterator[tuple[str, KnownItem]]:
    """Items that nobody has on loan, each once."""
    for number in range(city.scale.lent_here, city.scale.items):
        barcode = barcode_of(number)
        known = replica.read.item(barcode)
        assert known is not None
        yield barcode, known


def _bytes_of_one(ledger: Path, checkout: Callable[[], float]) -> int:
    """What a checkout adds to the write-ahead log: the median of those until the log is long enough to begin anew."""
    log = ledger.with_name(ledger.name + "-wal")
    sizes = [log.stat().st_size]
    while log.stat().st_size < _LOG_PAGES * _PAGE_IN_LOG:
        checkout()
        sizes.append(log.stat().st_size)
    return int(statistics.median(after - before for before, after in pairwise(sizes)))
