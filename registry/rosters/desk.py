"""The desk where rosters arrive: read a file, show what it would change, and change it in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from circulation.cards import CardUid
from circulation.ids import PatronId
from registry.audit.store import AuditEntry, append
from registry.cards import store as cards
from registry.cases import store as cases
from registry.cases.kinds import CaseKind
from registry.database import Database, UnitOfWork
from registry.enrolment.names import NameStyle
from registry.exchange import store_feed
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.outside import Outside
from registry.rosters import store
from registry.rosters.headings import RosterKind
from registry.rosters.loading import LoadedRoster, RosterOrder, load_roster
from registry.rosters.matching import plan_bureau, plan_contacts
from registry.rosters.plan import Case, Known, NewCard, Outcome, Plan
from registry.rosters.problems import FileFault, RosterFileError
from registry.rosters.rows import BureauRow, ContactRow
from registry.rosters.sealing import Seal
from registry.rosters.store import Batch, RegistryMovedError, Writing
from registry.schools.store import School, branch_of_school, set_schools
from registry.schools.store_arrivals import Arrived, note_arrival
from replica.card_keys import card_key
from replica.tables import ReplicaTable


@dataclass(frozen=True, slots=True)
class NewKeys:
    """Where the keys of new rows come from."""

    patron: Callable[[BureauRow], UUID]
    card: Callable[[BureauRow], UUID]

    @classmethod
    def fresh(cls, new_id: Callable[[], UUID]) -> "NewKeys":
        """New keys for everything."""
        return cls(lambda _: new_id(), lambda _: new_id())


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would change, in numbers.

    The ``outcomes`` of all rows add up to ``rows``. ``completed`` patrons get all their contact data;
    ``cases`` are new questions, ``known_cases`` were asked before. ``compared`` are the patrons on record that rows name.
    """

    rows: int
    outcomes: Mapping[Outcome, int]
    cases: Mapping[CaseKind, int]
    known_cases: int
    completed: int
    warnings: int
    changes_nothing: bool = field(compare=False)
    compared: Sequence[PatronId] = field(compare=False, repr=False)

    def counts(self) -> dict[str, int]:
        """All numbers by stable names."""
        by_outcome = {str(outcome): self.outcomes.get(outcome, 0) for outcome in Outcome}
        return {"rows": self.rows, **by_outcome, "cases": self.cases_opened, "completed": self.completed, "warnings": self.warnings}

    @property
    def cases_opened(self) -> int:
        """How many cases would be opened."""
        return sum(self.cases.values())


