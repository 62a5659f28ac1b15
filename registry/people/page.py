"""A person's page for staff: everything that stands with an account, and no name, number or address in clear. Every look is audited."""

from dataclasses import dataclass

from sqlalchemy import Connection

from circulation.ids import PatronId
from circulation.patrons import PatronClass
from registry.database import UnitOfWork
from registry.desk import store_search
from registry.desk.store_search import PatronFound
from registry.enrolment.basis import Basis
from registry.people import store_families, store_guardians, store_withdrawals
from registry.people.consent import Account, Proof, Service, proof_of, services_of
from registry.people.leaving import Open, closes, is_student_card
from registry.people.office import Office, Refused
from registry.people.refusals import PeopleRefusal
from registry.people.store import Person
from registry.people.store_families import ShownMembership
from registry.people.store_guardians import GuardianLink
from registry.people.store_open import cards_of, open_on
from registry.people.store_withdrawals import Withdrawal


@dataclass(frozen=True, slots=True)
class ShownConsent:
    """A school year consented for, and what that rests on; nothing when it should rest on a form and there is none."""

    school_year: int
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What staff are shown. ``left`` is what stands open; ``closing``: the account ends when nothing does."""

    account: PatronFound
    patron_class: PatronClass
    basis: Basis
    is_pupil: bool
    services: frozenset[Service]
    consents: tuple[ShownConsent, ...]
    withdrawals: tuple[Withdrawal, ...]
    closing: bool
    left: Open
    guardians: tuple[GuardianLink, ...]
    memberships: tuple[ShownMembership, ...]

    @property
    def pending(self) -> Withdrawal | None:
        """The withdrawal that waits."""
        return next((one for one in self.withdrawals if one.ended_at is None), None)


class PersonDesk:
    """Shows people to staff."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def show(self, patron: PatronId, *, by: str) -> PersonPage:
        """A person's page, and an audit entry that says who looked, in one unit of work.

        Raises:
            PeopleRefusedError: ``NOBODY_FOUND``.

        """

        def show(work: UnitOfWork) -> PersonPage | Refused:
            person = self._office.person(work.connection, patron)
            found = store_search.by_key(work.connection, patron)
            if person is None or found is None:
                return Refused((PeopleRefusal.NOBODY_FOUND,), patron)
            self._office.note(work, by, "person shown", {"patron": str(patron)})
            return self._page(work.connection, person, found)

        return self._office.decided(by, "person shown", show)

    def _page(self, connection: Connection, person: Person, found: PatronFound) -> PersonPage:
        office, key = self._office, person.id
        withdrawals = tuple(store_withdrawals.of(connection, key))
        waits = next((one for one in withdrawals if one.ended_at is None), None)
        own = sum(not is_student_card(one.held) for one in cards_of(connection, [key]).get(key, []))
        closing = waits is not None and closes(person.basis, own)
        blocks = [one.block for one in withdrawals if one.block is not None]
        before = {} if waits is None else {key: waits.received_at}
        left = open_on(connection, [key], today=office.today, before=before, own_blocks=blocks)[key]
        rules = office.rules(connection)
        consents = tuple(
            ShownConsent(one.school_year, None if rules is None else proof_of(one, one_tick_from=rules.one_tick_from))
            for one in person.consents
        )
        years = frozenset(one.school_year for one in consents)
        account = Account(person.basis, person.patron_class, years, withdrawing=waits is not None and not years, closing=closing)
        return PersonPage(
            *(found, person.patron_class, person.basis, person.is_pupil, services_of(account), consents, withdrawals, closing, left),
            tuple(store_guardians.links_of(connection, key, names=office.names)),
            tuple(store_families.of(connection, key)),
        )
