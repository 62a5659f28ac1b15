"""Copying a branch's rows into a replica file, as of one instant, while writers go on. SQLite copies by itself; from a server they are streamed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import ProgrammingError
from typing import Any, Protocol, TypeVar

import psycopg
from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    NullPool,
    Select,
    String,
    Table,
    cast,
    create_engine,
    extract,
    func,
    insert,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.sqltypes import JSON, Boolean

import replica.tables
from registry.columns import Instant, Key
from registry.database import Database
from registry.exchange.store_feed import Head, head
from registry.exchange.store_projection import KEYS, rows_for
from replica.tables import ReplicaTable

_AT_ONCE = 10_000
_CANCELLED = "57014"


class CopyInterruptedError(Exception):
    """The copy was interrupted because the service stops."""


class Interruptible(Protocol):
    """A copy that another thread may give up, at any moment."""

    def interrupt(self) -> None:
        """Have the copy raise CopyInterruptedError soon."""


Driver = TypeVar("Driver")
Watch = Callable[[Interruptible], None]
State = Callable[[Head], dict[str, Any]]


def copy_rows(database: Database, path: Path, branch: str, state: State, *, watch: Watch) -> Head:
    """Make a replica file and fill it, and say where in the feed the rows stood. A broken copy is only fit to be deleted.

    ``state`` gives the values of the state row. ``watch`` is given what interrupts the copy.

    Raises:
        CopyInterruptedError: it was interrupted.

    """
    copy = _attached if database.engine.dialect.name == "sqlite" else _streamed
    return copy(database, path, branch, state, watch)


class _Sqlite:
    def __init__(self, raw: SqliteConnection) -> None:
        self._raw = raw

    def interrupt(self) -> None:
        with suppress(ProgrammingError):  # it has just been closed: the copy is over
            self._raw.interrupt()


def _attached(database: Database, path: Path, branch: str, state: State, watch: Watch) -> Head:
    with _seeing_both(database, path, watch) as connection, connection.begin():
        # The first read fixes the instant for all that follow.
        at = head(connection)
        target = MetaData()
        for table in replica.tables.metadata.sorted_tables:
            table.to_metadata(target, schema="replica")
        for table in target.sorted_tables:
            connection.execute(CreateTable(table))
        for name in ReplicaTable:
            copied = target.tables[f"replica.{name}"]
            rows = rows_for(name, branch).order_by(KEYS[name])
            connection.execute(insert(copied).from_select([column.name for column in copied.columns], rows))
        _finish(connection, target, target.tables["replica.state"], state(at))
    return at


@contextmanager
def _seeing_both(database: Database, path: Path, watch: Watch) -> Iterator[Connection]:
    """A connection of its own that sees both files; it is thrown away afterwards. The copy needs no journal."""
    with database.engine.connect() as connection:
        raw = _driver(connection, SqliteConnection)
        try:
            raw.execute("ATTACH ? AS replica", (str(path),))
            raw.execute("PRAGMA replica.journal_mode=OFF")
            raw.execute("PRAGMA replica.synchronous=OFF")
            watch(_Sqlite(raw))
            yield connection
        except OperationalError as error:
            if "interrupted" in str(error.orig):
                raise CopyInterruptedError from error
            raise
        finally:
            connection.invalidate()


class _Server:
    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self._raw = raw
        self._asked = threading.Event()

    def interrupt(self) -> None:
        """A statement that runs is cancelled; between two fetches nothing runs, so the copy also asks."""
        self._asked.set()
        with suppress(psycopg.Error):  # it has just been closed: the copy is over
            self._raw.cancel_safe()

    def go_on(self) -> None:
        if self._asked.is_set():
            raise CopyInterruptedError


def _streamed(database: Database, path: Path, branch: str, state: State, watch: Watch) -> Head:
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    with database.reading() as source, engine.connect() as target:
        server = _Server(_driver(source, psycopg.Connection))
        watch(server)
        raw = _driver(target, SqliteConnection)
        raw.execute("PRAGMA journal_mode=OFF")
        raw.execute("PRAGMA synchronous=OFF")
        try:
            at = head(source)
            for table in replica.tables.metadata.sorted_tables:
                target.execute(CreateTable(table))
            for name in ReplicaTable:
                into = str(insert(replica.tables.metadata.tables[name]).compile(dialect=target.dialect))
                with source.execution_options(yield_per=_AT_ONCE).execute(_as_sqlite_keeps_them(name, branch)) as found:
                    for rows in found.partitions():
                        server.go_on()
                        raw.executemany(into, map(tuple, rows))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _CANCELLED:
                raise CopyInterruptedError from error
            raise
        _finish(target, replica.tables.metadata, replica.tables.state, state(at))
        target.commit()
    return at


def _driver(connection: Connection, kind: type[Driver]) -> Driver:
    raw = connection.connection.driver_connection
    if not isinstance(raw, kind):
        message = f"{type(raw).__name__} is another driver"
        raise TypeError(message)
    return raw


def _finish(connection: Connection, metadata: MetaData, state: Table, values: dict[str, Any]) -> None:
    """Indexes last: they are made faster of all rows at once."""
    for table in metadata.sorted_tables:
        for index in table.indexes:
            connection.execute(CreateIndex(index))
    connection.execute(insert(state), values)


def _as_sqlite_keeps_them(name: ReplicaTable, branch: str) -> Select[Any]:
    """A branch's rows with every value already as the replica's tables keep it: nothing is left to convert a value at a time."""
    chosen = rows_for(name, branch)
    return chosen.with_only_columns(*(_kept(column) for column in chosen.selected_columns), maintain_column_froms=True).order_by(KEYS[name])


def _kept(column: ColumnElement[Any]) -> ColumnElement[Any]:
    match column.type:
        case Key():
            return func.uuid_send(column, type_=LargeBinary)
        case Instant():
            return cast(extract("epoch", column) * 1_000_000, BigInteger)
        case Date():
            return func.to_char(column, "YYYY-MM-DD")
        case Boolean():
            return cast(column, Integer)
        case JSON():
            return cast(column, String)
        case _:
            return column
