"""What the Bureau's pupils and the schools' contact data would change: decided without touching anything.

A national ID and a birth date that are both equal name a patron, a name never does (R3). Nothing is taken
over silently (R9), a number that was replaced does not come back, an older file changes nothing newer (R15).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from circulation.ids import PatronId
from circulation.patrons import PatronClass
from registry.cases.kinds import CaseKind
from registry.enrolment.names import folded
from registry.rosters.bindings import day_of, may_be, may_be_known_otherwise, obstacle, take
from registry.rosters.events import BindingChange, changes_binding, event_of
from registry.rosters.known import ContactData, Fresh, Known, KnownPatron, Person, PupilData
from registry.rosters.plan import NewCard, NewPatron, Outcome, Plan
from registry.rosters.questions import birth_case, card_case, duplicate_case, missing_id_case, name_case
from registry.rosters.rows import BureauRow, ContactRow, NotConsented


def plan_bureau(  # noqa: PLR0913 - what rows are decided by
    rows: Iterable[BureauRow],
    not_consented: Sequence[NotConsented],
    known: Known,
    *,
    school_year: int,
    new_patron: Callable[[BureauRow], UUID],
    decided: frozenset[CaseKind] = frozenset(),
) -> Plan:
    """What the Bureau's rows would change."""
    plan = Plan(school_year, decided)
    for row in rows:
        plan.note(row.number, _plan_bureau_row(plan, row, known, new_patron))
    _erase(plan, not_consented, known)
    return plan


def _erase(plan: Plan, not_consented: Sequence[NotConsented], known: Known) -> None:
    """An explicit "no" ends the waiting at once (R4)."""
    erased = {one.national_id for one in not_consented if one.national_id is not None}
    plan.no_longer_waits += sorted(erased & known.waiting.keys())


def _plan_bureau_row(plan: Plan, row: BureauRow, known: Known, new_patron: Callable[[BureauRow], UUID]) -> Outcome:
    if not row.national_id:
        return plan.hold(missing_id_case(plan, row))
    patron = known.patrons.get(row.national_id)
    if patron is not None and patron.patron_class is PatronClass.PERSONAL and patron.born != row.born:
        return plan.hold(birth_case(plan, row, patron))
    if patron is not None and _is_from_before_the_withdrawal(patron, day_of(row, plan.school_year)):
        return Outcome.OLDER
    found = obstacle(plan, row, patron, known, day_of(row, plan.school_year))
    if found is not None:
        return plan.hold(found)
    if patron is not None and patron.id in plan.row_of:
        return plan.hold(card_case(plan, CaseKind.POSSIBLE_DUPLICATE, row, patron, None))
    if patron is not None:
        return _update(plan, row, patron, known)
    _create(plan, row, PatronId(new_patron(row)), known)
    return Outcome.CREATED


def _is_from_before_the_withdrawal(patron: KnownPatron, day: date) -> bool:
    """Whether the family took the consent back after this word: an older word brings nothing back, whichever card it names (R11, R15)."""
    return patron.withdrawn_on is not None and day <= patron.withdrawn_on


def _create(plan: Plan, row: BureauRow, key: PatronId, known: Known) -> None:
    complete = _take_waiting(plan, row, key, row.name, known)
    plan.row_of[key] = row.number
    plan.patrons.append(NewPatron(key, row, complete, _branch_of(row, known)))
    day = None
    if changes_binding(event_of(row)) is BindingChange.BIND:
        day = day_of(row, plan.school_year)
        plan.cards.append(NewCard(key, row))
        plan.name(row.card, key, day, known.named.get(row.card))
    says = PupilData.of(row)
    plan.pupils[key] = says
    years = tuple(0 if value is None else plan.school_year for value in says.values)
    waited = plan.fresh.get(key)
    plan.fresh[key] = Fresh(day, None if waited is None else waited.contact_year, years)
    plan.consents.append(key)
    if may_be_known_otherwise(row):
        _ask_whether_known(plan, row, key, known)


def _ask_whether_known(plan: Plan, row: BureauRow, key: PatronId, known: Known) -> None:
    person = Person(key, folded(row.name), row.born, row.national_id)
    same = (person.folded, row.born)
    for other in may_be(row, (*known.alike.get(same, ()), *plan.newcomers.get(same, ()))):
        plan.ask(duplicate_case(plan, row, key, other.id, other.national_id))
    plan.newcomers.setdefault(same, []).append(person)


