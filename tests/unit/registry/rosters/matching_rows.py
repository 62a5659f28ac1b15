"""Rows as matching takes them, and what is known beside them: a test names only what matters to it."""

from datetime import date
from uuid import UUID

from circulation.cards import CardUid
from circulation.ids import PatronId
from registry.cases.kinds import CaseKind
from registry.rosters.known import ContactData, Fresh, Known, KnownCard, KnownPatron, PupilData
from registry.rosters.matching import plan_bureau, plan_contacts
from registry.rosters.plan import Outcome, Plan
from registry.rosters.rows import BureauRow, ContactRow, NotConsented

BORN = date(2014, 5, 6)
MING = PatronId(UUID(int=1))
HUA = PatronId(UUID(int=2))
NEW = UUID(int=9)
OLD_CARD, CARD = CardUid.from_hex("04000001"), CardUid.from_hex("04000002")
YEAR = 114
BEGINS = date(2025, 8, 1)
"""The first day of that school year."""
DATA = PupilData("400001", "02-2345-6789", "7", "戶籍路1號")


def a_row(
    *, name: str = "王小明", born: date = BORN, card: CardUid = CARD, national_id: str = "A123456789", school: str | None = "400001"
) -> BureauRow:
    return BureauRow(2, name, national_id, born, card, "戶籍路1號", "02-2345-6789", school, "7")


def a_contact(*, name: str = "王小明", born: date = BORN, address: str = "通訊路1號", national_id: str = "A123456789") -> ContactRow:
    return ContactRow(5, name, national_id, born, address, None, "0912345678", "100", None)


def ming(  # noqa: PLR0913 - one optional argument a field
    *,
    name: str = "王小明",
    born: date | None = BORN,
    easycard: CardUid | None = OLD_CARD,
    complete: bool = True,
    contact: ContactData | None = None,
    pupil: PupilData | None = DATA,
    consents: frozenset[int] = frozenset({YEAR}),
    regular_at: str | None = None,
    as_of: date | None = None,
    contact_year: int | None = None,
    years: tuple[int, ...] = (YEAR,) * 4,
) -> KnownPatron:
    card = KnownCard(easycard.hex) if easycard else None
    return KnownPatron(MING, name, born, complete, regular_at, card, pupil, contact, consents, Fresh(as_of, contact_year, years))


def known(patron: KnownPatron | None = None, **more: object) -> Known:
    return Known({} if patron is None else {"A123456789": patron}, **more)  # type: ignore[arg-type]  # named fields of Known


def bureau(
    known_before: Known, *rows: BureauRow, no: tuple[NotConsented, ...] = (), year: int = YEAR, decided: frozenset[CaseKind] = frozenset()
) -> Plan:
    return plan_bureau(rows, no, known_before, school_year=year, new_patron=lambda _: NEW, decided=decided)


def contacts(known_before: Known, *rows: ContactRow, year: int = YEAR) -> Plan:
    return plan_contacts(rows, (), known_before, school_year=year)


def outcome(plan: Plan) -> Outcome:
    (found,) = plan.outcomes
    return found


def kinds(plan: Plan) -> list[CaseKind]:
    return [case.kind for case in plan.cases]
