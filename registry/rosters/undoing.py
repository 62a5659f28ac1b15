"""Undoing a whole batch: what would be put back, then compensating events; what has changed since becomes a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from circulation.cards import CardUid
from registry.audit.store import AuditEntry, append
from registry.cards import store as cards
from registry.cards.store import CardSource
from registry.cards.store_replacements import Origin
from registry.cases.kinds import CaseKind
from registry.cases.store import NewCase, open_cases
from registry.database import Database, UnitOfWork
from registry.exchange import store_feed
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.outside import Outside
from registry.rosters import store, store_batches, store_undo
from registry.rosters.batch_refusals import BatchRefusal, BatchRefusedError
from registry.rosters.pipeline import Pipeline
from registry.rosters.sealing import Seal
from registry.rosters.store_batches import Batch, BatchState, Closing
from registry.rosters.store_undo import Undoing
from registry.rosters.store_writing import RegistryMovedError
from registry.rosters.undo_rules import Present, UndoPlan, decide_undo, one_each
from replica.tables import ReplicaTable


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What undoing a batch would put back, in numbers by stable names; ``changed`` patrons become questions."""

    counts: Mapping[str, int]


class BatchUndo:
    """Undoes batches while what that needs is still kept."""

    def __init__(self, database: Database, outside: Outside, seal: Seal, pipeline: Pipeline) -> None:
        self._database = database
        self._outside = outside
        self._seal = seal
        self._pipeline = pipeline

    def preview(self, key: UUID) -> UndoPreview:
        """What undoing would do now.

        Raises:
            BatchRefusedError: ``UNKNOWN``, ``NOT_COMMITTED``, ``UNDO_OVER``.

        """
        with self._database.reading() as connection:
            batch = self._committed(connection, key)
            plan = self._plan(connection, batch)
            return UndoPreview(self._counts(connection, batch, plan))

    def undo(self, key: UUID, *, by: str, seen: UndoPreview | None = None) -> UndoPreview:
        """Undo a batch, all of it in one unit of work; one that is undone already stays so.

        Raises:
            BatchRefusedError: ``UNKNOWN``, ``NOT_COMMITTED``, ``UNDO_OVER``.
            RegistryMovedError: the registry has changed since somebody looked.

        """

        def undo(work: UnitOfWork) -> UndoPreview:
            found = store_batches.batch(work.connection, key)
            if found is not None and found.state is BatchState.UNDONE:
                return UndoPreview({})
            batch = self._committed(work.connection, key)
            plan = self._plan(work.connection, batch)
            done = UndoPreview(self._counts(work.connection, batch, plan))
            if seen is not None and seen != done:
                raise RegistryMovedError
            self._write(work, batch, plan, by)
            append(work.connection, AuditEntry(self._outside.now(), by, "roster undone", "done", {"batch": str(key), **done.counts}))
            return done

        return self._database.write(undo)

    def _committed(self, connection: Connection, key: UUID) -> Batch:
        batch = store_batches.batch(connection, key)
        if batch is None:
            raise BatchRefusedError(BatchRefusal.UNKNOWN)
        if batch.state is not BatchState.COMMITTED:
            raise BatchRefusedError(BatchRefusal.NOT_COMMITTED)
        return batch

    def _plan(self, connection: Connection, batch: Batch) -> UndoPlan:
        kept = self._pipeline.keeping.kept(connection, batch.id)
        if kept is None:
            raise BatchRefusedError(BatchRefusal.UNDO_OVER)
        people = one_each(effect for piece in kept for effect in piece.people)
        keys = [effect.patron for effect in people]
        before = [CardUid.from_hex(one.card_before.number) for one in people if one.card_before is not None]
        reports, others = store_undo.standing(connection, [one.lost for one in people if one.lost is not None])
        waits = [(tag, was, piece.at) for piece in kept for tag, was in piece.waits]
        tags = [*(tag for tag, _, _ in waits), *(one.waited.tag for one in people if one.waited is not None)]
        present = Present(
            store.known_by_key(connection, keys, self._pipeline.zone),
            store_undo.met(connection, [one.patron for one in people if one.created], batch.id),
            cards.owners(connection, before),
            reports,
            others,
            store_undo.named(connection, [number.card_key for one in people for number in one.named]),
            store_undo.consents_of(connection, batch.id),
            {tag: one.received_at for tag, one in store.waiting(connection, tags).items()},
        )
        return decide_undo(people, waits, present)

    def _counts(self, connection: Connection, batch: Batch, plan: UndoPlan) -> dict[str, int]:
        closing = sum(is_open for _, is_open in store_undo.cases_of(connection, batch.id))
        return {**plan.counts(), "cases": closing}

    def _write(self, work: UnitOfWork, batch: Batch, plan: UndoPlan, by: str) -> None:
        now = self._outside.now()
        origin = Origin(now, by, CardSource.ROSTER, batch.id)
        new_same = {key: self._seal.tag("undone", str(key)) for key, _ in store_undo.cases_of(work.connection, batch.id)}
        store_undo.close_cases(work, batch.id, new_same, at=now)
        told = store_undo.put_back(work, plan, Undoing(batch.id, origin, self._pipeline.secret))
        self._ask(work, batch, plan, by)
        store_batches.close(work, batch.id, Closing(BatchState.UNDONE, now, by))
        store_batches.destroy_undo_key(work, batch.id)
        patrons = dict.fromkeys((*plan.removed, *plan.incomplete, *plan.branches))
        entries = [
            *(FeedEntry(ReplicaTable.CARD, key_text(key)) for key in told),
            *(FeedEntry(ReplicaTable.PATRON, key_text(key)) for key in patrons),
        ]
        if entries:
            store_feed.publish(work, entries, at=now)
            work.afterwards(self._pipeline.wake)

    def _ask(self, work: UnitOfWork, batch: Batch, plan: UndoPlan, by: str) -> None:
        kind, now = CaseKind.CHANGED_SINCE, self._outside.now()
        open_cases(
            work,
            [
                NewCase(
                    *(self._outside.new_id(), kind, self._seal.tag(kind, str(batch.id), str(one.patron)), now, by, one.patron),
                    batch=batch.id,
                    row_number=one.row,
                    asks={"changed": " ".join(one.aspects)},
                )
                for one in plan.changed
            ],
        )
