"""What each decision does, in the unit of work that it is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, PatronId
from registry.cards.store import CardSource, of_kind
from registry.cards.store_replacements import Binding, Origin, bind
from registry.cases import store_acts
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
from registry.rosters.given import GivenRows
from registry.rosters.pipeline import Pipeline

BatchAct = Callable[[UnitOfWork, KnownCase, Decision, str], None]
"""Does what was decided about a batch, or about a record that a batch had touched; the last is who decides."""


@dataclass(frozen=True, slots=True)
class CaseOrder:
    """A decision. For a merge, ``survivor`` is the account that stays and ``keep`` whose card of each kind that both have."""

    decision: Decision
    because: str = field(default="", repr=False)
    survivor: PatronId | None = None
    keep: Mapping[CardKind, PatronId] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Acts:
    """Does what was decided. ``merged`` of a result is the merge's key, where there was one."""

    outside: Outside
    pipeline: Pipeline
    merges: MergeDesk
    batches: BatchAct | None
    secret: bytes
    names: NameStyle

    def do(self, work: UnitOfWork, case: KnownCase, order: CaseOrder, *, by: str) -> UUID | None:
        """Do it; the key of the merge, where two accounts became one.

        Raises:
            MergeRefusedError: the two accounts can't become one.
            RegistryMovedError: the registry contradicts the row.

        """
        match order.decision:
            case Decision.TAKE_NAME if case.patron is not None:
                store_acts.rename(work, case.patron, case.asks["name"], names=self.names)
            case Decision.OTHER_PERSON if case.patron is not None:
                self._undo_row(work, case, case.patron, by)
            case Decision.TAKE_BIRTH_DATE if case.patron is not None:
                store_acts.correct_birth_date(work, case.patron, date.fromisoformat(case.asks["birth_date"]))
                self._run(work, case, by)
            case Decision.GIVE_NUMBER:
                store_acts.release(work, CardUid.from_hex(case.asks["card"]), self._origin(by), secret=self.secret)
                self._bind_or_run(work, case, by)
            case Decision.BIND_ANYWAY | Decision.BIND_AS_WRITTEN:
                self._run(work, case, by)
            case Decision.NOT_DUPLICATE if carried_row(case) is not None:
                self._run(work, case, by)
            case Decision.MERGE if case.patron is not None and case.other_patron is not None:
                vanished = case.other_patron if order.survivor == case.patron else case.patron
                stays = case.patron if order.survivor == case.patron else case.other_patron
                return self.merges.merge_in(work, MergeOrder(stays, vanished, order.because, order.keep), by=by)[0]
            case Decision.MERGE if case.other_patron is not None:
                # Nobody is on record under the row's own number yet: from now on it is that patron's too.
                store_aliases.add_alias(work, case.asks["national_id"], case.other_patron)
                self._run(work, case, by)
            case Decision.APPROVE_BATCH | Decision.DISCARD_BATCH | Decision.UNDO_ANYWAY if self.batches is not None:
                self.batches(work, case, order.decision, by)
        return None

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
            store_acts.drop_contact(work, patron, case.asks["address"])


def carried_row(case: KnownCase) -> AskedRow | None:
    """The whole row that a case carries, if it does, and the batch is known that it came in."""
    if case.batch is None:
        return None
    try:
        return row_of(case.asks, number=case.row_number or 0)
    except AsksError:
        return None
