"""The questions that rows raise, each with both sides: the whole row as it came, and what the registry has."""

from circulation.ids import PatronId
from registry.cases.kinds import CaseKind
from registry.rosters.asks import asks_of
from registry.rosters.known import KnownPatron
from registry.rosters.plan import Case, Plan
from registry.rosters.rows import BureauRow, ContactRow, LeavingRow, LossRow, ReissueRow, RosterRow


def name_case(plan: Plan, row: BureauRow | ContactRow, key: PatronId, name: str) -> Case:
    """The name differs: the library's stays (R16)."""
    kind = CaseKind.NAME_DIFFERS
    return Case(kind, row.number, key, None, asks_of(row, plan.school_year), {"name": name}, (kind, row.national_id, row.name))


def birth_case(plan: Plan, row: RosterRow, patron: KnownPatron) -> Case:
    """The birth date differs: nothing is bound (R3)."""
    known = {"name": patron.name, "birth_date": None if patron.born is None else f"{patron.born}"}
    kind = CaseKind.BIRTH_DATE_DIFFERS
    return Case(kind, row.number, patron.id, None, asks_of(row, plan.school_year), known, (kind, row.national_id, f"{row.born}"))


def card_case(
    plan: Plan, kind: CaseKind, row: BureauRow | ReissueRow | LeavingRow | LossRow, patron: KnownPatron | None, other: PatronId | None
) -> Case:
    """Something is the matter with the number that a row names."""
    known = {"card": patron.easycard if patron is not None else None}
    if patron is not None and patron.fresh.card_as_of is not None:
        known["issued_at"] = f"{patron.fresh.card_as_of}"
    key = patron.id if patron is not None else None
    same = (kind, row.national_id, f"{row.born}", row.card.hex if row.card is not None else "")
    return Case(kind, row.number, key, other, asks_of(row, plan.school_year), known, same)


def duplicate_case(plan: Plan, row: BureauRow, key: PatronId | None, other: PatronId, national_id: str | None) -> Case:
    """Somebody else on record may be the same person. Never merged by itself."""
    kind = CaseKind.POSSIBLE_DUPLICATE
    known = {"name": row.name, "birth_date": f"{row.born}", "national_id": national_id}
    return Case(kind, row.number, key, other, asks_of(row, plan.school_year), known, (kind, row.national_id, str(other)))


def missing_id_case(plan: Plan, row: BureauRow | ContactRow) -> Case:
    """A passport, or nothing: such a person comes to a desk."""
    kind = CaseKind.MISSING_ID
    card = row.card.hex if isinstance(row, BureauRow) else ""
    return Case(kind, row.number, None, None, asks_of(row, plan.school_year), {}, (kind, row.name, f"{row.born}", card))
