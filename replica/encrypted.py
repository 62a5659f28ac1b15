"""Encrypted SQLite files (SQLCipher): opened with a raw key, durable by their settings, and made from plain files.

``synchronous=FULL`` is no taste: with NORMAL a power cut loses commits that a patron has seen as done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2 as sqlcipher

from replica.durable import sync_to_disk

KEY_BYTES = 32
"""Of a raw AES-256 key. A pass phrase would cost 310 ms at every opening."""
CACHE_MIB = 8
"""Page cache of one connection. It holds the inner pages of a replica of 600 MB: look-ups take as long as with 32 MB, with 4 MB their p99
is twice that; with SQLite's 2 MB they decrypt the same pages again and again (2.2 times the time)."""
_DAMAGED: Final = frozenset({"file is not a database", "database disk image is malformed"})
WRITE: Final = "write"
"""Execution option of a connection whose transactions take the write lock at their beginning."""


class EncryptedFileError(Exception):
    """An encrypted file can't be used: missing, another key, damaged, not writable. Names the file; a person must look."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path.name}: {problem}")
        self.path = path
        self.problem = problem


class DamagedFileError(EncryptedFileError):
    """What is in the file can't be used, whatever one tries: damaged, cut off, or encrypted with another key."""


def connect_encrypted(path: Path, key: bytes, *, create: bool = False, cache_mib: int = CACHE_MIB) -> Any:  # noqa: ANN401 - sqlcipher3 has no types
    """Open a file with its raw key: the driver's connection, in autocommit mode, WAL, ``synchronous=FULL``, foreign keys on.

    Args:
        path: the real path of the file, never a symbolic link that may move while it is open.
        key: 32 bytes.
        create: whether a missing file is made.
        cache_mib: page cache in MiB.

    Raises:
        EncryptedFileError: missing, another key, no encrypted database, or not writable.
        ValueError: the key has another length.

    """
    connection = _connect(path, key, create=create)
    try:
        with _named(path):
            _settle(connection, path, cache_mib)
    except BaseException:
        connection.close()
        raise
    return connection


def open_encrypted(path: Path, key: bytes, *, create: bool = False, cache_mib: int = CACHE_MIB, begins: bool = True) -> Engine:
    """Open a file as an engine with one connection, which is opened at once.

    A transaction is ``BEGIN IMMEDIATE`` on a connection with the execution option ``write=True``, else ``BEGIN``. With
    ``begins=False`` nothing begins by itself: every statement stands alone until its user says BEGIN. That is for
    a connection which a process keeps for reading, because begin and rollback cost more than a look-up.

    Raises:
        EncryptedFileError: as ``connect_encrypted``.
        ValueError: the key has another length.

    """
    engine = create_engine(
        "sqlite+pysqlite://",
        module=sqlcipher,
        creator=lambda: connect_encrypted(path, key, create=create, cache_mib=cache_mib),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
    )
    if begins:
        event.listen(engine, "begin", _begin)
    try:
        engine.connect().close()
    except BaseException:
        engine.dispose()
        raise
    return engine


def encrypt_into(plain: Path, target: Path, key: bytes) -> None:
    """Make an encrypted copy of a plain SQLite file, on disk to the last byte when this returns. Nothing is left behind by a failure.

    Args:
        plain: the file to copy; nobody writes to it meanwhile.
        target: the file to make; must not exist.
        key: 32 bytes.

    Raises:
        EncryptedFileError: ``plain`` is missing or no SQLite file, ``target`` exists or can't be written.
        ValueError: the key has another length.

    """
    if target.exists():
        raise EncryptedFileError(target, "exists already")
    if not plain.is_file():
        raise EncryptedFileError(plain, "is missing")
    try:
        _export(plain, target, key)
        sync_to_disk(target)
        sync_to_disk(target.parent)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise EncryptedFileError(target, f"can't be written: {error.strerror}") from None
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def quick_check(connection: Connection, *, path: Path) -> None:
    """Read every page of the database and look whether it hangs together. Takes about 1.3 s per million rows.

    Raises:
        EncryptedFileError: it does not.

    """
    with _named(path):
        problems = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(5)")]
    if problems != ["ok"]:
        raise DamagedFileError(path, f"is damaged: {' '.join('; '.join(problems).split())}")


def _connect(path: Path, key: bytes, *, create: bool) -> Any:  # noqa: ANN401 - sqlcipher3 has no types
    if len(key) != KEY_BYTES:
        message = f"the key of an encrypted file has {KEY_BYTES} bytes, this one has {len(key)}"
        raise ValueError(message)
    if not create and not path.is_file():
        raise EncryptedFileError(path, "is missing")
    with _named(path):
        connection = sqlcipher.connect(
            f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}", uri=True, isolation_level=None, check_same_thread=False
        )
    # SQLCipher would tell a wrong key to stderr as well.
    connection.execute("PRAGMA cipher_log_level=NONE")
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    return connection


def _settle(connection: Any, path: Path, cache_mib: int) -> None:  # noqa: ANN401 - sqlcipher3 has no types
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.execute("PRAGMA foreign_keys=ON")
    (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode != "wal":
        raise EncryptedFileError(path, f"can't keep a write-ahead log here (journal mode is {mode}); is the folder writable?")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute(f"PRAGMA cache_size={-1024 * cache_mib}")


def _export(plain: Path, target: Path, key: bytes) -> None:
    connection = _connect(target, key, create=True)
    try:
        with _named(plain):
            connection.execute("ATTACH ? AS plain KEY ''", (f"{plain.absolute().as_uri()}?mode=ro",))
            (version,) = connection.execute("PRAGMA plain.user_version").fetchone()
            connection.execute("SELECT count(*) FROM plain.sqlite_master").fetchone()
        with _named(target):
            # A half-made file is thrown away, and a whole one is synced at the end.
            connection.execute("PRAGMA main.journal_mode=OFF")
            connection.execute("PRAGMA main.synchronous=OFF")
            connection.execute("SELECT sqlcipher_export('main', 'plain')").fetchone()
            connection.execute(f"PRAGMA main.user_version={int(version)}")  # the export leaves it out
            connection.execute("DETACH plain")
    finally:
        connection.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITE) else "BEGIN")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlcipher.Error, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        kind = DamagedFileError if says_damaged(cause) else EncryptedFileError
        raise kind(path, _explained(str(cause))) from None


def says_damaged(cause: BaseException | None) -> bool:
    """Whether what the database said of a file means ``DamagedFileError``."""
    return str(cause) in _DAMAGED


def _explained(problem: str) -> str:
    match problem:
        case "file is not a database":
            return "is no database, or one with another key"
        case "database disk image is malformed":
            return "is damaged"
        case "unable to open database file":
            return "can't be opened; do the folder and its rights allow it?"
        case _:
            return f"can't be used: {problem}"
