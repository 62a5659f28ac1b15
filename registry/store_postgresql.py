"""The registry on PostgreSQL: an engine that takes any URL of libpq, loads by COPY, and errors that withhold the values they are about."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, cast

import psycopg
from psycopg import pq, sql
from psycopg.abc import Buffer
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Connection, Engine, ExceptionContext, Table, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from registry.columns import bound_rows, without_nul
from registry.database_errors import DatabaseAddressError, DatabaseAwayError, DatabaseUnfitError, UnusableDatabaseError

OLDEST_SERVER = 15
AGAIN = frozenset({"40001", "40P01"})
"""Serialisation failure and deadlock: the database asks for the transaction again."""
_USUAL = {
    "application_name": "youyue-registry",
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
_SCHEMES = ("postgresql://", "postgres://")
_AT_ONCE = 5_000
_WRITERS = 0x796F75797565
"""The advisory lock that a writer holds: the letters of ``youyue``."""
_BEGIN_WRITING = text(
    # One statement, and for this transaction only: a pooler between us and the server may give the next one another session.
    "SELECT set_config('lock_timeout', '30s', true), set_config('idle_in_transaction_session_timeout', '60s', true), "
    f"pg_advisory_xact_lock({_WRITERS})"
)


def parameters_of(url: str) -> dict[str, Any]:
    """What libpq makes of a URL, with time-outs where it names none.

    Raises:
        DatabaseAddressError: it can't be read. The message does not repeat it: it may hold a password.

    """
    if url.startswith(_SCHEMES):
        try:
            return {**_USUAL, **conninfo_to_dict(url), "client_encoding": "utf8"}
        except psycopg.Error:
            pass
    message = (
        "the database URL can't be read: write postgresql://USER@HOST:PORT/DATABASE; "
        "in a password, @ : / ? # % and spaces are written as %40 %3A %2F %3F %23 %25 %20"
    )
    raise DatabaseAddressError(message)


def place_of(parameters: dict[str, Any]) -> str:
    """The database's name for people: no user, no password."""
    host = parameters.get("host") or parameters.get("hostaddr") or "this machine"
    port = f":{parameters['port']}" if "port" in parameters else ""
    return f"the PostgreSQL database {parameters.get('dbname', 'of its user')} at {host}{port}"


def open_server(parameters: dict[str, Any]) -> Engine:
    """An engine for a database on a server. Nothing is opened yet."""
    engine = create_engine(
        "postgresql+psycopg://",
        # Statements are not prepared: a pooler in front of the server may lose them.
        connect_args={**parameters, "prepare_threshold": None},
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        json_serializer=_json,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=16,
        use_native_hstore=False,
    )

    @event.listens_for(engine, "connect")
    def prepare(raw: psycopg.Connection[Any], _record: object) -> None:
        raw.adapters.register_dumper(str, _WithoutNul)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writing", False):
            connection.execute(_BEGIN_WRITING)

    @event.listens_for(engine, "do_execute")
    def copy(cursor: psycopg.Cursor[Any], statement: str, _parameters: object, context: Any) -> bool:  # noqa: ANN401 - SQLAlchemy's own
        rows: Iterable[tuple[Any, ...]] | None = context.execution_options.get("copied_rows")
        if rows is None:
            return False
        cursor.adapters.register_dumper(str, StrDumperUnknown)  # the fast one: these strings are bound already
        with cursor.copy(statement.encode()) as copying:
            for row in rows:
                copying.write_row(row)
        return True

    @event.listens_for(engine, "handle_error")
    def withhold(context: ExceptionContext) -> None:
        _withhold(context.original_exception, context.sqlalchemy_exception)

    return engine


