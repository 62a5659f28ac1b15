"""The desk for cases: who sees and has one, what a decision would do, doing it, undoing it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from circulation.cards import CardKind
from circulation.ids import PatronId
from registry.audit.store import AuditEntry, append
from registry.belongings.footprint import Effect, RowChange, Rows, changes_between, effects_of
from registry.belongings.kinds import OWNER
from registry.belongings.store_footprints import contradicted, entries_of, footprint_of, take_back, wanted_by
from registry.cards.store import CardSource
from registry.cards.store_events import CardEvent, CardEventKind, record_events
from registry.cases import store_conflicts
from registry.cases import store_decisions as store
from registry.cases.acts import Acts, CaseOrder, carried_row
from registry.cases.conflicts import sides_of_fact
from registry.cases.decisions import CaseRefusal, Decision, Question, decide_case, decide_undo
from registry.cases.kinds import OF_FACTS
from registry.cases.shown import ShownCase, shown
from registry.cases.store import KnownCase
from registry.cases.store_decisions import CaseFilter, Viewer
from registry.database import Database, UnitOfWork
from registry.desk.replacing import Publish
from registry.merges.desk import MergeDesk, MergeRefusedError
from registry.merges.rules import MergeRefusal
from registry.outside import Outside
from registry.plain_text import plain
from registry.rosters.batch_refusals import BatchRefusal, BatchRefusedError
from registry.sealed_records import RecordSeal

_LONGEST_REASON = 200
_BATCHES = frozenset({Decision.APPROVE_BATCH, Decision.DISCARD_BATCH})


class CaseRefusedError(Exception):
    """Nothing was changed. ``codes`` holds every reason."""

    def __init__(self, codes: Sequence[CaseRefusal | MergeRefusal]) -> None:
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)


@dataclass(frozen=True, slots=True)
class CasePolicy:
    """What the library says: how long decisions can be undone, how long a decided case names people, whether merging needs two."""

    undo_for: timedelta
    kept_for: timedelta
    two_persons: bool
    dispute_window: timedelta
    """Decisions about facts can't be undone any longer than this: then who had what is forgotten."""
    zone: ZoneInfo


class _Kept(msgspec.Struct, frozen=True):
    """What undoing needs, as it is sealed: both sides of the case, and every row before and after."""

    asks: dict[str, str]
    known: dict[str, str | None]
    changes: list[tuple[str, dict[str, object] | None, dict[str, object] | None]]
    merge: UUID | None = None


