"""What the Bureau's reissues, leavings and losses would change: decided without touching anything.

They concern participating pupils only: of anybody else nothing is stored (Q6-3b).
"""

from collections.abc import Iterable
from itertools import groupby

from circulation.cards import CardUid
from registry.cards.store import CardSource
from registry.cases.kinds import CaseKind
from registry.rosters.bindings import is_passed_over, obstacle, renew_card, take
from registry.rosters.events import BindingChange, FeedEvent, changes_binding, event_of
from registry.rosters.known import Known, KnownPatron
from registry.rosters.plan import CardTold, Outcome, Plan
from registry.rosters.questions import birth_case, card_case
from registry.rosters.rows import LeavingRow, LossRow, ReissueRow

CardEventRow = ReissueRow | LeavingRow | LossRow


def plan_card_events(rows: Iterable[CardEventRow], known: Known, *, school_year: int, decided: frozenset[CaseKind] = frozenset()) -> Plan:
    """What these rows would change. Of several reissues for one pupil the newest counts, in whatever order they stand."""
    plan = Plan(school_year, decided)
    in_order = sorted(rows, key=lambda row: (row.national_id, _day(row), row.number))
    for _, of_one in groupby(in_order, key=lambda row: row.national_id):
        *before, newest = of_one
        for row in before:
            plan.note(row.number, _before_the_newest(plan, row, known))
        plan.note(newest.number, _plan_row(plan, newest, known))
    return plan


def _day(row: CardEventRow) -> str:
    match row:
        case ReissueRow():
            return f"{row.issued_on}"
        case LeavingRow():
            return f"{row.left_on}"
        case LossRow():
            return f"{row.lost_on}"


def _before_the_newest(plan: Plan, row: CardEventRow, known: Known) -> Outcome:
    """A reissue that another of the same rows has overtaken; every other row counts by itself."""
    if not isinstance(row, ReissueRow):
        return _plan_row(plan, row, known)
    patron = _participant(row, known)
    if patron is None:
        return Outcome.NOT_PARTICIPATING
    if patron.born != row.born:
        return plan.hold(birth_case(plan, row, patron))
    plan.name(row.card, patron.id, row.issued_on, known.named.get(row.card))
    return Outcome.OLDER


def _plan_row(plan: Plan, row: CardEventRow, known: Known) -> Outcome:
    patron = _participant(row, known)
    if patron is None:
        return Outcome.NOT_PARTICIPATING
    if patron.born != row.born:
        return plan.hold(birth_case(plan, row, patron))
    if isinstance(row, ReissueRow) and patron.id in plan.row_of:
        return plan.hold(card_case(plan, CaseKind.POSSIBLE_DUPLICATE, row, patron, None))
    plan.row_of[patron.id] = row.number
    match row, changes_binding(event_of(row)):
        case ReissueRow(), BindingChange.BIND:
            return _reissue(plan, row, patron, known)
        case LeavingRow(), BindingChange.END:
            return _end(plan, row, patron, known)
        case LossRow(), BindingChange.STOP:
            return _stop(plan, row, patron, known)
        case LeavingRow(), None if event_of(row) is FeedEvent.CANCELLED:
            return _cancelled(plan, row, patron, known)
    return Outcome.UNCHANGED


def _participant(row: CardEventRow, known: Known) -> KnownPatron | None:
    patron = known.patrons.get(row.national_id)
    return patron if patron is not None and patron.consents else None


def _reissue(plan: Plan, row: ReissueRow, patron: KnownPatron, known: Known) -> Outcome:
    """With or without a loss report before (R6): the new number replaces the old one at once (Q6-3a)."""
    old_owner = None if row.old_card is None else known.owners.get(row.old_card)
    if old_owner is not None and old_owner.patron != patron.id:
        return plan.hold(card_case(plan, CaseKind.NUMBER_BOUND_ELSEWHERE, row, patron, old_owner.patron))
    if patron.easycard != row.card.hex and _is_older(plan, row, patron, known):
        heard = known.named.get(row.card)
        if heard is not None and heard.covers(patron.id, row.issued_on):
            return Outcome.OLDER
        return plan.hold(card_case(plan, CaseKind.REISSUE_OLDER, row, patron, None))
    found = obstacle(plan, row, patron, known, row.issued_on)
    return plan.hold(found) if found is not None else take(plan, row, patron, known, row.issued_on)


def _is_older(plan: Plan, row: ReissueRow, patron: KnownPatron, known: Known) -> bool:
    """Older than the Bureau's newest word, or than a card that was bound at a desk since."""
    if CaseKind.REISSUE_OLDER in plan.decided:
        return False
    card = patron.card
    if card is not None and card.source is CardSource.DESK and card.bound_on is not None and row.issued_on < card.bound_on:
        return True
    return is_passed_over(plan, row, patron, known, row.issued_on)


def _target(plan: Plan, row: LeavingRow | LossRow, patron: KnownPatron, known: Known) -> CardUid | Outcome:
    """The student ID that a row is about: the number it names, else the one on record when that came from the Bureau before."""
    current = None if patron.easycard is None else CardUid.from_hex(patron.easycard)
    if row.card is not None and row.card != current:
        owner = known.owners.get(row.card)
        if owner is not None and owner.patron != patron.id:
            return plan.hold(card_case(plan, CaseKind.NUMBER_BOUND_ELSEWHERE, row, patron, owner.patron))
        return Outcome.UNCHANGED
    if current is None:
        return Outcome.UNCHANGED
    named = known.named.get(current)
    is_students = named is not None and named.patron == patron.id
    if row.card is None and not is_students and (patron.card is None or patron.card.source is not CardSource.ROSTER):
        return Outcome.UNCHANGED
    day = row.lost_on if isinstance(row, LossRow) else row.left_on
    # Without a number, what happened on the day a card was issued happened to the card before it.
    if is_students and named is not None and (day < named.first or (row.card is None and day == named.first)):
        return Outcome.OLDER
    return current


def _end(plan: Plan, row: LeavingRow, patron: KnownPatron, known: Known) -> Outcome:
    """The number ends; account, loans and the other cards stay (Q7-b)."""
    target = _target(plan, row, patron, known)
    if isinstance(target, Outcome):
        return target
    told = CardTold(patron.id, target)
    if told not in plan.ended[-1:]:
        plan.ended.append(told)
    renew_card(plan, patron, row.left_on)
    return Outcome.ENDED


def _cancelled(plan: Plan, row: LeavingRow, patron: KnownPatron, known: Known) -> Outcome:
    """The library function goes on; the card's history says that the student ID was cancelled (Q7-a)."""
    target = _target(plan, row, patron, known)
    if isinstance(target, Outcome):
        return target
    told = CardTold(patron.id, target)
    if target in known.cancelled or told in plan.cancelled[-1:]:
        return Outcome.UNCHANGED
    plan.cancelled.append(told)
    return Outcome.NOTED


def _stop(plan: Plan, row: LossRow, patron: KnownPatron, known: Known) -> Outcome:
    """The card is refused until the reissue (R5); only undoing a wrong batch takes this back (R18)."""
    target = _target(plan, row, patron, known)
    if isinstance(target, Outcome):
        return target
    told = CardTold(patron.id, target)
    if target in known.lost or told in plan.lost[-1:]:
        return Outcome.UNCHANGED
    plan.lost.append(told)
    return Outcome.STOPPED
