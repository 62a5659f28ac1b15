"""Looking into a kiosk's databases from another process, also while the kiosk runs: read-only, so nothing of them can change.

A reader takes no lock that a writer waits for and makes no checkpoint, which leaves the kiosk's only writing
connection the only one (SQLite before 3.51.3 could damage a file that two of them checkpoint).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, StaticPool, create_engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError, NoResultFound

from circulation.wire import FactStatus
from kiosk.store import offline_rows
from kiosk.store.ledger_schema import HEAD
from kiosk.store.ledger_tables import device, outbox
from kiosk.store.offline_rows import KeptTerms, KeptWatch
from kiosk.store.watermark import MARK_SUFFIX, Standing, read_mark
from replica.files import ReplicaFiles, ReplicaLinkError
from replica.tables import SCHEMA_VERSION, state

_KEY_BYTES = 32
_PROBLEMS = 3


@unique
class FileFault(StrEnum):
    """Why a database can't be looked into: stable codes."""

    MISSING = "missing"
    KEY = "key"
    """No database, or one with another key."""
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    """Rights, a disk that fails, a folder in which nothing may be made."""
    FOREIGN = "foreign"
    """It opens and is not what it should be."""
    NO_LIBRARY = "no_library"
    """SQLCipher is not installed: an inspection must be able to say so."""


class InspectionError(Exception):
    """A database can't be looked into; ``fault`` says why, the message what SQLite said."""

    def __init__(self, fault: FileFault, problem: str) -> None:
        super().__init__(problem)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class LedgerInspection:
    """What a ledger holds, without anything of a person. ``revision`` is this program's when ``is_current``."""

    revision: str
    is_current: bool
    made_at: datetime
    last_seq: int
    unsent: int
    oldest_unsent_at: datetime | None
    unreadable: int
    """Facts that the registry could not read."""
    heard_at: datetime | None
    problem: str
    problem_at: datetime | None
    restored_at: datetime | None = None
    """When the ledger turned out to be an old image; ``moved`` facts went over into its new epoch."""
    moved: int = 0
    missing: int = 0
    """Facts that the ledger once had, by its mark, and for which no new epoch has been begun yet."""


@dataclass(frozen=True, slots=True)
class ReplicaInspection:
    """Where the replica in use stands. ``verified_at`` is the registry's time (aware UTC) of the last complete feed."""

    name: str
    schema_version: int
    is_current: bool
    branch: str
    feed: UUID
    cursor: int
    card_key_version: int
    verified_at: datetime


def sqlcipher_version() -> str:
    """The version of SQLCipher, and that of SQLite in it.

    Raises:
        InspectionError: it is not installed, or can't encrypt.

    """
    sqlcipher = _library()
    connection = sqlcipher.connect(":memory:")
    try:
        row = connection.execute("PRAGMA cipher_version").fetchone()
    finally:
        connection.close()
    if row is None:
        raise InspectionError(FileFault.FOREIGN, "the database library is a plain SQLite")
    return f"{row[0]} (SQLite {sqlcipher.sqlite_version})"


def inspect_ledger(path: Path, key: bytes) -> LedgerInspection:
    """Open a ledger, read every page of it, and say what it holds.

    Raises:
        InspectionError: it can't be looked into.

    """
    # Before the ledger, so that it can't be ahead because the kiosk has just lent something.
    mark = read_mark(path.with_suffix(MARK_SUFFIX), key)
    with looking_into(path, key) as connection:
        _check_pages(connection)
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        kept = connection.execute(
            select(device.c.made_at, device.c.heard_at, device.c.problem, device.c.problem_at).where(device.c.only == 1)
        ).one()
        unsent = connection.execute(select(func.count(), func.min(outbox.c.at)).where(outbox.c.status.is_(None))).one()
        unreadable = select(func.count()).select_from(outbox).where(outbox.c.status == FactStatus.MALFORMED.value)
        is_current = revision == HEAD
        # An older ledger has no such columns yet.
        restored = connection.execute(select(device.c.restored_at, device.c.moved)).one() if is_current else (None, 0)
        last = connection.execute(select(func.max(outbox.c.seq))).scalar_one() or 0
        return LedgerInspection(
            revision=revision,
            is_current=is_current,
            made_at=kept.made_at,
            last_seq=last,
            unsent=unsent[0],
            oldest_unsent_at=unsent[1],
            unreadable=connection.execute(unreadable).scalar_one(),
            heard_at=kept.heard_at,
            problem=kept.problem,
            problem_at=kept.problem_at,
            restored_at=restored[0],
            moved=restored[1],
            missing=_missing(connection, mark, last) if is_current else 0,
        )