def _update(plan: Plan, row: BureauRow, patron: KnownPatron, known: Known) -> Outcome:
    if folded(row.name) != folded(patron.name):
        plan.ask(name_case(plan, row, patron.id, patron.name))
    outcome = Outcome.UNCHANGED
    is_newest = _update_pupil(plan, row, patron)
    if patron.id in plan.pupils:
        outcome = Outcome.CHANGED
    if plan.school_year not in patron.consents:
        plan.consents.append(patron.id)
        outcome = Outcome.CHANGED
    branch = _branch_of(row, known)
    if branch is not None and branch != patron.regular_at and _follows_school(patron, known, is_newest=is_newest):
        plan.moved[patron.id] = branch
        outcome = Outcome.CHANGED
    if _take_waiting(plan, row, patron.id, patron.name, known):
        outcome = Outcome.CHANGED
        if not patron.contact_complete:
            plan.completed.append(patron.id)
    plan.row_of[patron.id] = row.number
    if changes_binding(event_of(row)) is BindingChange.BIND:
        bound = take(plan, row, patron, known, day_of(row, plan.school_year))
        outcome = bound if bound in {Outcome.REPLACED, Outcome.CHANGED} or outcome is Outcome.UNCHANGED else outcome
    return outcome


def _update_pupil(plan: Plan, row: BureauRow, patron: KnownPatron) -> bool:
    """Take of each part the newer word; whether this row is the newest to name the school."""
    years = patron.fresh.pupil_years
    pupil, new_years = PupilData.of(row).joined((plan.school_year,) * len(years), patron.pupil, years)
    if pupil != patron.pupil:
        plan.pupils[patron.id] = pupil
    if new_years != years:
        plan.fresh[patron.id] = replace(plan.fresh.get(patron.id, patron.fresh), pupil_years=new_years)
    return plan.school_year >= years[0]


def _branch_of(row: BureauRow, known: Known) -> str | None:
    """The branch of the pupil's school."""
    return known.branch_of_school.get(row.school_code or "")


def _follows_school(patron: KnownPatron, known: Known, *, is_newest: bool) -> bool:
    """Whether the branch was the school's: one that the patron has from elsewhere stays, and so does that of a newer school."""
    if patron.regular_at is None:
        return True
    school = patron.pupil.school if patron.pupil is not None else None
    return is_newest and school is not None and known.branch_of_school.get(school) == patron.regular_at


def _take_waiting(plan: Plan, row: BureauRow, key: PatronId, name: str, known: Known) -> bool:
    """Contact data that waited for this row completes the record; with another birth date it goes on waiting."""
    waited = known.waiting.get(row.national_id)
    if waited is None or waited.born != row.born:
        return False
    if folded(waited.name) != folded(name):
        plan.ask(name_case(plan, waited, key, name))
    plan.contacts[key] = ContactData.of(waited)
    year = known.waiting_years.get(row.national_id, plan.school_year)
    plan.fresh[key] = replace(plan.fresh.get(key, _fresh(row.national_id, known)), contact_year=year)
    plan.no_longer_waits.append(row.national_id)
    return True


def _fresh(national_id: str, known: Known) -> Fresh:
    patron = known.patrons.get(national_id)
    return Fresh() if patron is None else patron.fresh


def plan_contacts(
    rows: Iterable[ContactRow],
    not_consented: Sequence[NotConsented],
    known: Known,
    *,
    school_year: int,
    decided: frozenset[CaseKind] = frozenset(),
) -> Plan:
    """What a school's rows would change."""
    plan = Plan(school_year, decided)
    for row in rows:
        plan.note(row.number, _plan_contact_row(plan, row, known))
    _erase(plan, not_consented, known)
    return plan


def _plan_contact_row(plan: Plan, row: ContactRow, known: Known) -> Outcome:
    if not row.national_id:
        return plan.hold(missing_id_case(plan, row))
    patron = known.patrons.get(row.national_id)
    if patron is None or not patron.consents:
        return _wait(plan, row, known)
    if patron.born != row.born:
        return plan.hold(birth_case(plan, row, patron))
    if folded(row.name) != folded(patron.name):
        plan.ask(name_case(plan, row, patron.id, patron.name))
    outcome = Outcome.UNCHANGED
    plan.row_of[patron.id] = row.number
    if patron.fresh.contact_year is not None and plan.school_year < patron.fresh.contact_year:
        return Outcome.OLDER
    if patron.fresh.contact_year != plan.school_year:
        plan.fresh[patron.id] = replace(plan.fresh.get(patron.id, patron.fresh), contact_year=plan.school_year)
        outcome = Outcome.CHANGED
    if ContactData.of(row) != patron.contact:
        plan.contacts[patron.id] = ContactData.of(row)
        outcome = Outcome.CHANGED
    if not patron.contact_complete:
        plan.completed.append(patron.id)
        outcome = Outcome.CHANGED
    return outcome


def _wait(plan: Plan, row: ContactRow, known: Known) -> Outcome:
    waited = known.waiting.get(row.national_id)
    year = known.waiting_years.get(row.national_id, plan.school_year)
    if waited is not None and plan.school_year < year:
        return Outcome.OLDER
    if waited is not None and (ContactData.of(waited), waited.name, waited.born) == (ContactData.of(row), row.name, row.born):
        return Outcome.UNCHANGED
    plan.waits[row.national_id] = row
    return Outcome.WAITING