def reader(engine: Engine) -> Engine:
    """The same engine for transactions that see one instant and write nothing."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def add_rows(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> int:
    """Insert rows by COPY, streamed: neither a statement nor a message a row."""
    coming = iter(rows)
    first = next(coming, None)
    if first is None:
        return 0
    prepare = connection.dialect.identifier_preparer
    columns = ", ".join(prepare.format_column(column) for column in table.columns)
    copy = f"COPY {prepare.format_table(table)} ({columns}) FROM STDIN"

    def bound() -> Iterator[tuple[Any, ...]]:
        batch = [first, *islice(coming, _AT_ONCE - 1)]
        while batch:
            yield from bound_rows(table, batch, connection.dialect)
            batch = list(islice(coming, _AT_ONCE))

    return connection.exec_driver_sql(copy, execution_options={"copied_rows": bound()}).rowcount


async def listen(parameters: dict[str, Any], channel: str, heard: Callable[[str], None]) -> None:
    """Listen on a connection of its own until it breaks.

    Raises:
        DatabaseAwayError: it broke, or could not be made.

    """
    try:
        async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as raw:
            await raw.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            heard("")
            async for said in raw.notifies():
                heard(said.payload)
    except psycopg.Error as error:
        message = f"{place_of(parameters)} does not answer: try again when its server is there"
        raise DatabaseAwayError(message) from error


def check(engine: Engine, parameters: dict[str, Any]) -> None:
    """See whether the server can be used at all.

    Raises:
        UnusableDatabaseError: it can't be reached, refuses us, is too old, or its text is not UTF-8.

    """
    place = place_of(parameters)
    try:
        with engine.connect() as connection:
            info = cast("psycopg.Connection[Any]", connection.connection.driver_connection).info
            version, encoding = info.server_version // 10_000, info.parameter_status("server_encoding")
    except DBAPIError as error:
        raise _unreachable(error, parameters) from None
    if version < OLDEST_SERVER:
        message = f"{place}: its server is PostgreSQL {version}; {OLDEST_SERVER} or newer is needed"
        raise DatabaseUnfitError(message)
    if encoding != "UTF8":
        message = f"{place}: its text is encoded as {encoding}; make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        raise DatabaseUnfitError(message)


def _unreachable(error: DBAPIError, parameters: dict[str, Any]) -> UnusableDatabaseError:
    """Whether somebody is there is asked of the server: its sentences are in whatever language it was told."""
    place, said = place_of(parameters), _last_words(str(error.orig), str(parameters.get("password", "")))
    match pq.PGconn.ping(make_conninfo(**parameters).encode()):
        case pq.Ping.OK:
            return DatabaseAddressError(f"{place} refuses us ({said}); see to the user, the password and the database's name in the URL")
        case pq.Ping.NO_ATTEMPT:
            return DatabaseAddressError(f"{place} can't even be tried ({said}); see to the URL")
        case _:
            return DatabaseAwayError(f"{place} does not answer ({said}); is the server running, and is the host right?")


def _last_words(said: str, password: str) -> str:
    """What the last attempt ended with: libpq writes a line and a hint for each of them."""
    last = next(iter(re.split(r"failed: +", said)[-1].strip().splitlines()), "without a word")
    words = re.sub(r"^[^:\s]+: {2}", "", last)  # the server's own severity
    return words.replace(password, "***") if password else words


def explained(error: DBAPIError, place: str) -> UnusableDatabaseError | None:
    """What an operator can do about this error; nothing when it is a mistake of ours."""
    match sqlstate(error):
        case "42501":
            return DatabaseUnfitError(
                f"{place}: this user may not make tables in it; make the user its owner (ALTER DATABASE … OWNER TO …)"
            )
        case "42P07":
            return DatabaseUnfitError(f"{place} holds tables of another program; make a database of its own for the registry")
        case "25006":
            return DatabaseUnfitError(f"{place} is read-only: it is a standby; name the primary, or add ?target_session_attrs=read-write")
        case "55P03":
            return DatabaseAwayError(f"{place} is being written by another program: try again when it is done")
        case "53100":
            return DatabaseAwayError(f"{place} can't grow: there is no room on the server's disk")
        case _:
            return None


def sqlstate(error: DBAPIError) -> str | None:
    """The five characters that say what went wrong."""
    return error.orig.sqlstate if isinstance(error.orig, psycopg.Error) else None


def _withhold(original: BaseException, wrapped: BaseException | None) -> None:
    """Keep what happened and where, drop DETAIL and CONTEXT: they quote rows, and these are people."""
    if not isinstance(original, psycopg.Error) or original.sqlstate is None:
        return
    values_themselves = original.sqlstate.startswith("22")
    primary = "a value does not fit its column" if values_themselves else original.diag.message_primary
    said = f"{primary} (SQLSTATE {original.sqlstate})"
    original.args = (said,)
    if wrapped is not None:
        wrapped.args = (f"({type(original).__name__}) {said}",)


def _json(value: object) -> str:
    """As ``without_nul``, for what is written inside a document."""
    return re.sub(r"(?<!\\)((?:\\\\)*)\\u0000", r"\1\\ufffd", json.dumps(value))


class _WithoutNul(StrDumperUnknown):
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(without_nul(obj))
