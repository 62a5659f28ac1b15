"""Returns: never refused; where the item goes and what staff should hear."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from circulation.checkins import Checkin, CheckinNote, Destination, decide_checkin
from circulation.ids import BranchCode
from circulation.items import Item, ItemStatus
from circulation.loans import Loan
from tests.builders import TODAY, a_loan, an_item

HERE = BranchCode("C01")
ELSEWHERE = "L12"
YESTERDAY = TODAY - timedelta(days=1)


def returned(item: Item | None, loan: Loan | None = None) -> Checkin:
    return decide_checkin(item, loan, here=HERE, today=TODAY)


def test_a_book_of_this_branch_goes_to_the_shelf_without_a_word() -> None:
    assert returned(an_item(branch=HERE), a_loan()) == Checkin(ItemStatus.AVAILABLE, Destination.SHELF)


def test_a_book_of_another_branch_gets_a_routing_slip() -> None:
    assert returned(an_item(branch=ELSEWHERE), a_loan()) == Checkin(
        ItemStatus.IN_TRANSIT, Destination.OTHER_BRANCH, send_to=BranchCode(ELSEWHERE)
    )


def test_an_item_that_this_kiosk_does_not_know_is_taken_for_staff() -> None:
    assert returned(None) == Checkin(None, Destination.STAFF, notes=(CheckinNote.ITEM_UNKNOWN,))


def test_an_item_that_nobody_has_is_taken_and_noted() -> None:
    assert returned(an_item(branch=HERE)).notes == (CheckinNote.NOT_ON_LOAN,)


def test_a_return_on_the_due_date_is_in_time_and_one_a_day_later_is_overdue() -> None:
    assert returned(an_item(branch=HERE), a_loan(due=TODAY)).notes == ()
    assert returned(an_item(branch=HERE), a_loan(due=YESTERDAY)).notes == (CheckinNote.OVERDUE,)


@pytest.mark.parametrize("status", [ItemStatus.MISSING, ItemStatus.LOST, ItemStatus.CLAIMED_RETURNED])
def test_an_item_that_was_looked_for_is_here_again(status: ItemStatus) -> None:
    assert returned(an_item(branch=HERE, status=status), a_loan()) == Checkin(
        ItemStatus.AVAILABLE, Destination.SHELF, notes=(CheckinNote.WAS_MISSING,)
    )


@pytest.mark.parametrize("branch", [HERE, ELSEWHERE])
@pytest.mark.parametrize("status", [ItemStatus.DAMAGED, ItemStatus.WITHDRAWN])
def test_a_damaged_or_withdrawn_item_goes_to_staff_wherever_it_belongs(status: ItemStatus, branch: str) -> None:
    assert returned(an_item(branch=branch, status=status), a_loan()) == Checkin(status, Destination.STAFF, notes=(CheckinNote.NEEDS_STAFF,))


def test_an_item_of_the_hold_shelf_goes_back_there() -> None:
    assert returned(an_item(branch=HERE, status=ItemStatus.ON_HOLD_SHELF)) == Checkin(
        ItemStatus.ON_HOLD_SHELF, Destination.HOLD_SHELF, notes=(CheckinNote.NOT_ON_LOAN,)
    )


def test_an_item_that_was_never_to_leave_goes_back_to_its_shelf_as_it_was() -> None:
    assert returned(an_item(branch=HERE, status=ItemStatus.IN_LIBRARY_ONLY), a_loan()) == Checkin(
        ItemStatus.IN_LIBRARY_ONLY, Destination.SHELF
    )


def test_an_item_that_was_never_to_leave_goes_to_staff_when_it_comes_back_elsewhere() -> None:
    assert returned(an_item(branch=ELSEWHERE, status=ItemStatus.IN_LIBRARY_ONLY), a_loan()) == Checkin(
        ItemStatus.IN_LIBRARY_ONLY, Destination.STAFF, notes=(CheckinNote.NEEDS_STAFF,)
    )


@pytest.mark.parametrize("branch", [HERE, ELSEWHERE])
def test_rule_holds_a_title_that_another_patron_waits_for_goes_to_staff_wherever_it_belongs_and_nobody_borrows_it(branch: str) -> None:
    """Where its hold shelf is only the registry knows: a librarian scans it."""
    assert returned(an_item(branch=branch), replace(a_loan(), wanted=True)) == Checkin(
        ItemStatus.IN_TRANSIT, Destination.STAFF, notes=(CheckinNote.WANTED,)
    )


@pytest.mark.parametrize("branch", [HERE, ELSEWHERE])
def test_rule_holds_an_item_on_its_way_to_somebody_goes_to_staff_and_not_to_the_shelf(branch: str) -> None:
    item = an_item(branch=branch, status=ItemStatus.IN_TRANSIT, held_for=uuid4())
    assert returned(item) == Checkin(ItemStatus.IN_TRANSIT, Destination.STAFF, notes=(CheckinNote.NOT_ON_LOAN, CheckinNote.WANTED))


def test_rule_holds_another_branchs_item_from_the_hold_shelf_here_is_not_sent_home() -> None:
    item = an_item(branch=ELSEWHERE, status=ItemStatus.ON_HOLD_SHELF, held_for=uuid4())
    assert returned(item).destination is Destination.STAFF
    at_home = replace(item, branch=HERE)
    assert returned(at_home) == Checkin(ItemStatus.ON_HOLD_SHELF, Destination.HOLD_SHELF, notes=(CheckinNote.NOT_ON_LOAN,))


def test_a_wanted_item_that_is_damaged_goes_to_staff_with_both_notes() -> None:
    assert returned(an_item(branch=HERE, status=ItemStatus.DAMAGED), replace(a_loan(), wanted=True)).notes == (
        CheckinNote.WANTED,
        CheckinNote.NEEDS_STAFF,
    )


def test_every_note_is_told_not_only_the_first() -> None:
    assert returned(an_item(branch=HERE, status=ItemStatus.LOST), a_loan(due=YESTERDAY)).notes == (
        CheckinNote.OVERDUE,
        CheckinNote.WAS_MISSING,
    )
    assert returned(an_item(branch=HERE, status=ItemStatus.DAMAGED)).notes == (CheckinNote.NOT_ON_LOAN, CheckinNote.NEEDS_STAFF)
    assert returned(an_item(branch=ELSEWHERE), a_loan(due=YESTERDAY)).notes == (CheckinNote.OVERDUE,)
    assert returned(an_item(branch=HERE, status=ItemStatus.LOST), replace(a_loan(due=YESTERDAY), wanted=True)).notes == (
        CheckinNote.OVERDUE,
        CheckinNote.WAS_MISSING,
        CheckinNote.WANTED,
    )
