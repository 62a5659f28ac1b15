"""Looking into a registry's database from another process: read-only, on both engines, without bringing it up to date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from registry import store_postgresql, store_sqlite
from registry.audit.tables import audit
from registry.cases.tables import staff_case
from registry.database import Database
from registry.database_errors import DatabaseUnfitError
from registry.exchange.restored import RESTORED
from registry.exchange.tables import fact, feed, feed_head, flagged_fact, ledger, snapshot
from registry.kiosks import store_covers, store_health
from registry.kiosks.health import KioskHealth
from registry.kiosks.tables import kiosk
from registry.lending.tables import branch
from registry.privacy import store as privacy
from registry.rosters import store_number_forms
from registry.rosters.number_forms import SenderForm
from registry.terms import store_offline
from registry.terms.store_offline import RecordedTerms

_PROBLEMS = 3
_BUSY_SECONDS = 5
_CHAIN = ScriptDirectory(str(Path(__file__).parent / "migrations"))


class DatabaseMissingError(DatabaseUnfitError):
    """There is no registry here yet."""


@dataclass(frozen=True, slots=True)
class KioskInspection:
    """What the registry knows of one kiosk. ``heard_at`` is when its last fact came (its polls are not kept), ``epoch`` its ledger's newest life."""

    kiosk: UUID
    name: str
    branch: str
    enrolled_at: datetime
    revoked_at: datetime | None
    facts: int
    heard_at: datetime | None
    epoch: UUID | None
    lives: int
    health: KioskHealth | None = None
    cover: int | None = None
    """The version of the cover that it was told last; none: it has never asked for any."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The newest snapshot's manifest and its signature: the signing key must be the one that made it."""

    content: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class RegistryInspection:
    """What a registry's database holds, without anything of a patron."""

    branches: int
    facts: int
    head: int
    kept_from: int
    changed_at: datetime | None
    """When the last change was numbered."""
    audited_at: datetime | None
    flagged: int
    """Facts that wait for staff."""
    flagged_since: datetime | None
    kiosks: tuple[KioskInspection, ...]
    manifest: Manifest | None
    requests_due: tuple[date, ...] = ()
    """When requests about personal data are due that nobody has answered: local dates, the first first."""
    offline: tuple[RecordedTerms, ...] = ()
    """Every version of the offline terms on record, the oldest first."""
    restored_at: datetime | None = None
    """When the registry was last told, or found out by itself, that it was put back to a backup."""
    number_forms: tuple[SenderForm, ...] = ()
    """Every sender whose number form was found by comparing cards."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A database that could be opened: where it is, at which revision, and what it holds when that is this program's."""

    place: str
    engine: str
    revision: str
    is_current: bool
    is_older: bool
    holds: RegistryInspection | None


def inspect_registry(file: Path, url: str = "") -> Looked:
    """Look into the database at a URL, or in a file when there is none.

    Raises:
        DatabaseMissingError: there is none yet.
        UnusableDatabaseError: it can't be used; its kind says what must be done.

    """
    database = Database.postgresql(url) if url else _file(file)
    try:
        with database.reading() as connection:
            return _looked(connection, database)
    except DBAPIError as error:
        explained = (store_postgresql if url else store_sqlite).explained(error, database.place)
        raise explained or DatabaseUnfitError(f"{database.place} can't be read: {type(error.orig).__name__}") from None
    finally:
        database.close()


def _file(path: Path) -> Database:
    if not path.is_file():
        message = f"{path} is not there"
        raise DatabaseMissingError(message)
    return Database(_reader(path), str(path))


