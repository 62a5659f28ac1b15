"""The registry on SQLite: one file, one writer at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, insert, select
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex, DropIndex

from registry.columns import bound_rows
from registry.database_errors import DatabaseAwayError, DatabaseUnfitError, UnusableDatabaseError

_BUSY_SECONDS = 30
_AT_ONCE = 20_000


def open_file(path: Path) -> Engine:
    """An engine for a database file: WAL, ``synchronous=FULL``, foreign keys checked, deleted rows overwritten. Nothing is opened yet."""
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"timeout": _BUSY_SECONDS},
        hide_parameters=True,
        pool_size=8,
        max_overflow=16,
    )

    @event.listens_for(engine, "connect")
    def prepare(raw: SqliteConnection, _record: object) -> None:
        raw.isolation_level = None  # else sqlite3 begins its own transactions
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "cache_size=-65536"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def add_rows(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> int:
    """Insert rows by the driver's executemany; a large load into an empty table makes the indexes afterwards."""
    sql = _insert(table)
    batches = _batches(rows)
    batch = next(batches, ())
    large = len(batch) == _AT_ONCE and connection.execute(select(table).limit(1)).first() is None
    if large:
        for index in table.indexes:
            connection.execute(DropIndex(index))
    count = 0
    while batch:
        connection.exec_driver_sql(sql, bound_rows(table, batch, connection.dialect))
        count += len(batch)
        batch = next(batches, ())
    if large:
        for index in table.indexes:
            connection.execute(CreateIndex(index))
    return count


@lru_cache(maxsize=256)
def _insert(table: Table) -> str:
    return str(insert(table).compile(dialect=pysqlite.dialect()))


def _batches(rows: Iterable[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    coming = iter(rows)
    while batch := list(islice(coming, _AT_ONCE)):
        yield batch


def explained(error: DBAPIError, place: str) -> UnusableDatabaseError | None:
    """What an operator can do about this error; nothing when it is a mistake of ours."""
    said = str(error.orig)
    found: dict[str, Callable[[], UnusableDatabaseError]] = {
        "file is not a database": lambda: DatabaseUnfitError(f"{place} is not a database, or is damaged: restore it from a backup"),
        "malformed": lambda: DatabaseUnfitError(f"{place} is damaged: restore it from a backup"),
        "unable to open": lambda: DatabaseUnfitError(f"{place} can't be opened: see to its folder and who may write there"),
        "readonly": lambda: DatabaseUnfitError(f"{place} can't be written: see to its folder and who may write there"),
        "locked": lambda: DatabaseAwayError(f"{place} is being written by another program: try again when it is done"),
        "full": lambda: DatabaseAwayError(f"{place} can't grow: there is no room on the disk"),
    }
    return next((make() for words, make in found.items() if words in said), None)
