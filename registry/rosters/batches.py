"""Batches: rows that came together are committed at once, or wait for a person, or for a second one; and what waits too long is destroyed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from registry.audit.store import AuditEntry, append
from registry.cases.kinds import CaseKind
from registry.cases.store import NewCase, open_cases
from registry.database import Database, UnitOfWork
from registry.outside import Outside
from registry.rosters import store, store_batches, store_requests
from registry.rosters.arrival import Arrival, ConsentDeclaration
from registry.rosters.batch_keys import BatchKey, KeyUse
from registry.rosters.batch_refusals import BatchRefusal, BatchRefusedError
from registry.rosters.given import GivenRows
from registry.rosters.pipeline import Looked, Pipeline
from registry.rosters.plan import Outcome
from registry.rosters.policy import RosterPolicy
from registry.rosters.preview import Preview
from registry.rosters.problems import FileFault, RosterFileError
from registry.rosters.rows import NotConsented
from registry.rosters.sealing import Seal
from registry.rosters.staging import StagedKeyGoneError, sealed_pieces, staged
from registry.rosters.store_batches import Batch, BatchState, Closing
from registry.rosters.store_writing import RegistryMovedError
from registry.rosters.unusual import Unusual, decide_unusual
from registry.schools.store_arrivals import Arrived, note_arrival


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of rows that came.

    ``batch`` is none when they change nothing: then they leave no trace. ``unusual``: why they wait for a second person. ``outcomes``
    and ``held`` are by row; of a batch that waits they say what would become of each row.
    """

    batch: UUID | None
    state: BatchState | None
    preview: Preview
    outcomes: Mapping[int, Outcome]
    held: Mapping[int, CaseKind]
    unusual: tuple[Unusual, ...] = ()


