"""The desk where somebody applies with ID papers (Q8-b). Who is in the programme applies for nothing (Q1-a)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from circulation.ids import BranchCode, CardId, PatronId
from circulation.patrons import PatronClass
from registry.cards import store as cards
from registry.cards.replacement import decide_binding
from registry.cards.store import CardSource
from registry.cards.store_replacements import Binding, Origin, bind
from registry.cases.kinds import CaseKind
from registry.cases.store import NewCase, open_cases
from registry.database import UnitOfWork
from registry.desk.replacing import card_entries
from registry.enrolment import store as patrons
from registry.enrolment.basis import Basis
from registry.enrolment.names import masked
from registry.enrolment.store import PatronRecord
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.lending.store import branch_name
from registry.people import store, store_guardians
from registry.people.ages import AccountRules
from registry.people.application import Application, FirstCard, decide_identity, faults_of
from registry.people.guardianship import faults_of as faults_of_guardian
from registry.people.office import Office, Refusals, Refused
from registry.people.refusals import PeopleRefusal
from replica.tables import ReplicaTable


@dataclass(frozen=True, slots=True)
class Applied:
    """A new account: it works at once, with or without a card. The mobile card follows from it."""

    patron: PatronId
    masked_name: str


class ApplicationDesk:
    """Takes applications."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def apply(self, given: Application, *, by: str) -> Applied:
        """Open an account, with contact data complete and the branch as its own; all of it or nothing.

        Raises:
            PeopleRefusedError: with every reason of the form; then what the records say of the ID and of the card's number.

        """
        return self._office.decided(by, "desk application", lambda work: self._apply(work, given, by))

    def _apply(self, work: UnitOfWork, given: Application, by: str) -> Applied | Refused:
        connection = work.connection
        rules = self._office.rules(connection)
        faults = self._faults(connection, given, rules)
        if faults:
            return Refused(faults)
        known = None if given.national_id is None else store.of_national_id(connection, given.national_id.text)
        if known is not None:
            refused = decide_identity(known[1], given.born)
            if refused is PeopleRefusal.BIRTH_DATE_DIFFERS:
                self._ask_staff(work, *known, given, by)
            return Refused((refused,), known[0])
        if given.card is not None:
            unbound = self._against_card(connection, given.card)
            if unbound:
                return Refused(unbound)
        return self._open(work, given, by)

    def _ask_staff(self, work: UnitOfWork, known: PatronId, known_born: date | None, given: Application, by: str) -> None:
        """The same question as a roster would ask about this ID and this birth date (R3): nobody is asked twice."""
        kind, born = CaseKind.BIRTH_DATE_DIFFERS, f"{given.born}"
        number = "" if given.national_id is None else given.national_id.text
        same = self._office.tag(kind, number, born)
        asks = {"name": given.name.strip(), "birth_date": born}
        sides = (asks, {"birth_date": None if known_born is None else f"{known_born}"})
        now, branch = self._office.outside.now(), BranchCode(given.branch)
        case = NewCase(self._office.outside.new_id(), kind, same, now, by, known, None, branch, None, None, *sides)
        open_cases(work, [case])

    def _faults(self, connection: Connection, given: Application, rules: AccountRules | None) -> Refusals:
        today = self._office.today
        faults: list[PeopleRefusal] = list(faults_of(given, rules, today=today))
        if branch_name(connection, given.branch) is None:
            faults.append(PeopleRefusal.BRANCH_UNKNOWN)
        if given.guardian is not None and rules is not None:
            adult = None if given.guardian.adult is None else self._office.person(connection, given.guardian.adult)
            faults += faults_of_guardian(given.guardian, rules, adult_born=None if adult is None else adult.born, today=today)
        return tuple(faults)

    def _against_card(self, connection: Connection, new: FirstCard) -> Refusals:
        owner = cards.owners(connection, [new.uid]).get(new.uid)
        former = cards.former_owners(connection, [new.uid], secret=self._office.card_secret).get(new.uid)
        refused = decide_binding(None, new.kind, patron_class=PatronClass.PERSONAL, owner=owner, former=former)
        return () if refused is None else (refused,)

    def _open(self, work: UnitOfWork, given: Application, by: str) -> Applied:
        office = self._office
        key = PatronId(office.outside.new_id())
        name = given.name.strip()
        number = None if given.national_id is None else given.national_id.text
        record = PatronRecord(key, name, number, given.born, regular_at=given.branch, basis=Basis.DESK)
        patrons.add(work, [record], names=office.names)
        store.set_contact(work, [key], given.contact)
        store.add_application(work, key, given, office.served(by))
        if given.guardian is not None:
            store_guardians.link(work, key, given.guardian, office.served(by))
        entries = [FeedEntry(ReplicaTable.PATRON, key_text(key))]
        if given.card is not None:
            binding = Binding(CardId(office.outside.new_id()), key, given.card.kind, given.card.uid)
            entries += card_entries(
                bind(work, [binding], Origin(office.outside.now(), by, CardSource.DESK), secret=office.card_secret),
            )
        detail: dict[str, str | int] = {
            "patron": str(key),
            "branch": given.branch,
            "papers": str(given.papers),
            "signed_by": str(given.signed_by),
            "proxy": int(given.proxy is not None),
            "cards": int(given.card is not None),
        }
        office.note(work, by, "desk application", detail)
        office.publish(work, entries)
        return Applied(key, masked(name, office.names))