class RosterDesk:
    """Loads rosters into a registry. ``wake`` is called when kiosks have something to hear of."""

    def __init__(  # noqa: PLR0913 - what a registry is made of
        self,
        database: Database,
        outside: Outside,
        seal: Seal,
        *,
        card_secret: bytes,
        zone: ZoneInfo,
        names: NameStyle = NameStyle.SURNAME,
        wake: Callable[[], None] = lambda: None,
        keys: NewKeys | None = None,
    ) -> None:
        self._database = database
        self._outside = outside
        self._seal = seal
        self._secret = card_secret
        self._zone = zone
        self._names = names
        self._wake = wake
        self._keys = keys or NewKeys.fresh(outside.new_id)

    def set_schools(self, schools: Iterable[School]) -> int:
        """Add schools or bring them up to date. Once there are any, a row with another code is refused."""
        given = list(schools)
        return self._database.write(lambda work: set_schools(work, given))

    def load(self, order: RosterOrder, *, told: Callable[[int], None] = lambda _: None) -> LoadedRoster:
        """Read a file; nothing is stored. ``told`` hears now and then how many rows have been read.

        Raises:
            RosterFileError: it is no such roster.
            NumberFormError: numbers of this form can't bind cards.

        """
        with self._database.reading() as connection:
            schools = branch_of_school(connection)
        if order.kind is RosterKind.SCHOOL_CONTACTS and order.sender is not None and order.sender not in schools:
            raise RosterFileError(FileFault.SCHOOL_UNKNOWN)
        return load_roster(order, today=self._outside.now().astimezone(self._zone).date(), schools=schools, told=told)

    def preview(self, loaded: LoadedRoster, *, by: str) -> Preview:
        """What committing this would change now. It tells whether somebody is on record: who was compared is noted first."""
        with self._database.reading() as connection:
            found = self._planned(connection, loaded)[1]
        detail: dict[str, str | int] = {"kind": str(loaded.order.kind), "rows": found.rows}
        entry = AuditEntry(self._outside.now(), by, "roster compared", "done", detail, found.compared)
        self._database.write(lambda work: append(work.connection, entry))
        return found

    def commit(self, loaded: LoadedRoster, preview: Preview, *, by: str) -> None:
        """Store what the preview showed: all of it or nothing. A file that changes nothing leaves no trace.

        Raises:
            RosterFileError: ``NO_CONSENT``.
            RegistryMovedError: the registry has changed since the preview.

        """
        if not loaded.names_consent:
            raise RosterFileError(FileFault.NO_CONSENT)

        def act(work: UnitOfWork) -> None:
            plan, found = self._planned(work.connection, loaded)
            if found != preview:
                raise RegistryMovedError
            if not plan.is_empty:
                self._write(work, loaded, plan, found, by)

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

    def _planned(self, connection: Connection, loaded: LoadedRoster) -> tuple[Plan, Preview]:
        known = self._known(connection, loaded)
        bureau = [row for row in loaded.rows if isinstance(row, BureauRow)]
        contacts = [row for row in loaded.rows if isinstance(row, ContactRow)]
        if loaded.order.kind is RosterKind.BUREAU_STUDENTS:
            year = loaded.order.school_year
            plan = plan_bureau(bureau, loaded.not_consented, known, school_year=year, new_patron=self._keys.patron)
        else:
            plan = plan_contacts(contacts, loaded.not_consented, known)
        asked = cases.asked(connection, [self._same(case) for case in plan.cases])
        new_cases = [case for case in plan.cases if self._same(case) not in asked]
        known_cases = len(plan.cases) - len(new_cases)
        plan = replace(plan, cases=new_cases)
        outcomes = plan.outcomes + Counter(
            {Outcome.REFUSED: len(loaded.bad), Outcome.REPEATED: len(loaded.repeated), Outcome.NOT_CONSENTED: len(loaded.not_consented)}
        )
        completed = len(plan.completed) + sum(one.complete for one in plan.patrons)
        by_kind = Counter(case.kind for case in new_cases)
        preview = Preview(
            *(loaded.count, dict(outcomes), dict(by_kind), known_cases, completed, len(loaded.warnings), plan.is_empty),
            compared=[one.id for one in known.patrons.values()],
        )
        return plan, preview

    def _known(self, connection: Connection, loaded: LoadedRoster) -> Known:
        national_ids = [row.national_id for row in loaded.rows]
        silenced = [one.national_id for one in loaded.not_consented if one.national_id is not None]
        uids = [row.card for row in loaded.rows if isinstance(row, BureauRow)]
        tags = {self._seal.tag(national_id): national_id for national_id in (*national_ids, *silenced)}
        return Known(
            store.known_patrons(connection, national_ids),
            cards.owners(connection, uids),
            cards.former_owners(connection, uids, secret=self._secret),
            {tags[tag]: self._unsealed(tag, sealed) for tag, sealed in store.waiting(connection, tags).items()},
            branch_of_school(connection, loaded.order.school_year),
        )

    def _unsealed(self, tag: bytes, sealed: bytes) -> ContactRow:
        return msgspec.json.decode(self._seal.unseal(tag, sealed), type=ContactRow)

    def _same(self, case: Case) -> bytes:
        return self._seal.tag(*case.names)

    def _write(self, work: UnitOfWork, loaded: LoadedRoster, plan: Plan, preview: Preview, by: str) -> None:
        now = self._outside.now()
        order = loaded.order
        declared = order.declaration
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
        )
        store.write(work, plan, batch, self._writing(plan))
        note_arrival(work, Arrived(batch.id, order.kind, order.school_year, now, now, by, order.sender), plan, self._seal.tag, self._zone)
        detail: dict[str, str | int] = {"batch": str(batch.id), "kind": str(order.kind), **preview.counts()}
        append(work.connection, AuditEntry(now, by, "roster", "done", detail, plan.touched))
        entries = self._entries(plan)
        if entries:
            store_feed.publish(work, entries, at=now)
            work.afterwards(self._wake)

    def _writing(self, plan: Plan) -> Writing:
        def seal(national_id: str) -> bytes:
            return self._seal.seal(self._seal.tag(national_id), msgspec.json.encode(plan.waits[national_id]))

        def new_card(one: NewCard) -> UUID:
            return self._keys.card(one.row)

        return Writing(self._secret, self._names, self._seal.tag, seal, new_card, self._outside.new_id, self._same)

    def _entries(self, plan: Plan) -> list[FeedEntry]:
        """What kiosks hear of: patrons whose row they hold changed, the new numbers, and the old ones that are gone."""
        patrons = dict.fromkeys([*(one.id for one in plan.patrons), *plan.completed, *plan.moved])
        cards = [CardUid.from_hex(one.replaces) for one in plan.cards if one.replaces is not None] + [one.row.card for one in plan.cards]
        return [
            *(FeedEntry(ReplicaTable.PATRON, key_text(key)) for key in patrons),
            *(FeedEntry(ReplicaTable.CARD, key_text(card_key(uid, secret=self._secret))) for uid in cards),
        ]
