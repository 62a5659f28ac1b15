"""What staff may decide of a case, and what speaks against it. Pure.

A decision is a change of the registry and, where a row asks, that row once more through the pipeline that it came by:
nothing is written twice, and nothing is taken over but by a decision (R9).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, unique

from circulation.ids import PatronId
from registry.cases.kinds import CaseKind


@unique
class Decision(StrEnum):
    """What staff decide: stable codes, the sentences stand in the catalogue as ``case.decision.<code>``."""

    KEEP_NAME = "keep_name"
    """The library's name stays (R16)."""
    TAKE_NAME = "take_name"
    """The sent name becomes the library's."""
    OTHER_PERSON = "other_person"
    """The row is about somebody else: what it bound is undone."""
    REFUSE_ROW = "refuse_row"
    """The registry is right: nothing of the row is taken, the sender is asked."""
    TAKE_BIRTH_DATE = "take_birth_date"
    """The row is right: the birth date on record is corrected, and the row runs again."""
    TWO_PERSONS = "two_persons"
    """Two people, one of them with a wrong national ID: nothing of the row is taken, the sender is asked."""
    GIVE_NUMBER = "give_number"
    """The number is the one's who asks: the other's card ends, and the row runs again (R9)."""
    LEAVE_NUMBER = "leave_number"
    """The number is the other's: nothing is bound, the sender is asked (R9)."""
    KEEP_CARD = "keep_card"
    """The card on record stays (R15)."""
    BIND_ANYWAY = "bind_anyway"
    """The row's number is the right one after all: it is bound, and replaces the card on record (R15)."""
    BIND_AS_WRITTEN = "bind_as_written"
    """The number is another card than the one it looks like in another form."""
    MERGE = "merge"
    """One person: the two accounts become one."""
    NOT_DUPLICATE = "not_duplicate"
    """Two people: never asked again."""
    CAME_TO_DESK = "came_to_desk"
    """The person has applied at a desk."""
    APPROVE_BATCH = "approve_batch"
    DISCARD_BATCH = "discard_batch"
    KEEP_AS_IS = "keep_as_is"
    UNDO_ANYWAY = "undo_anyway"
    LET_STAND = "let_stand"
    """What the kiosk did is right, whatever spoke against it. The promised date stands."""
    SPOKEN_TO = "spoken_to"
    """It stands, and the patron has been told or asked."""
    LOOKED_AT = "looked_at"
    """Somebody looked, and there is nothing to do."""
    PUT_RIGHT = "put_right"
    """What was missing or wrong has been put right where it belongs, such as in the catalogue."""
    END_LOAN = "end_loan"
    """The item is here: the loan is over. It counts as returned on no day, so that it is never late."""
    END_OTHER_LOAN = "end_other_loan"
    """The item had come back before it was lent again: the earlier loan is over, and never late."""
    NOT_THIS_PATRON = "not_this_patron"
    """Somebody else borrowed: the patron no longer has the loan, and the item is missing."""

    @property
    def changes(self) -> bool:
        """Whether the registry is another one afterwards."""
        return self not in _LEAVE


_LEAVE = frozenset(
    {
        *(Decision.KEEP_NAME, Decision.REFUSE_ROW, Decision.TWO_PERSONS, Decision.LEAVE_NUMBER, Decision.KEEP_CARD),
        *(Decision.NOT_DUPLICATE, Decision.CAME_TO_DESK, Decision.KEEP_AS_IS),
        *(Decision.LET_STAND, Decision.SPOKEN_TO, Decision.LOOKED_AT, Decision.PUT_RIGHT),
    }
)

