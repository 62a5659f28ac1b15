"""Whether the number in a row may be bound to its patron, and what keeps it from that. Pure.

Nothing is taken over silently (R9), a number that was replaced does not come back, an older word never overwrites a
newer one (R15), and a number that is somebody's card when its octets are read in the other order is nobody's until a
person has looked.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from circulation.cards import CardKind, CardUid
from circulation.ids import PatronId
from circulation.patrons import PatronClass
from registry.cards.replacement import BindingRefusal, decide_binding
from registry.cases.kinds import CaseKind
from registry.enrolment.names import folded
from registry.rosters.known import Known, KnownPatron, Person
from registry.rosters.plan import Case, NewCard, Outcome, Plan
from registry.rosters.questions import card_case, duplicate_case
from registry.rosters.rows import BureauRow, CardRow

_REPUBLIC_BEGINS = 1911
_SCHOOL_YEAR_BEGINS = (8, 1)
_OLD_FORM, _NEW_FORM = ("A", "B", "C", "D"), ("8", "9")
_OTHER_FORM = {**dict.fromkeys(_OLD_FORM, _NEW_FORM), **dict.fromkeys(_NEW_FORM, _OLD_FORM)}
"""The second characters of a resident number, and those that the same person's number has in the other form."""


def first_day(school_year: int) -> date:
    """The first of August of a school year, given in years of the Republic: that of its cards which name no day."""
    return date(school_year + _REPUBLIC_BEGINS, *_SCHOOL_YEAR_BEGINS)


def day_of(row: CardRow, school_year: int) -> date:
    """From when a row's word about the card holds: the card's own date, else the first day of the school year (1 August)."""
    return row.issued_on or first_day(school_year)


def mirrored(card: CardUid) -> CardUid | None:
    """The card that these octets name in the other order, as two of the number forms differ; none when it is the same or no card."""
    other = CardUid(card.octets[::-1])
    return other if other != card and other.names_a_card else None


def is_passed_over(plan: Plan, row: CardRow, patron: KnownPatron, known: Known, day: date) -> bool:
    """Whether the registry has a newer word of the Bureau than this row's, or has heard this very word before; unless staff decided so."""
    if CaseKind.REISSUE_OLDER in plan.decided:
        return False
    heard = known.named.get(row.card)
    return (patron.fresh.card_as_of is not None and day < patron.fresh.card_as_of) or (heard is not None and heard.covers(patron.id, day))


def obstacle(plan: Plan, row: CardRow, patron: KnownPatron | None, known: Known, day: date) -> Case | None:
    """The question that keeps this number from being bound; none when it may be, or is bound already."""
    if patron is not None and patron.easycard == row.card.hex:
        return None
    key = patron.id if patron is not None else None
    owner, former = known.owners.get(row.card), known.replaced.get(row.card)
    patron_class = patron.patron_class if patron is not None else PatronClass.PERSONAL
    refused = decide_binding(key, CardKind.EASYCARD, patron_class=patron_class, owner=owner, former=former)
    if refused is BindingRefusal.NOT_FOR_FAMILIES:
        return card_case(plan, CaseKind.FAMILY_ACCOUNT, row, patron, None)
    if refused is BindingRefusal.BOUND_ELSEWHERE:
        return _of_somebody_else(plan, row, patron, known, owner.patron if owner is not None else former)
    if patron is not None and is_passed_over(plan, row, patron, known, day):
        return None
    if refused is not None and CaseKind.NUMBER_REPLACED not in plan.decided:
        return card_case(plan, CaseKind.NUMBER_REPLACED, row, patron, former)
    other = known.mirrored.get(row.card)
    if other is not None and CaseKind.NUMBER_FORMS_MATCH not in plan.decided:
        return card_case(plan, CaseKind.NUMBER_FORMS_MATCH, row, patron, other)
    return None


def _of_somebody_else(plan: Plan, row: CardRow, patron: KnownPatron | None, known: Known, holder: PatronId | None) -> Case:
    other = None if holder is None or CaseKind.POSSIBLE_DUPLICATE in plan.decided else known.others.get(holder)
    if patron is None and other is not None and isinstance(row, BureauRow) and (other.folded, other.born) == (folded(row.name), row.born):
        return duplicate_case(plan, row, None, other.id, other.national_id)
    return card_case(plan, CaseKind.NUMBER_BOUND_ELSEWHERE, row, patron, holder)


def renew_card(plan: Plan, patron: KnownPatron, day: date) -> None:
    """Remember that a word of this day changed the card, unless there is a newer one."""
    before = plan.fresh.get(patron.id, patron.fresh)
    if before.card_as_of is None or before.card_as_of < day:
        plan.fresh[patron.id] = replace(before, card_as_of=day)


def take(plan: Plan, row: CardRow, patron: KnownPatron, known: Known, day: date) -> Outcome:
    """Bind the number that a row names, unless the registry has a newer word; nothing keeps it from that."""
    heard = known.named.get(row.card)
    if patron.easycard != row.card.hex and is_passed_over(plan, row, patron, known, day):
        plan.name(row.card, patron.id, day, heard)
        return Outcome.OLDER
    plan.name(row.card, patron.id, day, heard)
    renew_card(plan, patron, day)
    if patron.easycard == row.card.hex:
        return Outcome.UNCHANGED
    plan.row_of[patron.id] = row.number
    plan.cards.append(NewCard(patron.id, row, patron.easycard))
    return Outcome.CHANGED if patron.easycard is None else Outcome.REPLACED


def may_be_known_otherwise(row: BureauRow) -> bool:
    """Whether a person may stand on record under another form of the number: residents have, or had, two."""
    return row.national_id[1:2] in _OTHER_FORM


def may_be(row: BureauRow, people: Iterable[Person]) -> list[Person]:
    """Those who may be the person in a row under the other form of a resident number."""
    other_form = _OTHER_FORM.get(row.national_id[1:2], ())
    return [one for one in people if one.national_id is not None and one.national_id[1:2] in other_form]
