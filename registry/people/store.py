"""The store of people: what decisions about an account look at, the ages in force, applications and contact data."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, and_, delete, select

from circulation.ids import PatronId
from circulation.patrons import PatronClass
from registry.database import UnitOfWork
from registry.enrolment.basis import Basis
from registry.enrolment.store import stands
from registry.enrolment.tables import patron
from registry.people.ages import AccountRules, Papers
from registry.people.application import Application, ContactGiven
from registry.people.consent import ConsentGiven
from registry.people.tables import account_rule, desk_application
from registry.pieces import in_pieces
from registry.rosters.tables import ContactSource, consent, contact, pupil, roster_batch


def rules(connection: Connection) -> list[AccountRules]:
    """All rules about ages and papers, the first in force first."""
    return [
        AccountRules(
            *(row.effective_from, row.adult_from, row.guardian_below, row.one_tick_from),
            *(frozenset(map(Papers, row.papers)), row.source),
        )
        for row in connection.execute(select(account_rule).order_by(account_rule.c.effective_from))
    ]


def set_rules(work: UnitOfWork, new: AccountRules) -> None:
    """Add rules, or put those of the same day right."""
    work.connection.execute(delete(account_rule).where(account_rule.c.effective_from == new.effective_from))
    papers = sorted(str(one) for one in new.papers)
    work.add(account_rule, [(new.effective_from, new.adult_from, new.guardian_below, new.one_tick_from, papers, new.source)])


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """An account that has not ended, as decisions see it: no name, no number. ``consents`` are in the order of school years."""

    id: PatronId
    masked_name: str
    patron_class: PatronClass
    basis: Basis
    born: date | None
    contact_complete: bool
    has_mobile: bool
    is_pupil: bool
    school: str | None
    student_number: str | None
    consents: tuple[ConsentGiven, ...] = ()

    @property
    def in_programme(self) -> bool:
        """Whether there is a consent, or data of the programme."""
        return self.is_pupil or bool(self.consents)


def persons(connection: Connection, keys: Collection[PatronId]) -> dict[PatronId, Person]:
    """The accounts of these keys that have not ended."""
    found: dict[PatronId, Person] = {}
    joined = patron.outerjoin(pupil, pupil.c.patron == patron.c.id).outerjoin(contact, contact.c.patron == patron.c.id)
    columns = (
        *(patron.c.id, patron.c.masked_name, patron.c.patron_class, patron.c.basis, patron.c.birth_date, patron.c.contact_complete),
        *(contact.c.mobile, pupil.c.patron.label("is_pupil"), pupil.c.school, pupil.c.student_number),
    )
    for piece in in_pieces(keys):
        consents = _consents(connection, piece)
        for row in connection.execute(select(*columns).select_from(joined).where(patron.c.id.in_(piece), stands())):
            found[row.id] = Person(
                *(PatronId(row.id), row.masked_name, PatronClass(row.patron_class), Basis(row.basis), row.birth_date),
                *(row.contact_complete, bool(row.mobile), row.is_pupil is not None, row.school, row.student_number),
                tuple(consents.get(row.id, ())),
            )
    return found


def _consents(connection: Connection, keys: Collection[PatronId]) -> dict[PatronId, list[ConsentGiven]]:
    found: dict[PatronId, list[ConsentGiven]] = {}
    given = select(consent.c.patron, consent.c.school_year, roster_batch.c.form_version)
    wanted = given.join(roster_batch, roster_batch.c.id == consent.c.batch).where(consent.c.patron.in_(keys))
    for row in connection.execute(wanted.order_by(consent.c.school_year)):
        # A batch without a declaration had a column: it could not have been committed otherwise (Q3-2b).
        one = ConsentGiven(row.school_year, row.form_version, by_column=row.form_version is None)
        found.setdefault(row.patron, []).append(one)
    return found


def pupils_of(connection: Connection, school: str) -> list[PatronId]:
    """The pupils of a school, by student number."""
    wanted = select(pupil.c.patron).join(patron, patron.c.id == pupil.c.patron).where(pupil.c.school == school, stands())
    return [PatronId(key) for key in connection.execute(wanted.order_by(pupil.c.student_number, pupil.c.patron)).scalars()]


def of_national_id(connection: Connection, national_id: str) -> tuple[PatronId, date | None] | None:
    """Who has this ID, and when that person was born."""
    row = connection.execute(select(patron.c.id, patron.c.birth_date).where(patron.c.national_id == national_id)).first()
    return None if row is None else (PatronId(row.id), row.birth_date)


def national_ids_of(connection: Connection, keys: Collection[PatronId]) -> list[str]:
    """The IDs that stand with these accounts."""
    wanted = select(patron.c.national_id).where(and_(patron.c.id.in_(keys), patron.c.national_id.is_not(None)))
    return list(connection.execute(wanted).scalars())


@dataclass(frozen=True, slots=True)
class Served:
    """When something was done at a desk (aware UTC) and by whom; ``key`` is the new row's."""

    key: UUID
    at: datetime
    by: str


def add_application(work: UnitOfWork, person: PatronId, given: Application, served: Served) -> None:
    """Keep that somebody applied: of papers the types only."""
    proxy = given.proxy
    came = (None, None, None) if proxy is None else (proxy.name.strip(), proxy.relation, [str(one) for one in proxy.papers])
    work.add(desk_application, [(served.key, person, given.branch, served.at, served.by, given.papers, given.signed_by, *came)])


def set_contact(work: UnitOfWork, people: Iterable[PatronId], given: ContactGiven) -> None:
    """Contact data as they were given at a desk, in place of those that were there."""
    keys = list(people)
    work.connection.execute(delete(contact).where(contact.c.patron.in_(keys)))
    phone, mobile, code = (value.strip() or None for value in (given.phone, given.mobile, given.postal_code))
    work.add(contact, ((key, given.address.strip(), phone, mobile, code, None, ContactSource.DESK) for key in keys))