def _missing(connection: Connection, mark: Standing | None, last: int) -> int:
    """How many facts the mark knows and the ledger does not; what was pruned counts as held."""
    pruned: int = connection.execute(select(device.c.pruned_seq)).scalar_one()
    return 0 if mark is None else max(0, mark.seq - max(last, pruned))


def inspect_replica(folder: Path, key: bytes) -> ReplicaInspection:
    """Open the replica in use, read every page of it, and say where it stands.

    Raises:
        InspectionError: it can't be looked into.

    """
    try:
        path = ReplicaFiles(folder).current()
    except (OSError, ReplicaLinkError) as error:
        raise InspectionError(FileFault.FOREIGN, str(error)) from None
    if path is None:
        raise InspectionError(FileFault.MISSING, "there is no replica.db")
    with looking_into(path, key) as connection:
        _check_pages(connection)
        (version,) = connection.execute(select(state.c.schema_version)).one()
        row = connection.execute(select(state.c.branch, state.c.feed, state.c.cursor, state.c.card_key_version, state.c.verified_at)).one()
        return ReplicaInspection(
            path.name, version, version == SCHEMA_VERSION, row.branch, row.feed, row.cursor, row.card_key_version, row.verified_at
        )


@dataclass(frozen=True, slots=True)
class OfflineInspection:
    """What a ledger holds of offline terms and of the clock, as it was kept last."""

    terms: tuple[KeptTerms, ...] = ()
    watch: KeptWatch = field(default_factory=KeptWatch)
    problem_at: datetime | None = None
    clock_doubted_at: datetime | None = None


def inspect_offline(path: Path, key: bytes) -> OfflineInspection:
    """Open a ledger of this program's revision and say what it holds of offline terms.

    Raises:
        InspectionError: it can't be looked into.

    """
    with looking_into(path, key) as connection:
        since = connection.execute(select(device.c.terms_problem_at, device.c.clock_doubted_at).where(device.c.only == 1)).one()
        terms, watch = offline_rows.read(
            connection.execute(offline_rows.KEPT_TERMS).all(), connection.execute(offline_rows.KEPT_WATCH).all()
        )
        return OfflineInspection(terms, watch, since.terms_problem_at, since.clock_doubted_at)


@contextmanager
def looking_into(path: Path, key: bytes) -> Iterator[Connection]:
    """One consistent view of an encrypted file."""
    if not path.is_file():
        raise InspectionError(FileFault.MISSING, f"{path.name} is not there")
    engine = create_engine("sqlite+pysqlite://", module=_library(), creator=lambda: _connect(path, key), poolclass=StaticPool)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            if not inspect(connection).get_table_names():
                raise InspectionError(FileFault.FOREIGN, f"{path.name} is empty")
            yield connection
    except DBAPIError as error:
        raise _explained(str(error.orig)) from None
    except NoResultFound:
        raise InspectionError(FileFault.FOREIGN, f"{path.name} says nothing of its kiosk: its beginning was cut off") from None
    finally:
        engine.dispose()


def _library() -> Any:  # noqa: ANN401 - sqlcipher3 has no types
    try:
        from sqlcipher3 import dbapi2  # noqa: PLC0415 - what is missing must be told, not end the inspection
    except ImportError as error:
        raise InspectionError(FileFault.NO_LIBRARY, str(error)) from None
    return dbapi2


def _connect(path: Path, key: bytes) -> Any:  # noqa: ANN401 - sqlcipher3 has no types
    if len(key) != _KEY_BYTES:
        raise InspectionError(FileFault.KEY, f"the key has {len(key)} bytes instead of {_KEY_BYTES}")
    connection = _library().connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
    # SQLCipher would tell a wrong key to stderr as well.
    connection.execute("PRAGMA cipher_log_level=NONE")
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA busy_timeout=3000")
    return connection


def _check_pages(connection: Connection) -> None:
    found = [row[0] for row in connection.exec_driver_sql(f"PRAGMA quick_check({_PROBLEMS})")]
    if found != ["ok"]:
        raise InspectionError(FileFault.DAMAGED, "; ".join(found))


def _explained(said: str) -> InspectionError:
    match said:
        case "file is not a database":
            return InspectionError(FileFault.KEY, said)
        case "database disk image is malformed":
            return InspectionError(FileFault.DAMAGED, said)
        case _ if said.startswith(("no such table", "no such column")):
            return InspectionError(FileFault.FOREIGN, said)
        case _:
            return InspectionError(FileFault.UNREADABLE, said)
