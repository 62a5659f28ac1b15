"""The store of snapshots: their manifests, and what a replica file says of itself."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, column, delete, func, insert, select, table, update

from registry.database import Database, UnitOfWork
from registry.exchange.store_copies import Watch, copy_rows
from registry.exchange.store_feed import Head
from registry.exchange.tables import snapshot
from replica.tables import SCHEMA_VERSION

_COUNTERS = table("sqlite_sequence", column("name"), column("seq"))
"""Where SQLite remembers the highest number that AUTOINCREMENT ever gave."""


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """A finished snapshot."""

    version: int
    name: str
    position: int
    manifest: bytes
    signature: bytes


def take_version(work: UnitOfWork, branch: str, *, at: datetime) -> int:
    """The next version; it never goes back, a build that fails leaves a gap."""
    version: int = work.connection.execute(insert(snapshot).returning(snapshot.c.version), {"branch": branch, "begun_at": at}).scalar_one()
    return version


def raise_versions(work: UnitOfWork, least: int) -> int:
    """Have every version from now on be above this one, and above all that were given; says above which."""
    connection = work.connection
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(snapshot.name, snapshot.c.version.name)
        raised = func.setval(sequence, func.greatest(least, func.nextval(sequence)))
        return int(connection.execute(select(raised)).scalar_one())
    ours = _COUNTERS.c.name == snapshot.name
    given = connection.execute(select(_COUNTERS.c.seq).where(ours)).scalar_one_or_none() or 0
    above = max(least, given)
    connection.execute(delete(_COUNTERS).where(ours))
    connection.execute(insert(_COUNTERS), {"name": snapshot.name, "seq": above})
    return above


def finish(work: UnitOfWork, built: StoredSnapshot) -> None:
    """Record a snapshot whose file is in place."""
    work.connection.execute(
        update(snapshot)
        .where(snapshot.c.version == built.version)
        .values(name=built.name, position=built.position, manifest=built.manifest, signature=built.signature)
    )


def finished(connection: Connection, branch: str) -> list[StoredSnapshot]:
    """A branch's snapshots, newest first."""
    found = connection.execute(
        select(snapshot).where(snapshot.c.branch == branch, snapshot.c.name.is_not(None)).order_by(snapshot.c.version.desc())
    )
    return [StoredSnapshot(row.version, row.name, row.position, row.manifest, row.signature) for row in found]


def any_finished(connection: Connection) -> bool:
    """Whether any kiosk may hold a snapshot."""
    return connection.execute(select(snapshot.c.version).where(snapshot.c.name.is_not(None)).limit(1)).first() is not None


def forget(work: UnitOfWork, versions: list[int]) -> None:
    """Drop snapshots that are no longer offered. Versions are not given again."""
    work.connection.execute(delete(snapshot).where(snapshot.c.version.in_(versions)))


@dataclass(frozen=True, slots=True)
class SnapshotState:
    """What a replica file says of itself."""

    branch: str
    version: int
    card_key_version: int
    built_at: datetime


def write_replica(database: Database, path: Path, state: SnapshotState, *, watch: Watch) -> Head:
    """Write a branch's replica file as of one instant, while writers go on, and say where in the feed that was.

    ``watch`` is given what interrupts the copy, so that a service can stop.

    Raises:
        CopyInterruptedError: it was interrupted.

    """

    def of_itself(at: Head) -> dict[str, object]:
        return {
            "only": 1,
            "schema_version": SCHEMA_VERSION,
            "branch": state.branch,
            "feed": at.feed,
            "cursor": at.n,
            "version": state.version,
            "card_key_version": state.card_key_version,
            "verified_at": state.built_at,
        }

    return copy_rows(database, path, state.branch, of_itself, watch=watch)
