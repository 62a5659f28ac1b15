"""The desk where rosters arrive: read a file, show what it would change, and change it in one transaction."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.outside import Outside
from registry.rosters import store
from registry.rosters.loading import LoadedRoster, RosterOrder, load_roster
from registry.rosters.pipeline import Pipeline
from registry.rosters.preview import Preview
from registry.rosters.problems import FileFault, RosterFileError
from registry.rosters.store import School
from registry.rosters.store_batches import Batch, add_batch
from registry.rosters.store_writing import RegistryMovedError


class RosterDesk:
    """Loads rosters into a registry."""

    def __init__(self, database: Database, outside: Outside, pipeline: Pipeline, *, zone: ZoneInfo) -> None:
        self._database = database
        self._outside = outside
        self._pipeline = pipeline
        self._zone = zone

    def using(self, pipeline: Pipeline) -> "RosterDesk":
        """The same desk before another pipeline."""
        return RosterDesk(self._database, self._outside, pipeline, zone=self._zone)

    def set_schools(self, schools: Iterable[School]) -> int:
        """Add schools or bring them up to date. Once there are any, a row with another code is refused."""
        given = list(schools)
        return self._database.write(lambda work: store.set_schools(work, given))

    def load(self, order: RosterOrder, *, told: Callable[[int], None] = lambda _: None) -> LoadedRoster:
        """Read a file; nothing is stored. ``told`` hears now and then how many rows have been read.

        Raises:
            RosterFileError: it is no such roster.
            NumberFormError: numbers of this form can't bind cards.

        """
        with self._database.reading() as connection:
            schools = store.branch_of_school(connection)
        return load_roster(order, today=self._outside.now().astimezone(self._zone).date(), schools=schools, told=told)

    def preview(self, loaded: LoadedRoster) -> Preview:
        """What committing this would change now."""
        with self._database.reading() as connection:
            return self._pipeline.look(connection, loaded.given).preview

    def commit(self, loaded: LoadedRoster, preview: Preview, *, by: str) -> None:
        """Store what the preview showed: all of it or nothing. A file that changes nothing leaves no trace.

        Raises:
            RosterFileError: ``NO_CONSENT``.
            RegistryMovedError: the registry has changed since the preview.

        """
        if not loaded.names_consent:
            raise RosterFileError(FileFault.NO_CONSENT)

        def act(work: UnitOfWork) -> None:
            looked = self._pipeline.look(work.connection, loaded.given)
            if looked.preview != preview:
                raise RegistryMovedError
            if looked.plan.is_empty:
                return
            now = self._outside.now()
            order, declared = loaded.order, loaded.order.declaration
            batch = Batch(
                self._outside.new_id(),
                order.kind,
                loaded.sheet.sha256,
                order.school_year,
                declared.form_version if declared else None,
                declared.cohort if declared else None,
                now,
                by,
                preview.counts(),
                closed_at=now,
                closed_by=by,
            )
            add_batch(work, batch)
            detail: dict[str, str | int] = {"batch": str(batch.id), "kind": str(order.kind), **preview.counts()}
            append(work.connection, AuditEntry(now, by, "roster", "done", detail))
            self._pipeline.write(work, looked, batch=batch.id, by=by)

        self._database.write(act)

    def erase_waiting(self, *, older_than: timedelta, by: str) -> int:
        """Erase contact data that nobody's consent has come for in time (R4). How many rows.

        What the deadline is, the library says; the school is told to send them again.
        """

        def act(work: UnitOfWork) -> int:
            now = self._outside.now()
            count = store.erase_waiting_before(work, now - older_than)
            if count:
                append(work.connection, AuditEntry(now, by, "waiting contact data erased", "done", {"rows": count}))
            return count

        return self._database.write(act)