def _reader(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{path.absolute().as_uri()}?mode=ro&uri=true", connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def prepare(raw: object, _record: object) -> None:
        raw.isolation_level = None  # type: ignore[attr-defined]  # sqlite3's connection, which would begin its own transactions
        raw.execute("PRAGMA query_only=ON")  # type: ignore[attr-defined]  # the same

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _looked(connection: Connection, database: Database) -> Looked:
    name = connection.dialect.name
    if name == "sqlite":
        _check_pages(connection, database.place)
        engine = f"SQLite {connection.exec_driver_sql('SELECT sqlite_version()').scalar_one()}"
    else:
        engine = f"PostgreSQL {connection.exec_driver_sql('SHOW server_version').scalar_one()}"
    if not inspect(connection).has_table("alembic_version"):
        message = f"{database.place} holds no registry"
        raise DatabaseMissingError(message)
    found = sorted(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
    revision = ", ".join(found)
    if set(found) != set(_CHAIN.get_heads()):
        older = set(found) <= {script.revision for script in _CHAIN.walk_revisions()}
        return Looked(database.place, engine, revision, is_current=False, is_older=older, holds=None)
    return Looked(database.place, engine, revision, is_current=True, is_older=False, holds=_holdings(connection))


def _check_pages(connection: Connection, place: str) -> None:
    found = [row[0] for row in connection.exec_driver_sql(f"PRAGMA quick_check({_PROBLEMS})")]
    if found != ["ok"]:
        message = f"{place} is damaged: {'; '.join(found)}"
        raise DatabaseUnfitError(message)


def _holdings(connection: Connection) -> RegistryInspection:
    head = connection.execute(select(feed_head.c.n, feed_head.c.kept_from)).first()
    of_facts = staff_case.join(flagged_fact, flagged_fact.c.fact_key == staff_case.c.id)
    oldest = select(func.count(), func.min(staff_case.c.opened_at)).select_from(of_facts).where(staff_case.c.settled_at.is_(None))
    waiting = connection.execute(oldest).one()
    newest = connection.execute(
        select(snapshot.c.manifest, snapshot.c.signature).where(snapshot.c.name.is_not(None)).order_by(snapshot.c.version.desc()).limit(1)
    ).first()
    return RegistryInspection(
        branches=connection.execute(select(func.count()).select_from(branch)).scalar_one(),
        facts=connection.execute(select(func.count()).select_from(fact)).scalar_one(),
        head=0 if head is None else head.n,
        kept_from=0 if head is None else head.kept_from,
        changed_at=connection.execute(select(feed.c.at).order_by(feed.c.seq.desc()).limit(1)).scalar(),
        audited_at=connection.execute(select(audit.c.at).order_by(audit.c.seq.desc()).limit(1)).scalar(),
        restored_at=connection.execute(select(func.max(audit.c.at)).where(audit.c.action == RESTORED)).scalar(),
        flagged=waiting[0],
        flagged_since=waiting[1],
        kiosks=tuple(_kiosks(connection)),
        requests_due=tuple(privacy.due_dates(connection)),
        offline=store_offline.recorded(connection),
        number_forms=store_number_forms.of_all(connection),
        manifest=None if newest is None else Manifest(newest.manifest, newest.signature),
    )


def _kiosks(connection: Connection) -> list[KioskInspection]:
    sent: Mapping[UUID, tuple[int, datetime]] = {
        row.kiosk: (row.facts, row.heard_at)
        for row in connection.execute(
            select(fact.c.kiosk, func.count().label("facts"), func.max(fact.c.received_at).label("heard_at")).group_by(fact.c.kiosk)
        )
    }
    lives: dict[UUID, list[UUID]] = {}
    for row in connection.execute(select(ledger.c.kiosk, ledger.c.epoch).order_by(ledger.c.kiosk, ledger.c.opened_at)):
        lives.setdefault(row.kiosk, []).append(row.epoch)
    told = store_health.of_all(connection)
    covers = store_covers.told(connection)
    found = connection.execute(
        select(kiosk.c.id, kiosk.c.name, kiosk.c.branch, kiosk.c.enrolled_at, kiosk.c.revoked_at).order_by(kiosk.c.branch, kiosk.c.name)
    )
    return [
        KioskInspection(
            kiosk=row.id,
            name=row.name,
            branch=row.branch,
            enrolled_at=row.enrolled_at,
            revoked_at=row.revoked_at,
            facts=sent.get(row.id, (0, None))[0],
            heard_at=sent.get(row.id, (0, None))[1],
            epoch=lives.get(row.id, [None])[-1],
            lives=len(lives.get(row.id, [])),
            health=told.get(row.id),
            cover=covers.get(row.id),
        )
        for row in found
    ]
