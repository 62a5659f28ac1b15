"""Which question a flagged fact puts to staff. Pure: one fact, one case, by what a person must look at first."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from circulation.facts import CardReportedLost, CheckedIn, CheckedOut, LedgerRestored, Renewed
from circulation.reasons import Reason
from registry.cases.kinds import CaseKind
from registry.exchange.outcomes import Outcome

_NOT_ON_RECORD = frozenset({Reason.PATRON_UNKNOWN, Reason.ITEM_UNKNOWN, Reason.LOAN_UNKNOWN})
_CARDS = frozenset({Reason.CARD_UNKNOWN, Reason.CARD_LOST})
_OF_RETURNS: Mapping[Reason, CaseKind] = MappingProxyType(
    {Reason.LOAN_STAYS_OPEN: CaseKind.RETURNED_STILL_LENT, Reason.SEVERAL_LOANS: CaseKind.RETURNED_OF_SEVERAL}
)


def question_of(outcome: Outcome) -> CaseKind:
    """The kind of case that a flagged fact becomes; of several reasons the one that a person must look at first."""
    reasons = set(outcome.reasons)
    if reasons == {Reason.PATRON_MERGED}:
        return CaseKind.ACCOUNT_MERGED
    match None if outcome.arrival.envelope is None else outcome.arrival.envelope.fact:
        case CheckedIn():
            return next((kind for reason, kind in _OF_RETURNS.items() if reason in reasons), CaseKind.RETURNED_UNKNOWN)
        case Renewed():
            return CaseKind.LENT_UNKNOWN if reasons & _NOT_ON_RECORD else CaseKind.RENEWED_IN_DOUBT
        case LedgerRestored():
            return CaseKind.LEDGER_RESTORED
        case CardReportedLost():
            return CaseKind.LOSS_IN_DOUBT
        case CheckedOut():
            return _lent(outcome, reasons)
    return CaseKind.LENT_UNKNOWN


def _lent(outcome: Outcome, reasons: Collection[Reason]) -> CaseKind:
    if _NOT_ON_RECORD.intersection(reasons):
        return CaseKind.LENT_UNKNOWN
    if outcome.collides_with is not None:
        return CaseKind.LENT_TWICE
    if Reason.RETURNED_SINCE in reasons:
        return CaseKind.LENT_HEARD_LATE
    return CaseKind.LENT_BY_CARD_IN_DOUBT if _CARDS.intersection(reasons) else CaseKind.LENT_AGAINST_RULES
