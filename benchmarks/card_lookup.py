"""M4: from a card's key to its patron, blocks and loans, in the encrypted replica.

Ours is what the kiosk calls (``ReplicaReader.card``) and gives the domain's values. The limit is the bare
driver on a connection of its own, opened by the same code: the same SQL, the same encryption and page
cache, rows fetched and dropped. Every look-up takes another card.
"""

import random
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy.dialects.sqlite import pysqlite

from benchmarks.city import DATABASE_KEY, SEED, City
from benchmarks.figures import Goal, Measure, Samples
from benchmarks.rounds import Count, in_turn
from kiosk.store.replica_file import ReplicaShelf
from kiosk.store.replica_reader import CARD
from replica.encrypted import connect_encrypted

COUNT = Count(rounds=20, samples=250, warm_up=1000)
GOAL = Goal(times=4, p99=0.001)


def measures(city: City, _: Path) -> list[Measure]:
    chance = random.Random(SEED)
    replica = ReplicaShelf(city.files, DATABASE_KEY, time.monotonic, 0.012).open_current()
    assert replica is not None
    sql = str(CARD.compile(dialect=pysqlite.dialect()))
    with closing(replica), closing(connect_encrypted(city.encrypted, DATABASE_KEY)) as driver:
        processor: list[float] = []

        def ours() -> float:
            key = city.key_of(city.tapped(chance))
            worked, begun = time.thread_time(), time.perf_counter()
            known = replica.read.card(key)
            taken = time.perf_counter() - begun
            processor.append(time.thread_time() - worked)
            assert known is not None
            return taken

        def limit() -> float:
            key = city.key_of(city.tapped(chance))
            begun = time.perf_counter()
            rows = driver.execute(sql, (key,)).fetchall()
            taken = time.perf_counter() - begun
            assert rows
            return taken

        mine, bare = in_turn(COUNT, ours, limit)
    worked = Samples((tuple(processor[COUNT.warm_up :]),))
    beside = {"processor time, median": worked.median, "processor time, p99": worked.p99}
    return [Measure("M4", "card → patron, blocks, loans", mine, bare, "sqlcipher3, the same SQL on the same file", GOAL, beside)]
