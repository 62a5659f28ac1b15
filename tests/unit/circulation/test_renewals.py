"""Renewals: twice, counted from the day of renewal; not overdue, not wanted by another, not every kind."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest

from circulation.blocks import BlockCode
from circulation.items import ItemKind
from circulation.loans import Loan
from circulation.opening_days import NoOpenDayError
from circulation.patrons import Patron
from circulation.reasons import Decision, Reason
from circulation.renewals import decide_renewal, renewed_due_date
from circulation.rules import LoanRules
from tests.builders import TODAY, a_block, a_loan, a_patron, opening_days, rules

YESTERDAY = TODAY - timedelta(days=1)
PATRON = a_patron()
LOAN = a_loan(patron=PATRON.id)


def decided(patron: Patron = PATRON, loan: Loan = LOAN, loan_rules: LoanRules | None = None) -> tuple[Reason, ...]:
    return decide_renewal(patron, loan, loan_rules or rules(), today=TODAY).reasons


def test_a_book_in_time_is_renewed() -> None:
    assert decide_renewal(PATRON, LOAN, rules(), today=TODAY) == Decision()


def test_the_loan_of_another_patron_is_unknown() -> None:
    assert decided(loan=a_loan()) == (Reason.LOAN_UNKNOWN,)


@pytest.mark.parametrize(("made", "expected"), [(0, ()), (1, ()), (2, (Reason.RENEWALS_USED_UP,)), (3, (Reason.RENEWALS_USED_UP,))])
def test_a_book_is_renewed_twice_and_no_third_time(made: int, expected: tuple[Reason, ...]) -> None:
    assert decided(loan=replace(LOAN, renewals=made)) == expected


@pytest.mark.parametrize(("due", "expected"), [(TODAY, ()), (YESTERDAY, (Reason.LOAN_OVERDUE,))])
def test_on_the_due_date_it_is_renewed_and_a_day_later_not(due: date, expected: tuple[Reason, ...]) -> None:
    assert decided(loan=replace(LOAN, due=due)) == expected


def test_a_title_that_another_patron_waits_for_is_not_renewed() -> None:
    assert decided(loan=replace(LOAN, wanted=True)) == (Reason.HELD_FOR_ANOTHER,)


@pytest.mark.parametrize(
    ("kind", "expected"), [(ItemKind.BOOK, ()), (ItemKind.HOT_TITLE, ()), (ItemKind.AUDIO_VISUAL, (Reason.KIND_NOT_RENEWABLE,))]
)
def test_audio_visual_items_are_not_renewed(kind: ItemKind, expected: tuple[Reason, ...]) -> None:
    assert decided(loan=replace(LOAN, kind=kind)) == expected


def test_a_kind_that_is_never_renewed_is_told_so_and_not_that_its_renewals_are_used_up() -> None:
    assert decided(loan=replace(LOAN, kind=ItemKind.AUDIO_VISUAL, renewals=2)) == (Reason.KIND_NOT_RENEWABLE,)


def test_rules_that_say_nothing_of_renewals_renew_nothing() -> None:
    assert decided(loan_rules=LoanRules(total=25, days={ItemKind.BOOK: 30})) == (Reason.KIND_NOT_RENEWABLE,)


def test_without_rules_nothing_is_renewed() -> None:
    assert decide_renewal(PATRON, LOAN, None, today=TODAY).reasons == (Reason.NO_RULES,)


@pytest.mark.parametrize(("expires", "expected"), [(TODAY, ()), (YESTERDAY, (Reason.PATRON_EXPIRED,))])
def test_an_expired_patron_renews_nothing(expires: date, expected: tuple[Reason, ...]) -> None:
    assert decided(replace(PATRON, expires=expires)) == expected


def test_blocks_stop_renewals_each_reason_once_and_only_while_they_stand() -> None:
    blocks = (a_block(BlockCode.STAFF), a_block(BlockCode.FEES), a_block(BlockCode.SUSPENDED, until=TODAY))
    assert decided(replace(PATRON, blocks=blocks)) == (Reason.PATRON_BLOCKED, Reason.PATRON_SUSPENDED)
    assert decided(replace(PATRON, blocks=(a_block(BlockCode.SUSPENDED, until=YESTERDAY),))) == ()


def test_every_reason_is_told_in_the_order_a_person_should_hear_them() -> None:
    patron = replace(PATRON, expires=YESTERDAY, blocks=(a_block(),))
    loan = replace(a_loan(due=YESTERDAY, renewals=2), wanted=True)
    assert decided(patron, loan) == (
        Reason.LOAN_UNKNOWN,
        Reason.PATRON_EXPIRED,
        Reason.PATRON_BLOCKED,
        Reason.LOAN_OVERDUE,
        Reason.HELD_FOR_ANOTHER,
        Reason.RENEWALS_USED_UP,
    )


FAULTS = (Reason.PATRON_EXPIRED, Reason.LOAN_OVERDUE, Reason.HELD_FOR_ANOTHER, Reason.RENEWALS_USED_UP)


@pytest.mark.parametrize("present", [found for count in range(5) for found in combinations(FAULTS, count)])
def test_no_reason_hides_another(present: tuple[Reason, ...]) -> None:
    patron = replace(PATRON, expires=YESTERDAY if Reason.PATRON_EXPIRED in present else None)
    due = YESTERDAY if Reason.LOAN_OVERDUE in present else TODAY
    renewals = 2 if Reason.RENEWALS_USED_UP in present else 0
    loan = replace(LOAN, due=due, renewals=renewals, wanted=Reason.HELD_FOR_ANOTHER in present)
    assert decided(patron, loan) == present


@pytest.mark.parametrize(("kind", "due"), [(ItemKind.BOOK, date(2026, 4, 10)), (ItemKind.HOT_TITLE, date(2026, 3, 25))])
def test_the_new_due_date_is_counted_from_the_day_of_renewal(kind: ItemKind, due: date) -> None:
    loan = a_loan(kind=kind, due=TODAY)
    assert renewed_due_date(loan, rules(), opening_days(), today=TODAY) == due


def test_a_new_due_date_on_a_closed_day_moves_to_the_next_open_one() -> None:
    closed = frozenset({date(2026, 4, 10), date(2026, 4, 11)})
    assert renewed_due_date(a_loan(due=TODAY), rules(), opening_days(closed=closed), today=TODAY) == date(2026, 4, 12)


def test_a_renewal_never_takes_days_away() -> None:
    later = date(2026, 5, 20)
    assert renewed_due_date(a_loan(due=later), rules(), opening_days(), today=TODAY) == later


def test_a_kind_that_is_not_renewed_has_no_new_due_date() -> None:
    with pytest.raises(KeyError):
        renewed_due_date(a_loan(kind=ItemKind.AUDIO_VISUAL), rules(), opening_days(), today=TODAY)


def test_a_calendar_that_is_always_closed_gives_no_new_due_date() -> None:
    with pytest.raises(NoOpenDayError):
        renewed_due_date(LOAN, rules(), opening_days(weekly={}), today=TODAY)
