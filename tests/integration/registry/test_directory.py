"""The directory of kiosks when a whole city asks at the same moment."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from circulation.ids import KioskId
from registry.database import Database
from registry.directory import Directory
from registry.kiosks.store import KioskRecord

NOON = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)


class Readings:
    """Who there is, read from the database as slowly as a test wants."""

    def __init__(self) -> None:
        self.kiosks: list[KioskRecord] = []
        self.count = 0
        self.begun = threading.Event()
        self.may_end = threading.Event()
        self.may_end.set()

    def __call__(self, _connection: Connection) -> list[KioskRecord]:
        self.count += 1
        found = list(self.kiosks)
        self.begun.set()
        assert self.may_end.wait(30)
        return found

    def hold(self) -> None:
        self.begun.clear()
        self.may_end.clear()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.sqlite(tmp_path / "registry.db")
    yield opened
    opened.close()


def a_kiosk() -> KioskRecord:
    return KioskRecord(KioskId(UUID(bytes=uuid7().bytes)), "總館 1", "C01", bytes(32), NOON)


def test_while_one_thread_reads_the_others_go_on_with_what_is_known(database: Database) -> None:
    read, now = Readings(), [NOON]
    known = a_kiosk()
    read.kiosks = [known]
    directory = Directory(database, read, now=lambda: now[0])
    directory.refresh()
    now[0] += timedelta(seconds=31)
    read.hold()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(directory.refresh)
        assert read.begun.wait(30)
        directory.refresh()
        assert directory.find(known.id) == known
        assert read.count == 2
        read.may_end.set()
        slow.result()
    assert read.count == 2
    assert not directory.is_stale


def test_before_anything_is_known_everybody_waits_for_the_one_reading(database: Database) -> None:
    read = Readings()
    read.kiosks = [a_kiosk()]
    directory = Directory(database, read, now=lambda: NOON)
    read.hold()
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(directory.refresh) for _ in range(2)]
        assert read.begun.wait(30)
        read.may_end.set()
        for one in both:
            one.result()
    assert read.count == 1


def test_a_change_is_read_even_when_an_older_reading_is_under_way(database: Database) -> None:
    read = Readings()
    directory = Directory(database, read, now=lambda: NOON)
    read.hold()
    new = a_kiosk()
    with ThreadPoolExecutor(2) as pool:
        older = pool.submit(directory.refresh)
        assert read.begun.wait(30)
        read.kiosks = [new]
        newer = pool.submit(directory.reload)
        read.may_end.set()
        older.result()
        newer.result()
    assert directory.find(new.id) == new
