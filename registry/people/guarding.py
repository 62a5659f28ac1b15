"""The desk that links guardians to children."""

from uuid import UUID

from sqlalchemy import Connection

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.people import store_guardians
from registry.people.ages import AgeBand, band_of
from registry.people.families import is_family
from registry.people.guardianship import GuardianAct, NewGuardian, faults_of, may
from registry.people.office import Office, Refused
from registry.people.refusals import PeopleRefusal
from registry.people.store import Person
from registry.people.store_guardians import GuardianLink


class GuardianDesk:
    """Links guardians, ends links, and says what a guardian may do."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def link(self, child: PatronId, new: NewGuardian, *, by: str) -> UUID:
        """Link a guardian, by the papers that were shown; the key of the link.

        Raises:
            PeopleRefusedError: with every reason.

        """

        def link(work: UnitOfWork) -> UUID | Refused:
            office = self._office
            whose, rules, today = office.person(work.connection, child), office.rules(work.connection), office.today
            if whose is None or rules is None:
                return Refused((PeopleRefusal.NOBODY_FOUND if whose is None else PeopleRefusal.NO_RULES,), child)
            adult = None if new.adult is None else office.person(work.connection, new.adult)
            faults = list(faults_of(new, rules, adult_born=None if adult is None else adult.born, today=today))
            if is_family(whose.patron_class):
                faults.append(PeopleRefusal.NOT_A_PERSON)
            elif whose.born is None or band_of(whose.born, rules, today=today) is AgeBand.ADULT:
                faults.append(PeopleRefusal.NOT_A_MINOR)
            if faults:
                return Refused(tuple(faults), child)
            served = office.served(by)
            store_guardians.link(work, child, new, served)
            office.note(work, by, "guardian linked", {"patron": str(child), "guardian": str(served.key), "papers": str(new.papers)})
            return served.key

        return self._office.decided(by, "guardian linked", link)

    def end(self, key: UUID, *, by: str) -> None:
        """End a link; what was signed by it stays.

        Raises:
            PeopleRefusedError: ``GUARDIAN_NOT_LINKED``.

        """

        def end(work: UnitOfWork) -> bool | Refused:
            child = store_guardians.end(work, key, at=self._office.outside.now(), by=by)
            if child is None:
                return Refused((PeopleRefusal.GUARDIAN_NOT_LINKED,))
            self._office.note(work, by, "guardian unlinked", {"patron": str(child), "guardian": str(key)})
            return True

        self._office.decided(by, "guardian unlinked", end)

    def links_of(self, child: PatronId) -> list[GuardianLink]:
        """All guardians a child has and had; a read that whoever shows it must audit."""
        with self._office.database.reading() as connection:
            return store_guardians.links_of(connection, child, names=self._office.names)

    def may(self, key: UUID, child: PatronId, act: GuardianAct) -> bool:
        """Whether the guardian of this link may do this for this child today."""
        with self._office.database.reading() as connection:
            whose = self._office.person(connection, child)
            return whose is not None and acts_for(self._office, connection, key, whose, act)


def acts_for(office: Office, connection: Connection, key: UUID, child: Person, act: GuardianAct) -> bool:
    """Whether this link stands, and lets its guardian do this for this child today."""
    rules = office.rules(connection)
    return rules is not None and may(act, child.born, rules, today=office.today) and store_guardians.is_linked(connection, child.id, key)