class BatchDesk:
    """Takes rows in."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a desk of batches is made of
        self, database: Database, outside: Outside, seal: Seal, pipeline: Pipeline, policy: RosterPolicy, zone: ZoneInfo
    ) -> None:
        self._database = database
        self._outside = outside
        self._seal = seal
        self._pipeline = pipeline
        self._policy = policy
        self._zone = zone

    def using(self, pipeline: Pipeline) -> "BatchDesk":
        """The same desk before another pipeline."""
        return BatchDesk(self._database, self._outside, self._seal, pipeline, self._policy, self._zone)

    def preview(self, arrival: Arrival, *, by: str) -> tuple[Preview, list[Unusual]]:
        """What committing this would change now, and what is unlike last year. Nothing is kept but who was compared."""
        with self._database.reading() as connection:
            looked = self._pipeline.look(connection, arrival.given)
            unusual = self._unusual(connection, arrival, looked.preview)
        self._database.write(lambda work: self._note_compared(work, looked, by))
        return looked.preview, unusual

    def bring(self, arrival: Arrival, *, by: str, at_once: bool, seen: Preview | None = None) -> Brought:
        """Commit rows at once, or stage them; an unusual batch is staged in any case. Rows that change nothing leave no trace.

        Args:
            arrival: the rows.
            by: who brings them.
            at_once: whether they may be committed without waiting for anybody.
            seen: what somebody was shown that it would change; none when nobody looks.

        Raises:
            RosterFileError: ``NO_CONSENT``, they were to be committed.
            RegistryMovedError: the registry has changed since somebody looked.

        """
        return self._database.write(lambda work: self.bring_in(work, arrival, by=by, at_once=at_once, seen=seen))

    def bring_in(self, work: UnitOfWork, arrival: Arrival, *, by: str, at_once: bool, seen: Preview | None = None) -> Brought:
        """The same in a unit of work that is under way."""
        if at_once and not arrival.names_consent:
            raise RosterFileError(FileFault.NO_CONSENT)
        looked = self._pipeline.look(work.connection, arrival.given)
        if seen is not None and looked.preview != seen:
            raise RegistryMovedError
        if looked.plan.is_empty:
            return Brought(None, None, looked.preview, looked.plan.row_outcomes, looked.plan.held)
        unusual = self._unusual(work.connection, arrival, looked.preview)
        if at_once and not unusual:
            batch = self._batch(arrival, looked.preview, BatchState.COMMITTED, by)
            store_batches.add_batch(work, batch)
            self._write(work, batch, looked, by)
        else:
            batch = self._stage(work, arrival, looked.preview, unusual, by)
        return Brought(batch.id, batch.state, looked.preview, looked.plan.row_outcomes, looked.plan.held, tuple(unusual))

    def batches(self, *, limit: int = 100) -> list[Batch]:
        """The newest batches."""
        with self._database.reading() as connection:
            return store_batches.batches(connection, limit=limit)

    def show(self, key: UUID, *, by: str) -> tuple[Batch, Preview | None, list[Unusual]]:
        """A batch; of one that waits also what committing it would change now, and what is unlike last year.

        Raises:
            BatchRefusedError: ``UNKNOWN``.

        """
        with self._database.reading() as connection:
            batch = self._found(connection, key)
            if batch.state is not BatchState.STAGED:
                return batch, None, []
            arrival = self._arrival(connection, batch)
            looked = self._pipeline.look(connection, arrival.given)
            unusual = self._unusual(connection, arrival, looked.preview)
        self._database.write(lambda work: self._note_compared(work, looked, by))
        return batch, looked.preview, unusual

    def commit(self, key: UUID, *, by: str, seen: Preview | None = None) -> Brought:
        """Commit a batch that waits, from whatever process, and destroy its key.

        Raises:
            BatchRefusedError: ``UNKNOWN``, ``NOT_STAGED``, ``NEEDS_SECOND_PERSON``.
            RosterFileError: ``NO_CONSENT``.
            RegistryMovedError: the registry has changed since somebody looked.

        """

        def commit(work: UnitOfWork) -> Brought:
            batch = self._waiting(work.connection, key)
            if not batch.names_consent:
                raise RosterFileError(FileFault.NO_CONSENT)
            arrival = self._arrival(work.connection, batch)
            looked = self._pipeline.look(work.connection, arrival.given)
            if seen is not None and looked.preview != seen:
                raise RegistryMovedError
            if batch.approved_by is None and self._unusual(work.connection, arrival, looked.preview):
                raise BatchRefusedError(BatchRefusal.NEEDS_SECOND_PERSON)
            self._close(work, key, BatchState.COMMITTED, by, looked.preview)
            self._write(work, batch, looked, by)
            return Brought(key, BatchState.COMMITTED, looked.preview, looked.plan.row_outcomes, looked.plan.held)

        return self._database.write(commit)

    def discard(self, key: UUID, *, by: str) -> None:
        """Throw a batch away that waits: its key is destroyed.

        Raises:
            BatchRefusedError: ``UNKNOWN``, ``NOT_STAGED``.

        """
        self._database.write(lambda work: self.discard_in(work, key, by=by))

    def discard_in(self, work: UnitOfWork, key: UUID, *, by: str) -> None:
        """The same in a unit of work that is under way, such as a case's decision."""
        self._waiting(work.connection, key)
        self._close(work, key, BatchState.DISCARDED, by)
        append(work.connection, self._entry("roster discarded", by, key))

    def approve(self, key: UUID, *, by: str) -> None:
        """Say as a second person that an unusual batch is right; then it can be committed.

        Raises:
            BatchRefusedError: ``UNKNOWN``, ``NOT_STAGED``, ``SAME_PERSON``, ``NOT_UNUSUAL``.

        """
        self._database.write(lambda work: self.approve_in(work, key, by=by))

    def approve_in(self, work: UnitOfWork, key: UUID, *, by: str) -> None:
        """The same in a unit of work that is under way, such as a case's decision."""
        batch = self._waiting(work.connection, key)
        if batch.actor == by:
            raise BatchRefusedError(BatchRefusal.SAME_PERSON)
        arrival = self._arrival(work.connection, batch)
        if not self._unusual(work.connection, arrival, self._pipeline.look(work.connection, arrival.given).preview):
            raise BatchRefusedError(BatchRefusal.NOT_UNUSUAL)
        store_batches.approve(work, key, by=by)
        store_batches.settle_cases(work, key, at=self._outside.now())
        append(work.connection, self._entry("roster approved", by, key))

    def expire(self, *, by: str = "upkeep") -> int:
        """Destroy what has waited too long, and what undoing needed when its time is over; how many batches."""

        def expire(work: UnitOfWork) -> int:
            now = self._outside.now()
            old = store_batches.staged_before(work.connection, now - self._policy.staged_kept)
            for key in old:
                self._close(work, key, BatchState.EXPIRED, by)
                append(work.connection, self._entry("roster expired", by, key))
            store_requests.forget_before(work, now - self._policy.undo_kept)
            return len(old) + store_batches.destroy_undo_keys(work, now)

        return self._database.write(expire)

    def _stage(self, work: UnitOfWork, arrival: Arrival, preview: Preview, unusual: list[Unusual], by: str) -> Batch:
        batch = self._batch(arrival, preview, BatchState.STAGED, by)
        key = BatchKey.new(batch.id, KeyUse.STAGED, self._outside.random_bytes)
        store_batches.add_batch(work, batch, staged_key=key.kept(self._seal))
        # An explicit "no" is heard at once (R4): what waits for these people goes, and nothing of them is staged.
        silenced = [one.national_id for one in arrival.given.not_consented if one.national_id is not None]
        store.erase_waiting(work, [self._seal.tag(national_id) for national_id in silenced])
        numbers_only = tuple(NotConsented(one.number, None) for one in arrival.given.not_consented)
        store_batches.stage_rows(work, batch.id, sealed_pieces(replace(arrival.given, not_consented=numbers_only), key))
        if unusual:
            self._ask(work, batch, unusual)
        entry = self._entry("roster staged", by, batch.id, kind=str(batch.kind), unusual=len(unusual), **preview.counts())
        append(work.connection, entry)
        return batch

    def _ask(self, work: UnitOfWork, batch: Batch, unusual: list[Unusual]) -> None:
        kind = CaseKind.BATCH_UNUSUAL
        asks = {_name(one): str(one.now) for one in unusual}
        known: dict[str, str | None] = {_name(one): str(one.before) for one in unusual}
        same = self._seal.tag(kind, str(batch.id))
        case = NewCase(self._outside.new_id(), kind, same, batch.loaded_at, batch.actor, batch=batch.id, asks=asks, known=known)
        open_cases(work, [case])

    def _write(self, work: UnitOfWork, batch: Batch, looked: Looked, by: str) -> None:
        entry = self._entry("roster", by, batch.id, kind=str(batch.kind), **looked.preview.counts())
        append(work.connection, replace(entry, patrons=looked.plan.touched))
        self._pipeline.write(work, looked, batch=batch.id, by=by)
        now = self._outside.now()
        arrived = Arrived(batch.id, batch.kind, batch.school_year, batch.loaded_at, now, by, batch.sender)
        note_arrival(work, arrived, looked.plan, self._seal.tag, self._zone)

    def _close(self, work: UnitOfWork, key: UUID, state: BatchState, by: str, preview: Preview | None = None) -> None:
        now = self._outside.now()
        store_batches.close(work, key, Closing(state, now, by), counts=None if preview is None else preview.counts())
        store_batches.settle_cases(work, key, at=now)

    def _note_compared(self, work: UnitOfWork, looked: Looked, by: str) -> None:
        detail: dict[str, str | int] = {"kind": str(looked.given.kind), "rows": looked.preview.rows}
        compared = [one.id for one in looked.known.patrons.values()]
        append(work.connection, AuditEntry(self._outside.now(), by, "roster compared", "done", detail, compared))

    def _entry(self, action: str, by: str, key: UUID, **detail: str | int) -> AuditEntry:
        return AuditEntry(self._outside.now(), by, action, "done", {"batch": str(key), **detail})

    def _batch(self, arrival: Arrival, preview: Preview, state: BatchState, by: str) -> Batch:
        now, declared = self._outside.now(), arrival.declaration
        closed = state is BatchState.COMMITTED
        return Batch(
            *(self._outside.new_id(), arrival.given.kind, arrival.sha256, arrival.given.school_year),
            form_version=declared.form_version if declared else None,
            cohort=declared.cohort if declared else None,
            loaded_at=now,
            actor=by,
            counts=preview.counts(),
            sender=arrival.sender,
            channel=arrival.channel,
            state=state,
            schools=arrival.schools,
            names_consent=arrival.names_consent,
            closed_at=now if closed else None,
            closed_by=by if closed else None,
        )

    def _found(self, connection: Connection, key: UUID) -> Batch:
        batch = store_batches.batch(connection, key)
        if batch is None:
            raise BatchRefusedError(BatchRefusal.UNKNOWN)
        return batch

    def _waiting(self, connection: Connection, key: UUID) -> Batch:
        batch = self._found(connection, key)
        if batch.state is not BatchState.STAGED:
            raise BatchRefusedError(BatchRefusal.NOT_STAGED)
        return batch

    def _arrival(self, connection: Connection, batch: Batch) -> Arrival:
        try:
            given: GivenRows = staged(connection, batch, self._seal, self._outside)
        except StagedKeyGoneError:
            raise BatchRefusedError(BatchRefusal.NOT_STAGED) from None
        declared = None if batch.form_version is None or batch.cohort is None else ConsentDeclaration(batch.form_version, batch.cohort)
        return Arrival(given, batch.sha256, batch.names_consent, declared, batch.sender, batch.channel)

    def _unusual(self, connection: Connection, arrival: Arrival, preview: Preview) -> list[Unusual]:
        kind, year = arrival.given.kind, arrival.given.school_year
        return decide_unusual(
            arrival,
            preview,
            last_year=store_batches.committed_like(connection, kind, arrival.sender, year - 1),
            this_year=store_batches.committed_like(connection, kind, arrival.sender, year),
            policy=self._policy,
        )


def _name(one: Unusual) -> str:
    return f"{one.reason}:{one.what}" if one.what else str(one.reason)
