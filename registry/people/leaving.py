"""Withdrawing from the programme, and the end of an account (R11). Pure.

Loans and debts are settled first (R8): until then a withdrawal is pending, and an account that was asked to end does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, unique

from circulation.cards import CardKind
from circulation.patrons import PatronClass
from registry.cards.store import CardSource
from registry.enrolment.basis import Basis
from registry.people.ages import Signer
from registry.people.refusals import PeopleRefusal


@unique
class WithdrawalOutcome(StrEnum):
    """How a withdrawal ended."""

    STAYED = "stayed"
    """The programme's data are gone, the account stays."""
    ENDED = "ended"
    """The account ended with it."""
    SUPERSEDED = "superseded"
    """A newer consent came before nothing was open any more: everything stays."""


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card as its origin tells it: ``replaced_another`` says that it took the place of a card of its kind."""

    kind: CardKind
    source: CardSource
    replaced_another: bool = False


def is_student_card(card: HeldCard) -> bool:
    """Whether a card of somebody in the programme is the student ID, or stands for it.

    An account has one EasyCard (Q9-b) and a student ID is one (Q9-e): whatever EasyCard there was, it replaced (Q9-c). Only one
    that a desk bound where there was none is the person's own.
    """
    own = card.source is CardSource.DESK and not card.replaced_another
    return card.kind is CardKind.EASYCARD and not own


@dataclass(frozen=True, slots=True)
class Open:
    """What stands open on an account. ``debts`` are blocks that stand: money owed, days served, a librarian's; ``fees`` are the first of these.

    ``earlier_loans`` are those of the loans that were made before the withdrawal came.
    """

    loans: int = 0
    earlier_loans: int = 0
    debts: int = 0
    fees: int = 0
    holds_ready: int = 0
    questions: int = 0


def decide_end(left: Open) -> tuple[PeopleRefusal, ...]:
    """Every reason why an account can't end now."""
    return tuple(_against_end(left))


def _against_end(left: Open) -> Iterator[PeopleRefusal]:
    if left.loans:
        yield PeopleRefusal.LOANS_OPEN
    if left.debts:
        yield PeopleRefusal.DEBTS_OPEN
    if left.holds_ready:
        yield PeopleRefusal.HOLD_READY
    if left.questions:
        yield PeopleRefusal.QUESTIONS_OPEN


def closes(basis: Basis, own_cards: int) -> bool:
    """Whether the account ends with the consent: nothing else carries it, and it has no card but the student ID (R11)."""
    return not basis.outlives_the_programme and own_cards == 0


def decide_withdrawal(  # noqa: PLR0913 - what is known of an account and a form
    patron_class: PatronClass,
    *,
    in_programme: bool,
    pending: bool,
    signer: Signer | None,
    signed_by: Signer,
    guardian_may_sign: bool | None,
) -> tuple[PeopleRefusal, ...]:
    """Every reason against taking a consent back.

    Args:
        patron_class: whose account it is.
        in_programme: whether there is a consent, or data of the programme.
        pending: whether one has been taken back already and waits.
        signer: who must sign today (``decide_signer``).
        signed_by: who did.
        guardian_may_sign: whether the named guardian is linked and may sign; none when nobody was named.

    """
    found = [PeopleRefusal.NOT_A_PERSON] if patron_class is PatronClass.FAMILY else []
    if not in_programme:
        found.append(PeopleRefusal.NOT_IN_PROGRAMME)
    if pending:
        found.append(PeopleRefusal.WITHDRAWAL_PENDING)
    if guardian_may_sign is False:
        found.append(PeopleRefusal.GUARDIAN_NOT_LINKED)
    return (*found, *signature_faults(signer, signed_by))


def signature_faults(signer: Signer | None, signed_by: Signer) -> tuple[PeopleRefusal, ...]:
    """Whether the right person signed (R12)."""
    if signer is None:
        return (PeopleRefusal.SIGNER_UNKNOWN,)
    return () if signed_by is signer else (PeopleRefusal.SIGNER_WRONG,)


def decide_completion(left: Open, *, closing: bool, consented_again: bool) -> WithdrawalOutcome | None:
    """What becomes of a pending withdrawal now; nothing while something is open.

    An account that stays goes on lending: only what was open when the consent was taken back is waited for. One that ends waits
    for everything; ready holds ended when it began to close.
    """
    if consented_again:
        return WithdrawalOutcome.SUPERSEDED
    if closing:
        return None if left.loans or left.debts or left.questions else WithdrawalOutcome.ENDED
    return None if left.earlier_loans or left.fees else WithdrawalOutcome.STAYED
