"""M6: 10,000 changed rows of the feed into the encrypted replica.

Ours is what a kiosk does with ten pages of a thousand changes: every row read and checked, written in chunks so short that no
tap waits for them, the cursor moved in each chunk's transaction. The changes come as in life, a loan after its item, cards and
patrons among them. The limit is the bare driver: the same rows as values by ``executemany``, a table at a time, in one transaction of a copy of
the same file with the same key.
"""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy import insert
from sqlalchemy.dialects.sqlite import pysqlite

from benchmarks.city import BRANCH, DATABASE_KEY, NOON, SEED, City, barcode_of, state_of, uid_of
from benchmarks.city_files import kind_of, row_key, title_of
from benchmarks.figures import Goal, Measure
from benchmarks.rounds import Count, in_turn
from circulation.cards import CardKind
from circulation.items import ItemStatus
from circulation.patrons import PatronClass
from circulation.wire import MAX_PAGE, Change, ChangesPage, encode
from kiosk.known import ReplicaState
from kiosk.settings import KioskSettings
from kiosk.store.replica_file import Replica, ReplicaShelf
from kiosk.store.replica_writer import read_page
from replica.durable import sync_to_disk
from replica.encrypted import connect_encrypted
from replica.files import ReplicaFiles
from replica.mapping import TABLE_OF
from replica.rows import CardRow, ItemRow, LoanRow, PatronRow, Row
from replica.tables import ReplicaTable

ROWS = 10_000
COUNT = Count(rounds=5, samples=1, warm_up=1)
GOAL = Goal(times=1.5)
_Changed = tuple[ReplicaTable, str, Row]


def measures(city: City, build: Path) -> list[Measure]:
    chance = random.Random(SEED + 6)
    with tempfile.TemporaryDirectory(dir=build) as folder:
        files = ReplicaFiles(Path(folder, "ours"))
        files.folder.mkdir()
        mine = files.next_path()
        shutil.copyfile(city.encrypted, mine)
        files.put_in_place(mine)
        bare = shutil.copyfile(city.encrypted, Path(folder, "bare.db"))
        for copy in (mine, bare):
            sync_to_disk(copy)  # as a kiosk's replica is before it is used; else the first checkpoint waits for all of the copy
        replica = ReplicaShelf(files, DATABASE_KEY, time.monotonic, KioskSettings().page_chunk).open_current()
        assert replica is not None
        with closing(replica), closing(connect_encrypted(bare, DATABASE_KEY)) as driver:
            chunks: list[float] = []
            batches = _batches(city, chance)

            def ours() -> float:
                pages = list(_pages(next(batches), replica.read.state()))
                begun = time.perf_counter()
                for page in pages:
                    chunks.extend(_applied(replica, page))
                return time.perf_counter() - begun

            def limit() -> float:
                rows = _by_table(next(batches))
                begun = time.perf_counter()
                driver.execute("BEGIN IMMEDIATE")
                for statement, values in rows:
                    driver.executemany(statement, values)
                driver.execute("COMMIT")
                return time.perf_counter() - begun

            taken, limits = in_turn(COUNT, ours, limit)
    beside = {"longest chunk": max(chunks), "chunks": float(len(chunks))}
    return [Measure("M6", "10,000 changed rows", taken, limits, "sqlcipher3 executemany of the same rows", GOAL, beside)]


def _applied(replica: Replica, page: ChangesPage) -> Iterator[float]:
    """Apply a page as the follower of the feed does; how long each chunk held the thread."""
    begun = time.perf_counter()
    ready, done = read_page(page), 0
    while done < len(ready):
        done = replica.write.apply(ready, done=done)
        yield time.perf_counter() - begun
        begun = time.perf_counter()


def _pages(changed: list[_Changed], state: ReplicaState) -> Iterator[ChangesPage]:
    """The pages as they come from the wire, after where the replica stands."""
    start, head = state.cursor, state.cursor + len(changed)
    for at in range(0, len(changed), MAX_PAGE):
        some = changed[at : at + MAX_PAGE]
        changes = tuple(
            Change(seq=start + at + 1 + i, table=table.value, key=key, row=msgspec.Raw(encode(row)))
            for i, (table, key, row) in enumerate(some)
        )
        yield ChangesPage(feed=state.feed, start=start + at, end=start + at + len(some), head=head, server_time=NOON, changes=changes)


def _by_table(changed: list[_Changed]) -> list[tuple[str, list[tuple[object, ...]]]]:
    """The limit's statements, and the values as the driver wants them."""
    found = []
    for table in dict.fromkeys(table for table, _, _ in changed):
        columns = [column.name for column in TABLE_OF[table].columns]
        put = insert(TABLE_OF[table]).prefix_with("OR REPLACE").compile(dialect=pysqlite.dialect())
        values = [tuple(_stored(getattr(row, column)) for column in columns) for of, _, row in changed if of is table]
        found.append((str(put), values))
    return found


def _stored(value: object) -> object:
    match value:
        case UUID():
            return value.bytes
        case Enum():
            return value.value
        case datetime():
            return int(value.timestamp() * 1_000_000)
        case date():
            return value.isoformat()
        case _:
            return value


def _batches(city: City, chance: random.Random) -> Iterator[list[_Changed]]:
    """Ever again 10,000 changes that were not there before: of ten four checkouts (item and loan), a card and a patron."""
    scale, made = city.scale, city.scale.loans
    while True:
        changed: list[_Changed] = []
        while len(changed) < ROWS:
            for _ in range(4):
                made += 1
                number = chance.randrange(scale.items)
                changed.extend(_checkout(number, chance.randrange(scale.patrons), made))
            changed.append(_card(city, chance.randrange(scale.cards)))
            changed.append(_patron(chance.randrange(scale.patrons)))
        yield changed


def _uuid(kind: bytes, number: int) -> UUID:
    return UUID(bytes=row_key(kind, number))


def _checkout(number: int, patron: int, loan: int) -> tuple[_Changed, _Changed]:
    item, key = _uuid(b"item", number), _uuid(b"loan", loan)
    out = ItemRow(item, barcode_of(number), title_of(number), kind_of(number), ItemStatus.AVAILABLE, BRANCH, None)
    due = NOON.date() + timedelta(days=30)
    lent = LoanRow(
        key, _uuid(b"patron", patron), item, title_of(number), kind_of(number), due, NOON, 0, barcode_of(number), BRANCH, wanted=False
    )
    return (ReplicaTable.ITEM, str(item), out), (ReplicaTable.LOAN, str(key), lent)


def _card(city: City, number: int) -> _Changed:
    key = city.key_of(uid_of(number))
    kind = CardKind.EASYCARD if number < city.scale.patrons else CardKind.IPASS
    return ReplicaTable.CARD, key.hex(), CardRow(key, _uuid(b"patron", number % city.scale.patrons), kind, state_of(number))


def _patron(number: int) -> _Changed:
    key = _uuid(b"patron", number)
    return ReplicaTable.PATRON, str(key), PatronRow(key, "林○○", PatronClass.PERSONAL, None, contact_complete=True, regular_here=False)
