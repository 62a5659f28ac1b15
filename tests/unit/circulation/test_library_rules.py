"""The library's own rules, as its files have them, in the decisions: one test a row of the table."""

from datetime import date, timedelta

import pytest

from circulation.items import ItemKind
from circulation.loans import Loan
from circulation.patrons import Patron, PatronClass
from circulation.policy import decide_checkout, due_date, rules_for
from circulation.reasons import Reason
from circulation.renewals import decide_renewal, renewed_due_date
from circulation.rules import LoanRules, RuleBook
from tests.builders import a_loan, a_patron, an_item
from youyue import library

TODAY = date(2026, 11, 24)
BOOK = RuleBook.of(library.rule_sets())
DAYS = library.opening_days()


def rules_of(patron: Patron) -> LoanRules:
    rules = rules_for(patron, BOOK.on(TODAY))
    assert rules is not None
    return rules


def loans(patron: Patron, kind: ItemKind, count: int) -> list[Loan]:
    return [a_loan(patron=patron.id, kind=kind, due=TODAY + timedelta(days=9)) for _ in range(count)]


@pytest.mark.parametrize(
    ("patron_class", "kind", "limit", "reason"),
    [
        (PatronClass.PERSONAL, ItemKind.BOOK, 25, Reason.LOAN_LIMIT_REACHED),
        (PatronClass.FAMILY, ItemKind.BOOK, 40, Reason.LOAN_LIMIT_REACHED),
        *((name, kind, 7, Reason.KIND_LIMIT_REACHED) for name in PatronClass for kind in (ItemKind.HOT_TITLE, ItemKind.AUDIO_VISUAL)),
    ],
)
def test_rule_limits_hold_for_each_card_and_kind(patron_class: PatronClass, kind: ItemKind, limit: int, reason: Reason) -> None:
    patron = a_patron(patron_class=patron_class)

    def refused(count: int) -> tuple[Reason, ...]:
        return decide_checkout(patron, an_item(kind=kind), loans(patron, kind, count), rules_of(patron), today=TODAY).reasons

    assert refused(limit - 1) == ()
    assert refused(limit) == (reason,)


def test_rule_limits_of_hot_and_audio_visual_items_come_beside_the_others() -> None:
    patron = a_patron()
    full = [*loans(patron, ItemKind.HOT_TITLE, 7), *loans(patron, ItemKind.AUDIO_VISUAL, 7), *loans(patron, ItemKind.BOOK, 24)]
    assert decide_checkout(patron, an_item(), full, rules_of(patron), today=TODAY).reasons == ()


@pytest.mark.parametrize(
    ("kind", "due"), [(ItemKind.BOOK, "2026-12-24"), (ItemKind.HOT_TITLE, "2026-12-08"), (ItemKind.AUDIO_VISUAL, "2026-12-08")]
)
def test_rule_loan_days_are_30_for_books_and_14_for_hot_and_audio_visual_items(kind: ItemKind, due: str) -> None:
    assert due_date(an_item(kind=kind), rules_of(a_patron()), DAYS, today=TODAY) == date.fromisoformat(due)


def test_rule_due_dates_on_a_closed_day_are_the_next_open_day() -> None:
    assert due_date(an_item(), rules_of(a_patron()), DAYS, today=date(2026, 11, 25)) == date(2026, 12, 26)  # the 25th is a holiday
    assert due_date(an_item(), rules_of(a_patron()), DAYS, today=date(2026, 11, 3)) == date(2026, 12, 4)  # the 3rd is the first Thursday


def renewal(loan: Loan, patron: Patron) -> tuple[Reason, ...]:
    return decide_renewal(patron, loan, rules_of(patron), today=TODAY).reasons


def test_rule_renewals_are_two_and_count_30_days_from_the_day_of_renewal() -> None:
    patron = a_patron()
    for renewals, reasons in ((0, ()), (1, ()), (2, (Reason.RENEWALS_USED_UP,))):
        loan = a_loan(patron=patron.id, due=TODAY + timedelta(days=5), renewals=renewals)
        assert renewal(loan, patron) == reasons
        assert renewed_due_date(loan, rules_of(patron), DAYS, today=TODAY) == TODAY + timedelta(days=30)


def test_rule_renewals_are_not_of_overdue_held_or_audio_visual_items() -> None:
    patron = a_patron()
    assert renewal(a_loan(patron=patron.id, due=TODAY - timedelta(days=1)), patron) == (Reason.LOAN_OVERDUE,)
    assert renewal(a_loan(patron=patron.id, due=TODAY, wanted=True), patron) == (Reason.HELD_FOR_ANOTHER,)
    assert renewal(a_loan(patron=patron.id, due=TODAY, kind=ItemKind.AUDIO_VISUAL), patron) == (Reason.KIND_NOT_RENEWABLE,)
