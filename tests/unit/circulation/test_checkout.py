"""Who may borrow what: every reason, all of them together, and the laws that hold whatever the library decides."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.blocks import Block, BlockCode
from circulation.items import Item, ItemKind, ItemStatus
from circulation.loans import Loan
from circulation.patrons import Patron, PatronClass
from circulation.policy import allowance, decide_checkout, rules_for
from circulation.reasons import Decision, Reason
from circulation.rules import LoanRules
from tests.builders import TODAY, a_block, a_loan, a_patron, a_rule_set, an_item, rules

YESTERDAY = TODAY - timedelta(days=1)


def test_a_patron_in_good_standing_borrows_a_book_from_the_shelf() -> None:
    decision = decide_checkout(a_patron(), an_item(), [], rules(), today=TODAY)
    assert decision.allowed
    assert decision.reasons == ()


def test_an_account_may_borrow_on_its_last_day_and_not_after() -> None:
    assert decide_checkout(a_patron(expires=TODAY), an_item(), [], rules(), today=TODAY).allowed
    assert _reasons(a_patron(expires=YESTERDAY)) == (Reason.PATRON_EXPIRED,)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (BlockCode.SUSPENDED, Reason.PATRON_SUSPENDED),
        (BlockCode.STAFF, Reason.PATRON_BLOCKED),
        (BlockCode.FEES, Reason.PATRON_BLOCKED),
    ],
)
def test_every_block_stops_a_loan_with_its_reason(code: BlockCode, reason: Reason) -> None:
    assert _reasons(a_patron(blocks=(a_block(code),))) == (reason,)


def test_two_blocks_of_one_reason_are_told_once() -> None:
    assert _reasons(a_patron(blocks=(a_block(BlockCode.STAFF), a_block(BlockCode.FEES)))) == (Reason.PATRON_BLOCKED,)


def test_blocks_of_two_reasons_are_told_both() -> None:
    blocks = (a_block(BlockCode.FEES), a_block(BlockCode.SUSPENDED))
    assert _reasons(a_patron(blocks=blocks)) == (Reason.PATRON_BLOCKED, Reason.PATRON_SUSPENDED)


def test_a_block_stops_loans_on_its_last_day_and_not_after() -> None:
    assert _reasons(a_patron(blocks=(a_block(until=TODAY),))) == (Reason.PATRON_BLOCKED,)
    assert _reasons(a_patron(blocks=(a_block(until=YESTERDAY),))) == ()


def test_r1_a_record_without_contact_data_borrows_all_the_same() -> None:
    assert _reasons(a_patron(contact_complete=False)) == ()


def test_an_overdue_loan_stops_further_loans() -> None:
    assert _reasons(loans=[a_loan(due=YESTERDAY)]) == (Reason.PATRON_HAS_OVERDUE,)


def test_a_loan_due_today_is_not_overdue() -> None:
    assert _reasons(loans=[a_loan(due=TODAY)]) == ()


def test_a_library_may_lend_in_spite_of_overdue_loans() -> None:
    assert _reasons(loans=[a_loan(due=YESTERDAY)], rules_in_force=rules(overdue_stops_loans=False)) == ()


def test_the_limit_counts_ordinary_items() -> None:
    assert _reasons(loans=[a_loan()] * 2, rules_in_force=rules(total=3)) == ()
    assert _reasons(loans=[a_loan()] * 3, rules_in_force=rules(total=3)) == (Reason.LOAN_LIMIT_REACHED,)
    assert _reasons(loans=[a_loan()] * 4, rules_in_force=rules(total=3)) == (Reason.LOAN_LIMIT_REACHED,)


def test_a_kind_with_its_own_limit_does_not_fill_the_ordinary_one() -> None:
    loans = [a_loan(kind=ItemKind.HOT_TITLE)] * 7
    assert _reasons(loans=loans, rules_in_force=rules(total=1)) == ()
    assert _reasons(item=an_item(kind=ItemKind.HOT_TITLE), loans=loans) == (Reason.KIND_LIMIT_REACHED,)
    assert _reasons(item=an_item(kind=ItemKind.HOT_TITLE), loans=loans[1:]) == ()


def test_a_full_ordinary_limit_leaves_the_kinds_with_their_own_alone() -> None:
    loans = [a_loan()] * 25
    assert _reasons(item=an_item(kind=ItemKind.AUDIO_VISUAL), loans=loans) == ()


def test_a_kind_without_its_own_limit_counts_as_ordinary() -> None:
    ordinary_only = rules(total=1, extra={})
    assert _reasons(item=an_item(kind=ItemKind.HOT_TITLE), loans=[a_loan()], rules_in_force=ordinary_only) == (Reason.LOAN_LIMIT_REACHED,)
    assert _reasons(loans=[a_loan(kind=ItemKind.HOT_TITLE)], rules_in_force=ordinary_only) == (Reason.LOAN_LIMIT_REACHED,)


def test_without_rules_nothing_is_lent() -> None:
    decision = decide_checkout(a_patron(), an_item(), [], None, today=TODAY)
    assert decision.reasons == (Reason.NO_RULES,)


def test_an_item_the_patron_has_already_is_said_to_be_theirs() -> None:
    patron, item = a_patron(), an_item()
    mine = a_loan(patron=patron.id, item=item.id)
    assert decide_checkout(patron, item, [mine], rules(), lent_to=mine, today=TODAY).reasons == (Reason.ITEM_ALREADY_YOURS,)


def test_an_item_somebody_else_has_is_on_loan() -> None:
    item = an_item()
    theirs = a_loan(item=item.id)
    assert decide_checkout(a_patron(), item, [], rules(), lent_to=theirs, today=TODAY).reasons == (Reason.ITEM_ON_LOAN,)


@pytest.mark.parametrize(
    ("status", "reasons"),
    [
        (ItemStatus.AVAILABLE, ()),
        (ItemStatus.ON_HOLD_SHELF, (Reason.ITEM_ON_HOLD,)),
        (ItemStatus.IN_TRANSIT, (Reason.ITEM_IN_TRANSIT,)),
        (ItemStatus.IN_LIBRARY_ONLY, (Reason.ITEM_IN_LIBRARY_ONLY,)),
        (ItemStatus.MISSING, ()),
        (ItemStatus.CLAIMED_RETURNED, (Reason.ITEM_NOT_LENDABLE,)),
        (ItemStatus.LOST, ()),
        (ItemStatus.DAMAGED, (Reason.ITEM_NOT_LENDABLE,)),
        (ItemStatus.WITHDRAWN, (Reason.ITEM_NOT_LENDABLE,)),
    ],
)
def test_the_status_of_an_item_decides_by_this_table(status: ItemStatus, reasons: tuple[Reason, ...]) -> None:
    assert _reasons(item=an_item(status=status)) == reasons


def test_an_item_on_the_hold_shelf_goes_to_its_holder_only() -> None:
    holder = a_patron()
    item = an_item(status=ItemStatus.ON_HOLD_SHELF, held_for=holder.id)
    assert _reasons(holder, item) == ()
    assert _reasons(a_patron(), item) == (Reason.ITEM_ON_HOLD,)


@pytest.mark.parametrize("status", [status for status in ItemStatus if status is not ItemStatus.ON_HOLD_SHELF])
def test_a_hold_opens_no_other_status(status: ItemStatus) -> None:
    holder = a_patron()
    assert _reasons(holder, an_item(status=status, held_for=holder.id)) == _reasons(holder, an_item(status=status))


def test_every_reason_is_reported_not_only_the_first() -> None:
    patron = a_patron(expires=YESTERDAY, blocks=(a_block(BlockCode.SUSPENDED), a_block(BlockCode.STAFF)))
    item = an_item(status=ItemStatus.IN_TRANSIT)
    loans = [a_loan(due=YESTERDAY)]
    decision = decide_checkout(patron, item, loans, rules(total=1), lent_to=a_loan(item=item.id), today=TODAY)
    assert decision.reasons == (
        Reason.PATRON_EXPIRED,
        Reason.PATRON_SUSPENDED,
        Reason.PATRON_BLOCKED,
        Reason.PATRON_HAS_OVERDUE,
        Reason.LOAN_LIMIT_REACHED,
        Reason.ITEM_ON_LOAN,
        Reason.ITEM_IN_TRANSIT,
    )


def test_a_decision_with_a_reason_is_a_refusal() -> None:
    assert Decision().allowed
    assert not Decision((Reason.NO_RULES,)).allowed


def test_the_allowance_is_what_is_left_and_never_below_nought() -> None:
    loans = [a_loan(), a_loan(), a_loan(kind=ItemKind.HOT_TITLE)]
    assert allowance(loans, rules(total=25)) == 23
    assert allowance(loans, rules(total=2)) == 0
    assert allowance(loans, rules(total=1)) == 0


def test_a_patrons_rules_are_those_of_the_class() -> None:
    family, personal = rules(total=40), rules(total=25)
    rule_set = a_rule_set(by_class={PatronClass.PERSONAL: personal, PatronClass.FAMILY: family})
    assert rules_for(a_patron(patron_class=PatronClass.FAMILY), rule_set) is family
    assert rules_for(a_patron(patron_class=PatronClass.PERSONAL), rule_set) is personal


def test_a_class_the_library_has_not_ruled_on_has_no_rules() -> None:
    personal_only = a_rule_set(by_class={PatronClass.PERSONAL: rules()})
    assert rules_for(a_patron(patron_class=PatronClass.FAMILY), personal_only) is None
    assert rules_for(a_patron(), None) is None


near_dates = st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3))
blocks = st.builds(Block, st.sampled_from(BlockCode), st.none() | near_dates)
patrons = st.builds(
    a_patron, expires=st.none() | near_dates, blocks=st.lists(blocks, max_size=3).map(tuple), patron_class=st.sampled_from(PatronClass)
)
items = st.builds(an_item, kind=st.sampled_from(ItemKind), status=st.sampled_from(ItemStatus))
loan_lists = st.lists(st.builds(a_loan, kind=st.sampled_from(ItemKind), due=near_dates), max_size=4)
rule_choices = st.builds(
    rules,
    total=st.integers(0, 4),
    extra=st.dictionaries(st.sampled_from(ItemKind), st.integers(0, 3), max_size=2),
    overdue_stops_loans=st.booleans(),
)


@given(patrons, items, loan_lists, rule_choices, blocks)
def test_adding_a_block_never_allows_anything(patron: Patron, item: Item, loans: list[Loan], chosen: LoanRules, block: Block) -> None:
    blocked = replace(patron, blocks=(*patron.blocks, block))
    before = decide_checkout(patron, item, loans, chosen, today=TODAY)
    after = decide_checkout(blocked, item, loans, chosen, today=TODAY)
    assert set(before.reasons) <= set(after.reasons)


@given(patrons, items, loan_lists, rule_choices, st.data())
def test_the_order_of_loans_and_blocks_changes_no_reason(
    patron: Patron, item: Item, loans: list[Loan], chosen: LoanRules, data: st.DataObject
) -> None:
    shuffled = replace(patron, blocks=tuple(data.draw(st.permutations(patron.blocks))))
    before = decide_checkout(patron, item, loans, chosen, today=TODAY)
    after = decide_checkout(shuffled, item, data.draw(st.permutations(loans)), chosen, today=TODAY)
    assert set(before.reasons) == set(after.reasons)


@given(patrons, items, loan_lists, rule_choices)
def test_one_more_loan_never_allows_anything(patron: Patron, item: Item, loans: list[Loan], chosen: LoanRules) -> None:
    before = decide_checkout(patron, item, loans, chosen, today=TODAY)
    after = decide_checkout(patron, item, [*loans, a_loan(kind=item.kind)], chosen, today=TODAY)
    assert set(before.reasons) <= set(after.reasons)


@given(patrons, items, loan_lists, rule_choices)
def test_a_higher_limit_never_forbids_anything(patron: Patron, item: Item, loans: list[Loan], chosen: LoanRules) -> None:
    before = decide_checkout(patron, item, loans, chosen, today=TODAY)
    after = decide_checkout(patron, item, loans, replace(chosen, total=chosen.total + 1), today=TODAY)
    assert set(after.reasons) <= set(before.reasons)


@given(patrons, items, loan_lists, rule_choices)
def test_no_reason_is_told_twice(patron: Patron, item: Item, loans: list[Loan], chosen: LoanRules) -> None:
    reasons = decide_checkout(patron, item, loans, chosen, today=TODAY).reasons
    assert len(reasons) == len(set(reasons))


@given(patrons, items, loan_lists, rule_choices)
def test_what_is_allowed_stays_within_the_limits(patron: Patron, item: Item, loans: list[Loan], chosen: LoanRules) -> None:
    if decide_checkout(patron, item, loans, chosen, today=TODAY).allowed:
        after = [*loans, a_loan(kind=item.kind)]
        ordinary = sum(loan.kind not in chosen.extra for loan in after)
        assert item.kind in chosen.extra or ordinary <= chosen.total
        assert all(sum(loan.kind == kind for loan in after) <= limit for kind, limit in chosen.extra.items() if kind is item.kind)


@given(patrons, items, loan_lists, rule_choices, st.sampled_from(["mine", "theirs"]))
def test_an_item_on_loan_is_never_lent_again(patron: Patron, item: Item, loans: list[Loan], chosen: LoanRules, whose: str) -> None:
    borrower = patron.id if whose == "mine" else uuid4()
    assert not decide_checkout(patron, item, loans, chosen, lent_to=a_loan(item=item.id, patron=borrower), today=TODAY).allowed


def _reasons(
    patron: Patron | None = None,
    item: Item | None = None,
    loans: list[Loan] | None = None,
    rules_in_force: LoanRules | None = None,
) -> tuple[Reason, ...]:
    return decide_checkout(patron or a_patron(), item or an_item(), loans or [], rules_in_force or rules(), today=TODAY).reasons
