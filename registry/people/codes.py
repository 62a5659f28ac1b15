"""The desk for one-time codes: for a first PIN or a forgotten one, by the way that the owner's age allows.

A code does nothing to the PIN that is there: only setting the new one ends it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.desk.pins import PinCode, PinDesk
from registry.people import store, store_codes
from registry.people.code_rules import CodeOwner, CodeWay, decide_code
from registry.people.guardianship import GuardianAct
from registry.people.guarding import acts_for
from registry.people.office import Office, Refused
from registry.people.refusals import PeopleRefusal
from registry.people.slips import Slip
from registry.people.store import Person

MOST_MESSAGES = 100


@dataclass(frozen=True, slots=True)
class CodeMessage:
    """A code on its way by text message: for a gateway, which sends it and forgets it."""

    mobile: str = field(repr=False)
    code: str = field(repr=False)
    expires_at: datetime


class CodeDesk:
    """Gives out codes. Which PIN is set with one, and when, is the PIN desk's business."""

    def __init__(self, office: Office, pins: PinDesk) -> None:
        self._office = office
        self._pins = pins

    def slip(self, patron: PatronId, *, guardian: UUID | None = None, by: str) -> PinCode:
        """A slip from the desk: to the patron, or to the guardian of a child by the key of the link.

        Raises:
            PeopleRefusedError: with every reason.

        """
        way = CodeWay.DESK_SELF if guardian is None else CodeWay.DESK_GUARDIAN

        def issue(work: UnitOfWork) -> PinCode | Refused:
            person = self._office.person(work.connection, patron)
            if person is None:
                return Refused((PeopleRefusal.NOBODY_FOUND,), patron)
            owner = _owner(person)
            if guardian is not None:
                owner = replace(owner, guardian=self._is_guardian(work.connection, guardian, person))
            faults = decide_code(owner, way, self._office.rules(work.connection), today=self._office.today)
            if faults:
                return Refused(faults, patron)
            made = self._pins.issue_in(work, [patron])
            self._office.note(work, by, "pin code issued", {"patron": str(patron), "way": str(way)})
            return made[patron]

        return self._office.decided(by, "pin code issued", issue)

    def for_school(self, school: str, *, by: str) -> list[Slip]:
        """Sealed slips for all pupils of a school who have no PIN yet, by student number; the codes before are void.

        Raises:
            PeopleRefusedError: ``SCHOOL_UNKNOWN``: it has no pupils here.

        """

        def issue(work: UnitOfWork) -> list[Slip] | Refused:
            connection = work.connection
            keys = store.pupils_of(connection, school)
            if not keys:
                return Refused((PeopleRefusal.SCHOOL_UNKNOWN,))
            rules, people = self._office.rules(connection), store.persons(connection, keys)
            have_one = store_codes.with_pin(connection, keys)
            wanted = [
                key
                for key in keys
                if key not in have_one
                and not decide_code(_owner(people[key]), CodeWay.SCHOOL_SLIP, rules, today=self._office.today, school=school)
            ]
            made = self._pins.issue_in(work, wanted)
            self._office.note(work, by, "pin codes issued", {"way": str(CodeWay.SCHOOL_SLIP), "school": school, "count": len(made)})
            zone = self._office.zone
            return [
                Slip(people[key].masked_name, people[key].student_number or "", one.code, one.expires_at.astimezone(zone).date())
                for key, one in made.items()
            ]

        return self._office.decided(by, "pin codes issued", issue)

    def message(self, patron: PatronId, *, by: str) -> None:
        """Ask for a code by text message. It waits in the outbox until something takes it that can send.

        Raises:
            PeopleRefusedError: with every reason.

        """

        def ask(work: UnitOfWork) -> bool | Refused:
            person = self._office.person(work.connection, patron)
            if person is None:
                return Refused((PeopleRefusal.NOBODY_FOUND,), patron)
            faults = decide_code(_owner(person), CodeWay.MESSAGE, self._office.rules(work.connection), today=self._office.today)
            if faults:
                return Refused(faults, patron)
            store_codes.ask(work, patron, self._office.served(by))
            self._office.note(work, by, "pin code asked for", {"patron": str(patron), "way": str(CodeWay.MESSAGE)})
            return True

        self._office.decided(by, "pin code asked for", ask)

    def take_messages(self, *, by: str) -> list[CodeMessage]:
        """Take messages out of the outbox, the oldest first, 100 at most. Their codes are made now: none of them lay anywhere."""

        def take(work: UnitOfWork) -> list[CodeMessage]:
            waiting = store_codes.waiting(work.connection, limit=MOST_MESSAGES)
            made = self._pins.issue_in(work, [one.patron for one in waiting if one.mobile])
            store_codes.take(work, [one.id for one in waiting], self._office.served(by))
            if waiting:
                self._office.note(work, by, "pin codes issued", {"way": str(CodeWay.MESSAGE), "count": len(made)})
            ready = ((one.mobile, made[one.patron]) for one in waiting if one.mobile and one.patron in made)
            return [CodeMessage(mobile, code.code, code.expires_at) for mobile, code in ready]

        return self._office.database.write(take)

    def _is_guardian(self, connection: Connection, key: UUID, person: Person) -> bool:
        return acts_for(self._office, connection, key, person, GuardianAct.GET_PIN_CODE)


def _owner(person: Person) -> CodeOwner:
    return CodeOwner(person.patron_class, person.born, person.contact_complete, person.has_mobile, person.school)
