"""Withdrawal and the end of an account: what stays, what goes, what is waited for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import CardKind
from circulation.patrons import PatronClass
from registry.cards.store import CardSource
from registry.enrolment.basis import Basis
from registry.people.ages import Signer
from registry.people.leaving import (
    HeldCard,
    Open,
    WithdrawalOutcome,
    closes,
    decide_completion,
    decide_end,
    decide_withdrawal,
    is_student_card,
)

EASYCARD, IPASS = CardKind.EASYCARD, CardKind.IPASS
counts = st.integers(0, 2)
open_things = st.builds(Open, counts, counts, counts, counts, counts, counts)


@pytest.mark.parametrize(
    ("card", "is_student"),
    [
        (HeldCard(EASYCARD, CardSource.ROSTER), True),
        (HeldCard(EASYCARD, CardSource.ROSTER, replaced_another=True), True),
        (HeldCard(EASYCARD, CardSource.LIBRARY), True),
        (HeldCard(EASYCARD, CardSource.DESK, replaced_another=True), True),
        (HeldCard(EASYCARD, CardSource.DESK), False),
        *((HeldCard(kind, source), False) for kind in CardKind if kind is not EASYCARD for source in CardSource),
    ],
)
def test_r11_the_student_card_is_the_easycard_unless_a_desk_bound_it_as_a_first_one(card: HeldCard, *, is_student: bool) -> None:
    assert is_student_card(card) is is_student


@pytest.mark.parametrize(
    ("basis", "own_cards", "ends"),
    [(Basis.PROGRAMME, 0, True), (Basis.PROGRAMME, 1, False), (Basis.BEFORE, 0, False), (Basis.DESK, 0, False), (Basis.FAMILY, 0, False)],
)
def test_r11_an_account_ends_with_the_consent_only_if_nothing_else_carries_it(basis: Basis, own_cards: int, *, ends: bool) -> None:
    assert closes(basis, own_cards) is ends


def decided(  # noqa: PLR0913 - one optional argument a thing that is known
    *,
    patron_class: PatronClass = PatronClass.PERSONAL,
    in_programme: bool = True,
    pending: bool = False,
    signer: Signer | None = Signer.GUARDIAN,
    signed_by: Signer = Signer.GUARDIAN,
    guardian_may_sign: bool | None = None,
) -> list[str]:
    found = decide_withdrawal(
        patron_class,
        in_programme=in_programme,
        pending=pending,
        signer=signer,
        signed_by=signed_by,
        guardian_may_sign=guardian_may_sign,
    )
    return [str(code) for code in found]


def test_r11_a_consent_may_be_taken_back_at_any_time() -> None:
    assert decided() == decided(guardian_may_sign=True) == decided(signer=Signer.SELF, signed_by=Signer.SELF) == []


def test_r12_who_signs_a_withdrawal_is_who_must() -> None:
    assert decided(signer=Signer.SELF) == ["signer_wrong"]
    assert decided(signed_by=Signer.SELF) == ["signer_wrong"]
    assert decided(signer=None) == ["signer_unknown"]
    assert decided(guardian_may_sign=False) == ["guardian_not_linked"]


def test_every_reason_against_a_withdrawal_is_given() -> None:
    everything = decided(patron_class=PatronClass.FAMILY, in_programme=False, pending=True, signed_by=Signer.SELF, guardian_may_sign=False)
    assert everything == ["not_a_person", "not_in_programme", "withdrawal_pending", "guardian_not_linked", "signer_wrong"]


@pytest.mark.parametrize(
    ("left", "reasons"),
    [
        (Open(), []),
        (Open(loans=1), ["loans_open"]),
        (Open(debts=1), ["debts_open"]),
        (Open(holds_ready=1), ["hold_ready"]),
        (Open(questions=1), ["questions_open"]),
        (Open(1, 1, 1, 1, 1, 1), ["loans_open", "debts_open", "hold_ready", "questions_open"]),
    ],
)
def test_r8_an_account_does_not_end_while_something_is_open_and_every_reason_is_given(left: Open, reasons: list[str]) -> None:
    assert [str(code) for code in decide_end(left)] == reasons


@pytest.mark.parametrize(
    ("left", "closing", "outcome"),
    [
        (Open(), True, WithdrawalOutcome.ENDED),
        (Open(loans=1), True, None),
        (Open(debts=1), True, None),
        (Open(questions=1), True, None),
        (Open(holds_ready=1), True, WithdrawalOutcome.ENDED),
        (Open(), False, WithdrawalOutcome.STAYED),
        (Open(loans=1, earlier_loans=1), False, None),
        (Open(loans=1), False, WithdrawalOutcome.STAYED),
        (Open(debts=1, fees=1), False, None),
        (Open(debts=1), False, WithdrawalOutcome.STAYED),
    ],
)
def test_r11_loans_and_debts_are_settled_first(left: Open, outcome: WithdrawalOutcome | None, *, closing: bool) -> None:
    assert decide_completion(left, closing=closing, consented_again=False) is outcome


@given(left=open_things, closing=st.booleans())
def test_r11_a_newer_consent_ends_a_withdrawal_that_waits(left: Open, *, closing: bool) -> None:
    assert decide_completion(left, closing=closing, consented_again=True) is WithdrawalOutcome.SUPERSEDED


@given(left=open_things)
def test_r8_no_account_ends_with_a_loan_or_a_debt(left: Open) -> None:
    ended = decide_completion(left, closing=True, consented_again=False) is WithdrawalOutcome.ENDED
    assert not (ended and (left.loans or left.debts))
    assert (decide_end(left) == ()) is (left.loans == left.debts == left.holds_ready == left.questions == 0)
