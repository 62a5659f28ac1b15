"""What a file would change: decided from its rows and what is known, without touching anything.

A national ID and a birth date that are both equal name a patron, a name never does (R3). Nothing is taken
over silently (R9), a number that was replaced does not come back (R15).
"""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from circulation.cards import CardKind
from circulation.ids import PatronId
from registry.cards.replacement import BindingRefusal, decide_binding
from registry.cases.kinds import CaseKind
from registry.enrolment.names import folded
from registry.rosters.asks import asks_of
from registry.rosters.plan import Case, ContactData, Known, KnownPatron, NewCard, NewPatron, Outcome, Plan, PupilData
from registry.rosters.rows import BureauRow, ContactRow, NotConsented


def plan_bureau(
    rows: Iterable[BureauRow],
    not_consented: Sequence[NotConsented],
    known: Known,
    *,
    school_year: int,
    new_patron: Callable[[BureauRow], UUID],
) -> Plan:
    """What the Bureau's rows would change."""
    plan = Plan(school_year)
    for row in rows:
        plan.note(row.number, _plan_bureau_row(plan, row, known, new_patron))
    erased = {one.national_id for one in not_consented if one.national_id is not None}
    plan.no_longer_waits += sorted(erased & known.waiting.keys())
    return plan


def _plan_bureau_row(plan: Plan, row: BureauRow, known: Known, new_patron: Callable[[BureauRow], UUID]) -> Outcome:
    patron = known.patrons.get(row.national_id)
    obstacle = _obstacle(plan, row, patron, known)
    if obstacle is not None:
        return plan.hold(obstacle)
    if patron is None:
        key = PatronId(new_patron(row))
        complete = _take_waiting(plan, row, key, row.name, known)
        plan.patrons.append(NewPatron(key, row, complete, _branch_of(row, known)))
        plan.cards.append(NewCard(key, row))
        plan.pupils[key] = PupilData.of(row)
        plan.consents.append(key)
        return Outcome.CREATED
    return _update(plan, row, patron, known)


def _update(plan: Plan, row: BureauRow, patron: KnownPatron, known: Known) -> Outcome:
    if folded(row.name) != folded(patron.name):
        plan.cases.append(_name_case(plan, row, patron.id, patron.name))
    outcome = Outcome.UNCHANGED
    pupil = PupilData.of(row).kept_from(patron.pupil)
    if pupil != patron.pupil:
        plan.pupils[patron.id] = pupil
        outcome = Outcome.CHANGED
    if plan.school_year not in patron.consents:
        plan.consents.append(patron.id)
        outcome = Outcome.CHANGED
    branch = _branch_of(row, known)
    if branch is not None and branch != patron.regular_at and _follows_school(patron, known):
        plan.moved[patron.id] = branch
        outcome = Outcome.CHANGED
    if _take_waiting(plan, row, patron.id, patron.name, known):
        outcome = Outcome.CHANGED
        if not patron.contact_complete:
            plan.completed.append(patron.id)
    if patron.easycard != row.card.hex:
        plan.cards.append(NewCard(patron.id, row, patron.easycard))
        outcome = Outcome.CHANGED if patron.easycard is None else Outcome.REPLACED
    return outcome


def _branch_of(row: BureauRow, known: Known) -> str | None:
    """The branch of the pupil's school."""
    return known.branch_of_school.get(row.school_code or "")


def _follows_school(patron: KnownPatron, known: Known) -> bool:
    """Whether the branch was the school's: one that the patron has from elsewhere stays."""
    if patron.regular_at is None:
        return True
    school = patron.pupil.school if patron.pupil is not None else None
    return school is not None and known.branch_of_school.get(school) == patron.regular_at


def _obstacle(plan: Plan, row: BureauRow, patron: KnownPatron | None, known: Known) -> Case | None:
    if patron is not None and patron.born != row.born:
        return _birth_case(plan, row, patron)
    key = patron.id if patron is not None else None
    owner, former = known.owners.get(row.card), known.replaced.get(row.card)
    refused = decide_binding(key, CardKind.EASYCARD, owner=owner, former=former)
    if refused is None:
        return None
    kind = CaseKind.NUMBER_REPLACED if refused is BindingRefusal.NUMBER_REPLACED else CaseKind.NUMBER_BOUND_ELSEWHERE
    return _card_case(plan, kind, row, patron, owner.patron if owner is not None else former)


def _take_waiting(plan: Plan, row: BureauRow, key: PatronId, name: str, known: Known) -> bool:
    """Contact data that waited for this row completes the record; with another birth date it goes on waiting."""
    waited = known.waiting.get(row.national_id)
    if waited is None or waited.born != row.born:
        return False
    if folded(waited.name) != folded(name):
        plan.cases.append(_name_case(plan, waited, key, name))
    plan.contacts[key] = ContactData.of(waited)
    plan.no_longer_waits.append(row.national_id)
    return True


def plan_contacts(rows: Iterable[ContactRow], not_consented: Sequence[NotConsented], known: Known, *, school_year: int) -> Plan:
    """What a school's rows would change."""
    plan = Plan(school_year)
    for row in rows:
        plan.note(row.number, _plan_contact_row(plan, row, known))
    erased = {one.national_id for one in not_consented if one.national_id is not None}
    plan.no_longer_waits += sorted(erased & known.waiting.keys())
    return plan


def _plan_contact_row(plan: Plan, row: ContactRow, known: Known) -> Outcome:
    patron = known.patrons.get(row.national_id)
    if patron is None or not patron.consents:
        waited = known.waiting.get(row.national_id)
        if waited is not None and (ContactData.of(waited), waited.name, waited.born) == (ContactData.of(row), row.name, row.born):
            return Outcome.UNCHANGED
        plan.waits[row.national_id] = row
        return Outcome.WAITING
    if patron.born != row.born:
        return plan.hold(_birth_case(plan, row, patron))
    if folded(row.name) != folded(patron.name):
        plan.cases.append(_name_case(plan, row, patron.id, patron.name))
    outcome = Outcome.UNCHANGED
    if ContactData.of(row) != patron.contact:
        plan.contacts[patron.id] = ContactData.of(row)
        outcome = Outcome.CHANGED
    if not patron.contact_complete:
        plan.completed.append(patron.id)
        outcome = Outcome.CHANGED
    return outcome


def _name_case(plan: Plan, row: BureauRow | ContactRow, key: PatronId, name: str) -> Case:
    kind = CaseKind.NAME_DIFFERS
    return Case(kind, row.number, key, None, asks_of(row, plan.school_year), {"name": name}, (kind, row.national_id, row.name))


def _birth_case(plan: Plan, row: BureauRow | ContactRow, patron: KnownPatron) -> Case:
    known = {"name": patron.name, "birth_date": None if patron.born is None else f"{patron.born}"}
    kind = CaseKind.BIRTH_DATE_DIFFERS
    return Case(kind, row.number, patron.id, None, asks_of(row, plan.school_year), known, (kind, row.national_id, f"{row.born}"))


def _card_case(plan: Plan, kind: CaseKind, row: BureauRow, patron: KnownPatron | None, other: PatronId | None) -> Case:
    known = {"card": patron.easycard if patron is not None else None}
    key = patron.id if patron is not None else None
    same = (kind, row.national_id, f"{row.born}", row.card.hex)
    return Case(kind, row.number, key, other, asks_of(row, plan.school_year), known, same)
