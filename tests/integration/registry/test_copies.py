"""The copy of a branch's rows into a replica file, from either engine."""

import json
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

import replica.tables
from circulation.blocks import BlockCode
from circulation.holds import HoldState
from circulation.ids import PatronId
from registry.exchange.snapshots import ShelfPolicy, SnapshotShelf, SnapshotStoppedError
from registry.exchange.store_copies import CopyInterruptedError, Interruptible
from registry.exchange.store_snapshots import SnapshotState, write_replica
from registry.house import Registry
from registry.lending.store import BlockRecord
from registry.outside import Outside
from tests.builders import a_block, a_loan
from tests.integration.registry.city import START, City, Clock, a_hold, fill
from tests.integration.registry.homes import Homes, PostgresHomes
from tests.postgres import PostgresServer


def rows_of(file: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(file)) as connection:
        return {
            table: sorted(tuple(_read(value) for value in row) for row in connection.execute(f"SELECT * FROM {table}"))  # noqa: S608 - our own
            for table in replica.tables.metadata.tables
            if table != "state"
        }


def _read(value: object) -> object:
    """JSON may be written in two ways that mean the same."""
    return json.dumps(json.loads(value), sort_keys=True) if isinstance(value, str) and value[:1] in {"[", "{"} else value


def unwatched(_copy: Interruptible) -> None:
    """Nobody interrupts."""


def test_the_same_rows_give_the_same_replica_on_every_engine(city: City, tmp_path: Path, outside: Outside) -> None:
    shutil.copytree(city.home.folder / "keys", tmp_path / "twin" / "keys")
    twin = Registry.open(tmp_path / "twin", outside)
    fill(twin, city)
    extra = (
        [BlockRecord(uuid4(), PatronId(city.ming), a_block(BlockCode.FEES))],
        [a_loan(patron=city.ming, item=city.books[0]), a_loan(patron=city.hua, item=city.far_book)],
        [a_hold(city.ming), a_hold(city.hua, state=HoldState.READY, item=city.books[1], shelf="A3", until=date(2026, 3, 20))],
    )
    state = SnapshotState("C01", 1, 1, START)
    for registry, name in ((city.registry, "city.db"), (twin, "twin.db")):
        registry.add_blocks(extra[0], tell_feed=False)
        registry.add_loans(extra[1], tell_feed=False)
        registry.add_holds(extra[2], tell_feed=False)
        write_replica(registry.database, tmp_path / name, state, watch=unwatched)
    twin.close()
    found = rows_of(tmp_path / "city.db")
    assert all(found.values())
    assert found == rows_of(tmp_path / "twin.db")
    for table, rows in found.items():
        kinds = [[type(value) for value in row] for row in rows]
        assert kinds == [[type(value) for value in row] for row in rows_of(tmp_path / "twin.db")[table]]


@pytest.fixture
def outside() -> Outside:
    return Outside(Clock(), uuid4, lambda n: bytes(range(n)))


@pytest.mark.parametrize("homes", ["postgresql"], indirect=True)
class TestFromAServer:
    @pytest.fixture
    def _locked(self, city: City, homes: Homes, postgres: PostgresServer) -> Iterator[None]:
        """Somebody who does not let the patrons be read."""
        assert isinstance(homes, PostgresHomes)
        with postgres.admin(homes.name_of(city.home)) as connection:
            connection.execute("LOCK TABLE patron IN ACCESS EXCLUSIVE MODE")
            yield

    def test_it_is_interrupted_between_two_statements(self, city: City, tmp_path: Path) -> None:
        with pytest.raises(CopyInterruptedError):
            write_replica(city.registry.database, tmp_path / "r.db", SnapshotState("C01", 1, 1, START), watch=lambda copy: copy.interrupt())

    @pytest.mark.usefixtures("_locked")
    def test_a_service_that_stops_does_not_wait_for_a_statement(self, city: City, outside: Outside, postgres: PostgresServer) -> None:
        folder = city.registry.folder / "snapshots"
        shelf = SnapshotShelf(folder, city.registry.database, city.registry.keys, outside, ShelfPolicy(lag=1, kept=1))
        stopped: list[bool] = []

        def build() -> None:
            with pytest.raises(SnapshotStoppedError):
                shelf.latest("C01", None)
            stopped.append(True)

        building = threading.Thread(target=build)
        building.start()
        deadline = time.monotonic() + 10
        while not postgres.as_admin("SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert time.monotonic() < deadline
            threading.Event().wait(0.01)
        shelf.stop()
        building.join(10)
        assert stopped
        assert list(folder.iterdir()) == []
