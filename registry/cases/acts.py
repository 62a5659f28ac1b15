"""What each decision does, in the unit of work that it is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, PatronId
from registry.cards.store import CardSource, of_kind
from registry.cards.store_replacements import Binding, Origin, bind
from registry.cases import store_acts, store_conflicts
from registry.cases.decisions import Decision
from registry.cases.store import KnownCase
from registry.cases.store_decisions import kind_asked
from registry.database import UnitOfWork
from registry.enrolment.names import NameStyle
from registry.merges import store_aliases
from registry.merges.desk import MergeDesk
from registry.merges.rules import MergeOrder
from registry.outside import Outside
from registry.rosters.asks import AskedRow, AsksError, row_of
from registry.rosters.batches import BatchDesk
from registry.rosters.given import GivenRows
from registry.rosters.pipeline import Pipeline
from registry.rosters.undo_rules import Aspect


@dataclass(frozen=True, slots=True)
class CaseOrder:
    """A decision. For a merge, ``survivor`` is the account that stays and ``keep`` whose card of each kind that both have."""

    decision: Decision
    because: str = field(default="", repr=False)
    survivor: PatronId | None = None
    keep: Mapping[CardKind, PatronId] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Acts:
    """Does what was decided."""

    outside: Outside
    pipeline: Pipeline
    merges: MergeDesk
    batches: BatchDesk
    secret: bytes = field(repr=False)
    names: NameStyle

    def do(self, work: UnitOfWork, case: KnownCase, order: CaseOrder, *, by: str) -> UUID | None:
        """Do it; the key of the merge, where two accounts became one.

        Raises:
            BatchRefusedError: the batch no longer waits, or was brought by the same person.
            MergeRefusedError: the two accounts can't become one.
            RegistryMovedError: the registry contradicts the row.

        """
        match order.decision:
            case Decision.TAKE_NAME | Decision.OTHER_PERSON | Decision.TAKE_BIRTH_DATE | Decision.UNDO_ANYWAY if case.patron is not None:
                self._of_patron(work, case, case.patron, order.decision, by)
            case Decision.GIVE_NUMBER:
                store_acts.release(work, CardUid.from_hex(case.asks["card"]), self._origin(by), secret=self.secret)
                self._bind_or_run(work, case, by)
            case Decision.BIND_ANYWAY | Decision.BIND_AS_WRITTEN:
                self._run(work, case, by)
            case Decision.NOT_DUPLICATE if case.patron is None:
                # The row was held for this question only: what else may keep it is the next one.
                self._run(work, case, by)
            case Decision.MERGE:
                return self._merge(work, case, order, by)
            case Decision.APPROVE_BATCH if case.batch is not None:
                self.batches.approve_in(work, case.batch, by=by)
            case Decision.END_LOAN | Decision.END_OTHER_LOAN | Decision.NOT_THIS_PATRON:
                self._end_loan(work, case, order.decision)
            case Decision.DISCARD_BATCH if case.batch is not None:
                self.batches.discard_in(work, case.batch, by=by)
        return None

    def _end_loan(self, work: UnitOfWork, case: KnownCase, decision: Decision) -> None:
        found = store_conflicts.flagged(work.connection, case.id)
        ended = None if found is None else found.other if decision is Decision.END_OTHER_LOAN else found.open_one
        if ended is None:
            return
        store_conflicts.end_loan(work, ended.key, at=self.outside.now())
        if decision is Decision.NOT_THIS_PATRON:
            store_conflicts.miss_item(work, ended.item)

    def _of_patron(self, work: UnitOfWork, case: KnownCase, patron: PatronId, decision: Decision, by: str) -> None:
        match decision:
            case Decision.TAKE_NAME:
                store_acts.rename(work, patron, case.asks["name"], names=self.names)
            case Decision.OTHER_PERSON:
                self._undo_row(work, case, patron, by)
            case Decision.TAKE_BIRTH_DATE:
                store_acts.correct_birth_date(work, patron, date.fromisoformat(case.asks["birth_date"]))
                self._run(work, case, by)
            case Decision.UNDO_ANYWAY:
                self._undo_record(work, case, patron, by)

    def _merge(self, work: UnitOfWork, case: KnownCase, order: CaseOrder, by: str) -> UUID | None:
        other = case.other_patron
        if case.patron is None or other is None:
            if other is not None:
                # Nobody is on record under the row's own number yet: from now on it is that patron's too.
                store_aliases.add_alias(work, case.asks["national_id"], other)
            self._run(work, case, by)
            return None
        stays, vanished = (case.patron, other) if order.survivor == case.patron else (other, case.patron)
        return self.merges.merge_in(work, MergeOrder(stays, vanished, order.because, order.keep), by=by)[0]

    def _origin(self, by: str) -> Origin:
        return Origin(self.outside.now(), by, CardSource.DESK)

    def _run(self, work: UnitOfWork, case: KnownCase, by: str) -> None:
        """Run the row once more, in the batch that it came in."""
        asked = carried_row(case)
        if asked is not None and case.batch is not None:
            given = GivenRows(asked.kind, asked.school_year, (asked.row,))
            self.pipeline.run(work, given, batch=case.batch, by=by, decided=frozenset({case.kind}))

    def _bind_or_run(self, work: UnitOfWork, case: KnownCase, by: str) -> None:
        """A case that a desk opened has a number and no row."""
        if carried_row(case) is not None:
            self._run(work, case, by)
        elif case.patron is not None:
            kind = kind_asked(case)
            present = of_kind(work.connection, case.patron, kind)
            old = None if present is None else present.uid.hex
            new = CardUid.from_hex(case.asks["card"])
            bind(work, [Binding(CardId(self.outside.new_id()), case.patron, kind, new, old)], self._origin(by), secret=self.secret)

    def _undo_row(self, work: UnitOfWork, case: KnownCase, patron: PatronId, by: str) -> None:
        """Take from a patron what a row about somebody else gave: the card that it bound, the contact data that it brought."""
        bound = of_kind(work.connection, patron, kind_asked(case))
        if bound is not None and bound.uid.hex == case.asks.get("card"):
            store_acts.release(work, bound.uid, self._origin(by), secret=self.secret)
        if case.asks.get("address"):
            store_acts.drop_contact(work, patron, address=case.asks["address"])

    def _undo_record(self, work: UnitOfWork, case: KnownCase, patron: PatronId, by: str) -> None:
        """Take from a patron what a batch once gave, though it is not the same any more; the account stays, and what is lent on it."""
        changed = set(case.asks.get("changed", "").split())
        everything = Aspect.PATRON in changed
        bound = of_kind(work.connection, patron, CardKind.EASYCARD)
        if bound is not None and (everything or Aspect.CARD in changed):
            store_acts.release(work, bound.uid, self._origin(by), secret=self.secret)
        if everything or Aspect.CONTACT in changed:
            store_acts.drop_contact(work, patron)
        if everything or Aspect.PUPIL in changed:
            store_acts.drop_pupil(work, patron)
        if everything or Aspect.BRANCH in changed:
            store_acts.leave_branch(work, patron)


def carried_row(case: KnownCase) -> AskedRow | None:
    """The whole row that a case carries, if it does, and the batch is known that it came in."""
    if case.batch is None:
        return None
    try:
        return row_of(case.asks, number=case.row_number or 0)
    except AsksError:
        return None