ALLOWED: Mapping[CaseKind, tuple[Decision, ...]] = {
    CaseKind.NAME_DIFFERS: (Decision.KEEP_NAME, Decision.TAKE_NAME, Decision.OTHER_PERSON),
    CaseKind.BIRTH_DATE_DIFFERS: (Decision.REFUSE_ROW, Decision.TAKE_BIRTH_DATE, Decision.TWO_PERSONS),
    CaseKind.NUMBER_BOUND_ELSEWHERE: (Decision.LEAVE_NUMBER, Decision.GIVE_NUMBER),
    CaseKind.NUMBER_REPLACED: (Decision.KEEP_CARD, Decision.BIND_ANYWAY),
    CaseKind.NUMBER_FORMS_MATCH: (Decision.REFUSE_ROW, Decision.BIND_AS_WRITTEN),
    CaseKind.REISSUE_OLDER: (Decision.KEEP_CARD, Decision.BIND_ANYWAY),
    CaseKind.POSSIBLE_DUPLICATE: (Decision.NOT_DUPLICATE, Decision.MERGE),
    CaseKind.MISSING_ID: (Decision.CAME_TO_DESK, Decision.REFUSE_ROW),
    CaseKind.BATCH_UNUSUAL: (Decision.APPROVE_BATCH, Decision.DISCARD_BATCH),
    CaseKind.FAMILY_ACCOUNT: (Decision.REFUSE_ROW, Decision.CAME_TO_DESK),
    CaseKind.CHANGED_SINCE: (Decision.KEEP_AS_IS, Decision.UNDO_ANYWAY),
    CaseKind.LENT_TWICE: (Decision.LET_STAND, Decision.SPOKEN_TO, Decision.END_OTHER_LOAN, Decision.END_LOAN),
    CaseKind.LENT_BY_CARD_IN_DOUBT: (Decision.LET_STAND, Decision.SPOKEN_TO, Decision.END_LOAN, Decision.NOT_THIS_PATRON),
    CaseKind.LENT_AGAINST_RULES: (Decision.LET_STAND, Decision.SPOKEN_TO, Decision.END_LOAN),
    CaseKind.LENT_UNKNOWN: (Decision.LOOKED_AT, Decision.PUT_RIGHT),
    CaseKind.RENEWED_IN_DOUBT: (Decision.LET_STAND, Decision.SPOKEN_TO, Decision.END_LOAN),
    CaseKind.RETURNED_UNKNOWN: (Decision.LOOKED_AT, Decision.PUT_RIGHT),
    CaseKind.RETURNED_OF_SEVERAL: (Decision.LOOKED_AT, Decision.SPOKEN_TO),
    CaseKind.RETURNED_STILL_LENT: (Decision.LET_STAND, Decision.END_LOAN),
    CaseKind.LOSS_IN_DOUBT: (Decision.LOOKED_AT, Decision.SPOKEN_TO, Decision.PUT_RIGHT),
    CaseKind.LENT_HEARD_LATE: (Decision.LET_STAND, Decision.END_LOAN),
    CaseKind.LEDGER_RESTORED: (Decision.LOOKED_AT, Decision.PUT_RIGHT),
    CaseKind.ACCOUNT_MERGED: (Decision.LOOKED_AT, Decision.PUT_RIGHT),
}
"""Every kind of case with what may be decided of it, the one that changes nothing first."""

_RUNS_ROW = frozenset({Decision.TAKE_BIRTH_DATE, Decision.BIND_ANYWAY, Decision.BIND_AS_WRITTEN})


@unique
class CaseRefusal(StrEnum):
    """Why a case is not decided so, or a decision not undone: stable codes, ``case.refused.<code>`` in the catalogue."""

    NO_SUCH_CASE = "case_unknown"
    """There is none of this key, or another branch's: nobody learns which."""
    ALREADY_DECIDED = "case_already_decided"
    NOT_ALLOWED = "case_decision_not_allowed"
    REASON_MISSING = "case_reason_missing"
    OWN_CASE = "case_own"
    """It wants a second person, and this is the first one."""
    MOVED_SINCE = "case_moved_since"
    """What is on record is no longer what the case shows: look again, such as at the patron."""
    ROW_MISSING = "case_row_missing"
    """The case carries no row that could run again."""
    SURVIVOR_MISSING = "case_survivor_missing"
    """One of the case's two accounts must be named as the one that stays."""
    BATCH_GONE = "case_batch_gone"
    """The batch no longer waits, or nobody says any more that it is unusual."""
    NOT_DECIDED = "case_not_decided"
    NOT_TO_BE_UNDONE = "case_not_to_be_undone"
    """A batch is undone as a batch; what changed nothing is asked again by loading the row again."""
    TERM_OVER = "case_term_over"
    CONTRADICTED = "case_contradicted"
    """Something since stands on the decision: undoing it would undo that too."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a decision looks at of a case."""

    kind: CaseKind
    opened_by: str
    patron: PatronId | None
    other_patron: PatronId | None
    is_settled: bool
    asks: Mapping[str, str] = field(repr=False)
    known: Mapping[str, str | None] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is on record today. ``card`` is the patron's number of the kind that the case is about, ``owner`` has the number that is asked for."""

    patron_there: bool = False
    other_there: bool = False
    name: str | None = field(default=None, repr=False)
    birth_date: date | None = None
    card: str | None = field(default=None, repr=False)
    owner: PatronId | None = None
    former: PatronId | None = None
    loan_open: bool = False
    """Whether the loan that a fact is about is still open; ``other_open``: the one that it collides with."""
    other_open: bool = False