class CaseDesk:
    """Cases and their decisions. A preview does what the decision does, looks, and rolls it back: it can't differ."""

    def __init__(  # noqa: PLR0913 - what a desk is made of
        self,
        database: Database,
        outside: Outside,
        acts: Acts,
        merges: MergeDesk,
        *,
        seal: Callable[[], RecordSeal],
        policy: CasePolicy,
        publish: Publish,
    ) -> None:
        self._database = database
        self._outside = outside
        self._acts = acts
        self._merges = merges
        self._seal = seal
        self._policy = policy
        self._publish = publish

    def listed(self, viewer: Viewer, wanted: CaseFilter | None = None, *, limit: int = 100) -> list[ShownCase]:
        """The cases that somebody may see, without what they are about: the oldest first."""
        with self._database.reading() as connection:
            found = store.listed(connection, viewer, wanted or CaseFilter(), limit=limit)
            names = store.masked_names(connection, {key for one in found for key in (one.patron, one.other_patron) if key is not None})
        return [shown(one, names, now=self._outside.now()) for one in found]

    def show(self, key: UUID, viewer: Viewer, *, full: bool = False) -> ShownCase:
        """Both sides of a case, masked unless ``full``; the trail notes who looked.

        Raises:
            CaseRefusedError: ``NO_SUCH_CASE``.

        """

        def show(work: UnitOfWork) -> ShownCase:
            case = self._case(work, key, viewer)
            names = store.masked_names(work.connection, {one for one in (case.patron, case.other_patron) if one is not None})
            detail = {"case": str(key), "full": int(full), **_patrons(case)}
            append(work.connection, AuditEntry(self._outside.now(), viewer.name, "case read", "done", detail))
            fact = store_conflicts.flagged(work.connection, key) if case.kind in OF_FACTS else None
            if fact is not None:
                asks, known = sides_of_fact(fact, self._policy.zone)
                case = replace(case, asks=asks, known=known)
            seen = shown(case, names, now=self._outside.now(), sides="full" if full else "masked")
            return seen if fact is None else replace(seen, reasons=fact.reasons)

        return self._database.write(show)

    def assign(self, key: UUID, assignee: str | None, viewer: Viewer) -> None:
        """Give a case to somebody, or back to all.

        Raises:
            CaseRefusedError: ``NO_SUCH_CASE``, ``ALREADY_DECIDED``.

        """

        def assign(work: UnitOfWork) -> None:
            self._case(work, key, viewer)
            name = None if assignee is None else plain(assignee, longest=_LONGEST_REASON)
            if not store.assign(work, key, name, by=viewer.name):
                raise CaseRefusedError([CaseRefusal.ALREADY_DECIDED])
            detail: dict[str, str | int] = {"case": str(key), "to": name or ""}
            append(work.connection, AuditEntry(self._outside.now(), viewer.name, "case assigned", "done", detail))

        self._database.write(assign)

    def preview(self, key: UUID, order: CaseOrder, viewer: Viewer) -> tuple[Effect, ...]:
        """What a decision would do now. Nothing is changed.

        Raises:
            CaseRefusedError: with every reason against it, but a missing reason.

        """
        given = CaseOrder(order.decision, order.because or "-", order.survivor, order.keep)
        with self._database.unit_of_work() as work:
            return self._decide(work, key, given, viewer)

    def decide(self, key: UUID, order: CaseOrder, viewer: Viewer) -> tuple[Effect, ...]:
        """Decide a case: its effects, all of them or none. Kiosks hear of them at once.

        Raises:
            CaseRefusedError: with every reason.
            RegistryMovedError: the registry contradicts the row that runs again.

        """
        return self._database.write(lambda work: self._decide(work, key, order, viewer))

    def preview_undo(self, key: UUID, viewer: Viewer) -> tuple[Effect, ...]:
        """What undoing a decision would do now. Nothing is changed.

        Raises:
            CaseRefusedError: with every reason against it, but a missing reason.

        """
        with self._database.unit_of_work() as work:
            return self._undo(work, key, "-", viewer)

    def undo(self, key: UUID, viewer: Viewer, *, because: str) -> tuple[Effect, ...]:
        """Undo a decision: what it changed is as before, and the case waits again. Only while nothing since stands on it.

        Raises:
            CaseRefusedError: with every reason.

        """
        return self._database.write(lambda work: self._undo(work, key, because, viewer))

    def forget(self) -> tuple[int, int]:
        """Destroy what is needed to undo decisions whose term is over, and let old cases name nobody. How many of each."""
        now = self._outside.now()

        def forget(work: UnitOfWork) -> tuple[int, int]:
            return store.forget_undo(work, now), store.forget_decided(work, now - self._policy.kept_for)

        return self._database.write(forget)

    def _case(self, work: UnitOfWork, key: UUID, viewer: Viewer) -> KnownCase:
        found = store.by_id(work.connection, key, viewer)
        if found is None:
            raise CaseRefusedError([CaseRefusal.NO_SUCH_CASE])
        return found

    def _decide(self, work: UnitOfWork, key: UUID, order: CaseOrder, viewer: Viewer) -> tuple[Effect, ...]:
        connection, now = work.connection, self._outside.now()
        case = self._case(work, key, viewer)
        said = plain(order.because.strip(), longest=_LONGEST_REASON)
        question = Question(case.kind, case.opened_by, case.patron, case.other_patron, case.settled_at is not None, case.asks, case.known)
        refused = decide_case(
            question,
            order.decision,
            standing=store.standing_of(connection, case, secret=self._acts.secret),
            because=said,
            by=viewer.name,
            carries_row=carried_row(case) is not None,
            two_persons=self._policy.two_persons,
        )
        both = [key for key in (case.patron, case.other_patron) if key is not None]
        if order.decision is Decision.MERGE and len(both) > 1 and order.survivor not in both and not refused:
            refused = (*refused, CaseRefusal.SURVIVOR_MISSING)
        if refused:
            raise CaseRefusedError(refused)
        order = CaseOrder(order.decision, said, order.survivor, order.keep)
        changes, merged = self._done(work, case, order, viewer.name)
        if order.decision not in _BATCHES:
            kept = _Kept(dict(case.asks), dict(case.known), [_sealed(one) for one in changes] if merged is None else [], merged)
            store.keep_undo(work, key, self._seal().close(key.bytes, msgspec.json.encode(kept)), until=now + self._undo_for(case))
        store.settle(work, key, order.decision, at=now, by=viewer.name, because=said)
        detail = {"case": str(key), "kind": str(case.kind), "decision": str(order.decision), **_patrons(case)}
        append(connection, AuditEntry(now, viewer.name, "case decided", "done", detail))
        return tuple(effects_of(changes))

    def _undo_for(self, case: KnownCase) -> timedelta:
        return min(self._policy.undo_for, self._policy.dispute_window) if case.kind in OF_FACTS else self._policy.undo_for

    def _done(self, work: UnitOfWork, case: KnownCase, order: CaseOrder, by: str) -> tuple[list[RowChange], UUID | None]:
        """Do what was decided; every row that is another one now."""
        connection = work.connection
        number = case.asks.get("national_id")
        patrons = {one for one in (case.patron, case.other_patron) if one is not None} | store.persons_of(connection, number)
        before, wanted = self._rows(connection, case, patrons), wanted_by(connection, patrons)
        try:
            merged = self._acts.do(work, case, order, by=by)
        except MergeRefusedError as error:
            raise CaseRefusedError(error.codes) from None
        except BatchRefusedError as error:
            same = error.code is BatchRefusal.SAME_PERSON
            raise CaseRefusedError([CaseRefusal.OWN_CASE if same else CaseRefusal.BATCH_GONE]) from None
        patrons |= store.persons_of(connection, number)
        changes = changes_between(before, self._rows(connection, case, patrons))
        changes = [one for one in changes if not (one.table == "merge" or _is_this_case(one, case.id))]
        if merged is None:
            self._tell(work, changes, patrons, wanted_before=bool(wanted))
        return changes, merged

    def _rows(self, connection: Connection, case: KnownCase, patrons: set[PatronId]) -> dict[str, Rows]:
        """All that a decision may change: what the patrons have, and the item that a fact is about."""
        rows = footprint_of(connection, patrons)
        fact = store_conflicts.flagged(connection, case.id) if case.kind in OF_FACTS else None
        if fact is not None and fact.item is not None:
            rows["item"] = {**rows["item"], **store_conflicts.item_row(connection, fact.item)}
        return rows

    def _undo(self, work: UnitOfWork, key: UUID, because: str, viewer: Viewer) -> tuple[Effect, ...]:
        connection, now = work.connection, self._outside.now()
        case = self._case(work, key, viewer)
        said = plain(because.strip(), longest=_LONGEST_REASON)
        found = store.undo_of(connection, key)
        kept = None if found is None else msgspec.json.decode(self._seal().open(key.bytes, found[0]), type=_Kept)
        changes = [] if kept is None else [RowChange(*one) for one in kept.changes]
        refused = decide_undo(
            is_settled=case.settled_at is not None,
            until=None if found is None else found[1],
            because=said,
            contradicted=bool(contradicted(connection, changes)),
            now=now,
        )
        if refused or kept is None:
            raise CaseRefusedError(refused)
        if kept.merge is not None:
            try:
                effects = self._merges.undo_in(work, kept.merge, because=said, by=viewer.name).effects
            except MergeRefusedError as error:
                raise CaseRefusedError(error.codes) from None
        else:
            effects = self._taken_back(work, changes, viewer.name)
        store.reopen(work, key, kept.asks, kept.known)
        detail = {"case": str(key), "kind": str(case.kind), "decision": case.decision or "", **_patrons(case)}
        append(connection, AuditEntry(now, viewer.name, "case decision undone", "done", detail))
        return effects

    def _taken_back(self, work: UnitOfWork, changes: Sequence[RowChange], by: str) -> tuple[Effect, ...]:
        take_back(work.connection, changes)
        created = {one.one()["id"] for one in changes if one.table == OWNER and one.before is None}
        record_events(work, (self._event(one, by) for one in changes if one.table == "card" and one.one()["patron"] not in created))
        undone = [RowChange(one.table, one.after, one.before) for one in changes]
        self._tell(work, undone, {PatronId(UUID(str(one.one()["patron"]))) for one in changes if one.table == "card"}, wanted_before=False)
        return tuple(effects_of(undone))

    def _event(self, change: RowChange, by: str) -> CardEvent:
        row = change.one()
        event = CardEventKind.BINDING_UNDONE if change.before is None else CardEventKind.BOUND
        owner, key = PatronId(UUID(str(row["patron"]))), bytes.fromhex(str(row["card_key"]))
        return CardEvent(self._outside.now(), owner, CardKind(str(row["kind"])), key, event, CardSource.DESK, by)

    def _tell(self, work: UnitOfWork, changes: Sequence[RowChange], patrons: set[PatronId], *, wanted_before: bool) -> None:
        entries = entries_of(changes)
        if wanted_before and any(one.table == "hold" for one in changes):
            entries += wanted_by(work.connection, patrons)
        if entries:
            self._publish(work, list(dict.fromkeys(entries)))


def _is_this_case(change: RowChange, key: UUID) -> bool:
    return change.table == "staff_case" and change.one()["id"] == str(key)


def _sealed(change: RowChange) -> tuple[str, dict[str, object] | None, dict[str, object] | None]:
    before, after = (None if one is None else dict(one) for one in (change.before, change.after))
    return change.table, before, after


def _patrons(case: KnownCase) -> dict[str, str | int]:
    named = {"patron": case.patron, "other": case.other_patron}
    return {name: str(key) for name, key in named.items() if key is not None}
