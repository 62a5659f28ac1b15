"""The registry's database: one engine, units of work that roll back unless committed, revisions at start."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, RootTransaction, Table
from sqlalchemy.exc import DBAPIError

from registry import store_postgresql, store_sqlite
from registry.database_errors import DatabaseAwayError, DatabaseUnfitError, UnusableDatabaseError

_REVISIONS = Path(__file__).parent / "migrations"
_ATTEMPTS = 5

Result = TypeVar("Result")


class AuditKeyMissingError(RuntimeError):
    """Something was to be written into the audit trail of a database that was not given the trail's key: a fault of the programme."""


def audit_key_of(connection: Connection) -> bytes:
    """The key that this database's trail is chained with.

    Raises:
        AuditKeyMissingError: it was not given one.

    """
    key: bytes | None = connection.get_execution_options().get("audit_key")
    if key is None:
        message = "open the database with Registry.open, or give it the trail's key with Database.seal_audit_with"
        raise AuditKeyMissingError(message)
    return key


def add_rows(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> int:
    """Insert rows, each a value for every column in the table's order, and say how many. They are streamed: a city has millions.

    Raises:
        sqlalchemy.exc.IntegrityError: a row contradicts the tables.

    """
    if connection.dialect.name == "sqlite":
        return store_sqlite.add_rows(connection, table, rows)
    return store_postgresql.add_rows(connection, table, rows)


class UnitOfWork:
    """Changes that stand together or not at all. Without ``commit`` they are rolled back."""

    def __init__(self, connection: Connection, transaction: RootTransaction) -> None:
        self.connection = connection
        self.committed = False
        self._transaction = transaction
        self._afterwards: list[Callable[[], None]] = []

    def afterwards(self, act: Callable[[], None]) -> None:
        """Have something done once the changes are durable; a rollback forgets it."""
        self._afterwards.append(act)

    def add(self, table: Table, rows: Iterable[tuple[Any, ...]]) -> int:
        """As ``add_rows``."""
        return add_rows(self.connection, table, rows)

    def commit(self) -> None:
        """Make the changes durable, then do what waits for that."""
        self._transaction.commit()
        self.committed = True
        for act in self._afterwards:
            act()


class Database:
    """The engine and the ways to use it. SQL stands in the stores, which are given its connections.

    On both engines writers come one after the other (SQLite's own lock, an advisory lock of PostgreSQL), so
    that what a unit of work has read stays true until it commits, and the feed's order is the order of decisions.
    """

    def __init__(self, engine: Engine, place: str, listen: Callable[[str, Callable[[str], None]], Awaitable[None]] | None = None) -> None:
        self.engine = engine
        self.place = place
        self._listen = listen
        self._writing: dict[str, Any] = {"writing": True}
        self._reader = engine if engine.dialect.name == "sqlite" else store_postgresql.reader(engine)

    @classmethod
    def sqlite(cls, path: Path) -> "Database":
        """Open or make a database file: WAL, ``synchronous=FULL``, foreign keys checked."""
        return cls(store_sqlite.open_file(path), str(path))

    @classmethod
    def postgresql(cls, url: str) -> "Database":
        """Open a database on a PostgreSQL server, 15 or newer, by a URL as libpq reads it (several hosts, ``?sslmode=…`` and all).

        Raises:
            DatabaseAddressError: the URL can't be read, or the server refuses this user, password or database.
            DatabaseAwayError: the server does not answer.
            DatabaseUnfitError: the server is too old, or the database's text is not UTF-8.

        """
        parameters = store_postgresql.parameters_of(url)
        engine = store_postgresql.open_server(parameters)
        try:
            store_postgresql.check(engine, parameters)
        except UnusableDatabaseError:
            engine.dispose()
            raise
        return cls(engine, store_postgresql.place_of(parameters), partial(store_postgresql.listen, parameters))

    def seal_audit_with(self, key: bytes) -> None:
        """Have the audit trail chained with a key from now on. The database itself never holds it."""
        self._writing["audit_key"] = key

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the database.

        Raises:
            DatabaseAwayError: it can't be reached.

        """
        with self._connected(self._reader) as connection, connection.begin():
            yield connection

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """A transaction that may write; rolled back unless it was committed.

        Raises:
            DatabaseAwayError: the database can't be reached.

        """
        with self._connected(self.engine) as plain:
            connection = plain.execution_options(**self._writing)
            transaction = connection.begin()
            try:
                yield UnitOfWork(connection, transaction)
            finally:
                if transaction.is_active:
                    transaction.rollback()

    def write(self, act: Callable[[UnitOfWork], Result]) -> Result:
        """Do something in a unit of work and commit it; all of it again when the database asks for that (SQLSTATE 40001 and 40P01).

        Raises:
            DatabaseAwayError: the database can't be reached. When it went away during the commit, nobody knows whether it was made.

        """
        for left in reversed(range(_ATTEMPTS)):
            work = None
            try:
                with self.unit_of_work() as work:
                    result = act(work)
                    work.commit()
                    return result
            except DBAPIError as error:
                if not left or store_postgresql.sqlstate(error) not in store_postgresql.AGAIN or (work is not None and work.committed):
                    raise
        raise AssertionError  # the last attempt returns or raises

    def migrate(self) -> None:
        """Bring the tables up to this program's revision; nothing changes when one step fails.

        Raises:
            DatabaseUnfitError: the tables are a newer program's or another's, or may not be changed.
            DatabaseAwayError: the database can't be reached.

        """
        try:
            self._alembic(self._upgrade)
        except DBAPIError as error:
            explained = (store_sqlite if self.engine.dialect.name == "sqlite" else store_postgresql).explained(error, self.place)
            if explained is None:
                raise
            raise explained from None

    def check(self) -> None:
        """See whether the tables are what the code describes.

        Raises:
            alembic.util.exc.CommandError: they differ.

        """
        self._alembic(lambda config, _connection: command.check(config))

    def downgrade(self, revision: str = "base") -> None:
        """Take revisions back."""
        self._alembic(lambda config, _connection: command.downgrade(config, revision))

    def is_current(self) -> bool:
        """Whether the tables are at this program's revision."""
        with self.reading() as connection:
            return _revisions(connection) == set(_chain().get_heads())

    @property
    def announces(self) -> bool:
        """Whether commits can be heard of by other processes."""
        return self._listen is not None

    async def listen(self, channel: str, heard: Callable[[str], None]) -> None:
        """Pass on what commits announce, for ever; an empty text first, because something may have been missed before.

        Raises:
            DatabaseAwayError: the connection was lost, or could not be made.

        """
        if self._listen is not None:
            await self._listen(channel, heard)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def _upgrade(self, config: Config, connection: Connection) -> None:
        found = _revisions(connection)
        if found == set(_chain().get_heads()):
            return
        unknown = found - {script.revision for script in _chain().walk_revisions()}
        if unknown:
            message = f"{self.place}: its tables are of a newer program (revision {', '.join(sorted(unknown))}); start that one, or a newer"
            raise DatabaseUnfitError(message)
        command.upgrade(config, "head")

    def _alembic(self, act: Callable[[Config, Connection], Any]) -> None:
        config = Config()
        config.set_main_option("script_location", str(_REVISIONS).replace("%", "%%"))
        with self.unit_of_work() as work:
            config.attributes["connection"] = work.connection
            act(config, work.connection)
            work.commit()

    @contextmanager
    def _connected(self, engine: Engine) -> Iterator[Connection]:
        try:
            connection = engine.connect()
        except DBAPIError as error:
            if engine.dialect.name == "sqlite":
                raise
            raise self._away() from error
        try:
            with connection:
                yield connection
        except DBAPIError as error:
            if error.connection_invalidated:
                raise self._away() from error
            raise

    def _away(self) -> DatabaseAwayError:
        return DatabaseAwayError(f"{self.place} does not answer: try again when its server is there")


@cache
def _chain() -> ScriptDirectory:
    return ScriptDirectory(str(_REVISIONS))


def _revisions(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())