def decide_case(  # noqa: PLR0913 - a case, a decision and what both are judged by
    case: Question,
    decision: Decision,
    *,
    standing: Standing,
    because: str,
    by: str,
    carries_row: bool,
    two_persons: bool,
) -> tuple[CaseRefusal, ...]:
    """Every reason against a decision.

    Args:
        case: the case.
        decision: what somebody wants to decide.
        standing: what is on record today.
        because: what they write as the reason.
        by: who decides.
        carries_row: whether the case has a whole row that can run again.
        two_persons: whether the library wants a second person for merging.

    """
    if case.is_settled:
        return (CaseRefusal.ALREADY_DECIDED,)
    if decision not in ALLOWED[case.kind]:
        return (CaseRefusal.NOT_ALLOWED,)
    second = decision is Decision.APPROVE_BATCH or (decision is Decision.MERGE and two_persons)
    against = {
        CaseRefusal.REASON_MISSING: not because,
        CaseRefusal.OWN_CASE: second and by == case.opened_by,
        CaseRefusal.MOVED_SINCE: decision.changes and not _fits(case, decision, standing),
        CaseRefusal.ROW_MISSING: decision in _runs_row(case) and not carries_row,
    }
    return tuple(code for code, holds in against.items() if holds)


def _fits(case: Question, decision: Decision, standing: Standing) -> bool:
    """Whether what is on record is still what the case shows, as far as the decision stands on it."""
    same_card = "card" not in case.known or standing.card == case.known["card"]
    match decision:
        case Decision.TAKE_NAME:
            return standing.patron_there and standing.name == case.known.get("name")
        case Decision.OTHER_PERSON:
            return standing.patron_there
        case Decision.TAKE_BIRTH_DATE:
            on_record = None if standing.birth_date is None else standing.birth_date.isoformat()
            return standing.patron_there and on_record == case.known.get("birth_date")
        case Decision.GIVE_NUMBER:
            return case.other_patron is not None and case.other_patron == (standing.owner or standing.former) and same_card
        case Decision.BIND_ANYWAY | Decision.BIND_AS_WRITTEN:
            return standing.owner in {None, case.patron} and same_card
        case Decision.END_LOAN | Decision.NOT_THIS_PATRON:
            return standing.loan_open
        case Decision.END_OTHER_LOAN:
            return standing.other_open
        case Decision.MERGE:
            return (standing.other_there or case.other_patron is None) and (standing.patron_there or case.patron is None)
    return True


def _runs_row(case: Question) -> frozenset[Decision]:
    """What can be decided only where there is a row to run; of two accounts on record none is needed."""
    runs = _RUNS_ROW if case.patron is not None else _RUNS_ROW | {Decision.GIVE_NUMBER}
    return runs if case.patron is not None and case.other_patron is not None else runs | {Decision.MERGE}


def decide_undo(*, is_settled: bool, until: datetime | None, because: str, contradicted: bool, now: datetime) -> tuple[CaseRefusal, ...]:
    """Every reason against undoing a decision. ``until`` (aware UTC) is none when nothing is kept to undo it by."""
    if not is_settled:
        return (CaseRefusal.NOT_DECIDED,)
    if until is None:
        return (CaseRefusal.NOT_TO_BE_UNDONE,)
    against = {
        CaseRefusal.REASON_MISSING: not because,
        CaseRefusal.TERM_OVER: now > until,
        CaseRefusal.CONTRADICTED: contradicted,
    }
    return tuple(code for code, holds in against.items() if holds)
