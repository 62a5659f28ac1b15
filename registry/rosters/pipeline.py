"""The one pipeline: rows that have been read, from a file, from the Bureau's system or from a decided case, against the registry.

It looks (what would they change?) and runs (change it, in the unit of work it is given). Whatever comes, comes through here.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from registry.cases import store as cases
from registry.cases.kinds import CaseKind
from registry.cases.store import NewCase
from registry.database import UnitOfWork
from registry.exchange import store_feed
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.outside import Outside
from registry.rosters import store_writing
from registry.rosters.card_events import CardEventRow, plan_card_events
from registry.rosters.given import GivenRows
from registry.rosters.headings import RosterKind
from registry.rosters.keeping import Keeping
from registry.rosters.knowing import Knowing
from registry.rosters.known import Known
from registry.rosters.matching import plan_bureau, plan_contacts
from registry.rosters.plan import Case, NewCard, Outcome, Plan
from registry.rosters.preview import Preview
from registry.rosters.rows import BureauRow, CardRow, ContactRow
from registry.rosters.sealing import Seal
from registry.rosters.store_writing import BatchRef, Writing
from registry.settings import RegistrySettings
from replica.tables import ReplicaTable


@dataclass(frozen=True, slots=True)
class NewKeys:
    """Where the keys of new rows come from."""

    patron: Callable[[BureauRow], UUID]
    card: Callable[[CardRow], UUID]

    @classmethod
    def fresh(cls, new_id: Callable[[], UUID]) -> "NewKeys":
        """New keys for everything."""
        return cls(lambda _: new_id(), lambda _: new_id())


@dataclass(frozen=True, slots=True)
class Looked:
    """What rows would change."""

    given: GivenRows
    known: Known
    plan: Plan
    preview: Preview


@dataclass(frozen=True, slots=True)
class RunResult:
    """What became of each row by its number; ``held`` says which kind of case holds a row; ``opened`` are the questions that are new."""

    outcomes: Mapping[int, Outcome]
    held: Mapping[int, CaseKind]
    opened: tuple[NewCase, ...]
    preview: Preview


class Pipeline:
    """Runs rows in a registry. ``wake`` is called when kiosks have something to hear of."""

    def __init__(  # noqa: PLR0913 - what a registry is made of
        self,
        outside: Outside,
        seal: Seal,
        settings: RegistrySettings,
        *,
        card_secret: bytes,
        wake: Callable[[], None] = lambda: None,
        keys: NewKeys | None = None,
    ) -> None:
        self._outside = outside
        self._seal = seal
        self._settings = settings
        self.secret = card_secret
        self.wake = wake
        self._keys = keys or NewKeys.fresh(outside.new_id)
        self._knowing = Knowing(seal, card_secret, settings.zone)
        self.keeping = Keeping(outside, seal, card_secret=card_secret, undo_kept=settings.rosters.undo_kept)

    @property
    def zone(self) -> ZoneInfo:
        """Where the library is: which local date an instant has."""
        return self._settings.zone

    def giving(self, keys: NewKeys) -> "Pipeline":
        """The same pipeline, but new rows get these keys."""
        return Pipeline(self._outside, self._seal, self._settings, card_secret=self.secret, wake=self.wake, keys=keys)

    def run(self, work: UnitOfWork, given: GivenRows, *, batch: UUID, by: str, decided: frozenset[CaseKind] = frozenset()) -> RunResult:
        """Run rows and write what they change, with the feed rows for kiosks; the caller commits, and audits what it was about.

        Args:
            work: the unit of work that everything is written in.
            given: the rows.
            batch: the batch that the rows belong to; its row is there already. A row of a case that was decided belongs to its first batch.
            by: who runs them.
            decided: kinds of case that staff have decided for these rows: they hold no row and are not opened again.

        Raises:
            RegistryMovedError: somebody else has written what contradicts it.

        """
        return self.write(work, self.look(work.connection, given, decided=decided), batch=batch, by=by)

    def look(self, connection: Connection, given: GivenRows, *, decided: frozenset[CaseKind] = frozenset()) -> Looked:
        """What rows would change now."""
        known = self._knowing.about(connection, given)
        plan = self._plan(given, known, decided)
        asked = cases.asked(connection, [self._same(case) for case in plan.cases])
        new_cases = [case for case in plan.cases if self._same(case) not in asked]
        known_cases = len(plan.cases) - len(new_cases)
        plan = replace(plan, cases=new_cases)
        rest = {Outcome.REFUSED: given.refused, Outcome.REPEATED: given.repeated, Outcome.NOT_CONSENTED: len(given.not_consented)}
        outcomes = plan.outcomes + Counter(rest)
        completed = len(plan.completed) + sum(one.complete for one in plan.patrons)
        by_kind = Counter(case.kind for case in new_cases)
        preview = Preview(given.count, dict(outcomes), dict(by_kind), known_cases, completed, given.warnings, plan.is_empty)
        return Looked(given, known, plan, preview)

    def _plan(self, given: GivenRows, known: Known, decided: frozenset[CaseKind]) -> Plan:
        match given.kind:
            case RosterKind.BUREAU_STUDENTS:
                pupils = [row for row in given.rows if isinstance(row, BureauRow)]
                new_patron = self._keys.patron
                return plan_bureau(
                    pupils, given.not_consented, known, school_year=given.school_year, new_patron=new_patron, decided=decided
                )
            case RosterKind.SCHOOL_CONTACTS:
                contacts = [row for row in given.rows if isinstance(row, ContactRow)]
                return plan_contacts(contacts, given.not_consented, known, school_year=given.school_year, decided=decided)
            case RosterKind.REISSUES | RosterKind.LEAVINGS | RosterKind.LOSSES:
                events = [row for row in given.rows if isinstance(row, CardEventRow)]
                return plan_card_events(events, known, school_year=given.school_year, decided=decided)

    def write(self, work: UnitOfWork, looked: Looked, *, batch: UUID, by: str) -> RunResult:
        """Write what was looked at in this very unit of work.

        Raises:
            RegistryMovedError: somebody else has written what contradicts it.

        """
        now = self._outside.now()
        plan = looked.plan
        waited = self.keeping.waited(work.connection, plan)
        written = store_writing.write(work, plan, BatchRef(batch, looked.given.school_year, now, by), self._writing(plan))
        self.keeping.keep(work, batch, plan, looked.known, at=now, waited=waited, reports=written.reports)
        patrons = dict.fromkeys([*(one.id for one in plan.patrons), *plan.completed, *plan.moved])
        entries = [
            *(FeedEntry(ReplicaTable.PATRON, key_text(key)) for key in patrons),
            *(FeedEntry(ReplicaTable.CARD, key_text(key)) for key in written.card_keys),
        ]
        if entries:
            store_feed.publish(work, entries, at=now)
            work.afterwards(self.wake)
        return RunResult(plan.row_outcomes, plan.held, tuple(written.opened), looked.preview)

    def _same(self, case: Case) -> bytes:
        return self._seal.tag(*case.names)

    def _writing(self, plan: Plan) -> Writing:
        def seal(national_id: str) -> bytes:
            return self._seal.seal(self._seal.tag(national_id), msgspec.json.encode(plan.waits[national_id]))

        def new_card(one: NewCard) -> UUID:
            return self._keys.card(one.row)

        return Writing(self.secret, self._settings.names, self._seal.tag, seal, new_card, self._outside.new_id, self._same)
