"""A registry that was put back from a backup: a new feed, snapshots above all that were ever signed, and kiosks that send again what they hold."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.exchange import store_feed, store_restored, store_runs, store_snapshots
from registry.exchange.store_restored import KnownKiosk
from registry.exchange.witnesses import Witness
from registry.kiosks.covers import Covers
from registry.outside import Outside

_log = structlog.get_logger()
ITSELF = "registry"
"""Who noticed, in the trail, when it was no person."""
RESTORED = "registry restored"
"""The act in the trail."""
_COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)
"""Before any registry of this kind signed a snapshot."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a registry still knows: how far its feed has come, when it last heard a fact (aware UTC), its kiosks with their last numbers."""

    position: int
    heard_at: datetime | None
    kiosks: tuple[KnownKiosk, ...]


@dataclass(frozen=True, slots=True)
class NewFeed:
    """The feed from now on, and the version that all snapshots from now on are above."""

    feed: UUID
    above: int


class RestoredRegistry:
    """Lets the kiosks of a registry come after it was put back from a backup. Services that run hear of it as of any change."""

    def __init__(self, database: Database, outside: Outside, covers: Covers) -> None:
        self._database = database
        self._covers = covers
        self._outside = outside

    def standing(self) -> Standing:
        """What the backup knows."""
        with self._database.reading() as connection:
            at = store_feed.head(connection)
            return Standing(at.n, store_restored.last_heard(connection), store_restored.known_kiosks(connection))

    def begin(self, *, by: str) -> NewFeed:
        """Give the feed another name, so that every cursor is answered 410, raise the versions of snapshots, and change the cover.

        The cover of the backup may be known to a kiosk whose rights were taken away after it. The feed's numbers go on: positions that the backup has stored with its facts keep their meaning. Doing it twice does no harm: the
        kiosks fetch one snapshot more.
        """
        return self._database.write(lambda work: self._begin(work, by=by))

    def believe(self, witness: Witness) -> bool:
        """Begin a new feed when this database has lost what it told once, as a witness of this library shows; whether it had to.

        Once for all witnesses of the lost feed, whoever shows them, and in whichever process.
        """

        def believe(work: UnitOfWork) -> bool:
            if not store_runs.contradicts(work.connection, witness):
                return False
            store_runs.remember(work, witness, at=self._outside.now())
            made = self._begin(work, by=ITSELF, lost=witness.position)
            work.afterwards(lambda: _log.error("registry_was_restored", feed=str(made.feed), position=witness.position))
            return True

        return self._database.write(believe)

    def begin_run(self) -> None:
        """Begin a run of the feed: a service starts."""
        self._database.write(lambda work: store_runs.begin(work, self._outside.new_id(), at=self._outside.now()))

    def _begin(self, work: UnitOfWork, *, by: str, lost: int | None = None) -> NewFeed:
        now, feed = self._outside.now(), self._outside.new_id()
        above = store_snapshots.raise_versions(work, safe_version(now))
        store_feed.rename(work, feed)
        store_runs.begin(work, self._outside.new_id(), at=now)
        self._covers.change_within(work)
        detail: dict[str, str | int] = {"feed": str(feed), "position": store_feed.head(work.connection).n, "version": above}
        if lost is not None:
            detail["told"] = lost
        append(work.connection, AuditEntry(now, by, RESTORED, "alarm", detail))
        return NewFeed(feed, above)


def safe_version(now: datetime) -> int:
    """A version above any that was signed before an instant: the seconds since 2020, for no registry has built one a second for years."""
    return max(0, int((now - _COUNTED_FROM).total_seconds()))
