"""Keeping an item longer. Decided here and now as lending is; the new due date and its fact are one transaction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from circulation.facts import Renewed
from circulation.ids import LoanId
from circulation.loans import Loan
from circulation.opening_days import NoOpenDayError
from circulation.patrons import Patron
from circulation.reasons import Decision, Reason
from circulation.renewals import decide_renewal, renewed_due_date
from kiosk.loan_lines import loan_line
from kiosk.offline import decide_offline_renewal
from kiosk.recorder import Recorder
from kiosk.terms import Terms
from kiosk.view import RenewalState
from kiosk.visit import Visit


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a renewal would come to: the new due date, or every reason why not."""

    due: date | None
    reasons: tuple[Reason, ...]


def propose(patron: Patron, loan: Loan, terms: Terms, *, renewed_in: datetime | None) -> Proposal:
    """Decide about a renewal. ``renewed_in``: the offline period in which this loan was last renewed here."""
    rules = terms.rules_for(patron)
    due = None
    if rules is not None and terms.library.opening_days is not None and loan.kind in rules.renewal_days:
        try:
            due = renewed_due_date(loan, rules, terms.library.opening_days, today=terms.today)
        except NoOpenDayError:
            due = None
    decision = decide_renewal(patron, loan, rules, today=terms.today)
    in_period = renewed_in is not None and renewed_in == terms.period
    offline = decide_offline_renewal(terms.standing, terms.limits, renewed_in_period=in_period)
    gains = due is None or due > loan.due
    reasons = tuple(dict.fromkeys(_reasons(decision, due, offline, gains=gains)))
    return Proposal(None if reasons else due, reasons)


def _reasons(decision: Decision, due: date | None, offline: Decision, *, gains: bool) -> Iterator[Reason]:
    yield from decision.reasons
    if due is None and Reason.KIND_NOT_RENEWABLE not in decision.reasons:
        yield Reason.NO_RULES
    if not gains and decision.allowed:
        yield Reason.NO_DAYS_GAINED
    yield from offline.reasons


def renewed_here(patron: Patron, recorder: Recorder) -> Mapping[LoanId, datetime]:
    """The offline periods in which the patron's loans were renewed here.

    Raises:
        LedgerUnwritableError: the ledger can't be read.

    """
    rows = recorder.ledger.local_loans_of_patron(patron.id)
    return {one.loan.id: one.renewed_in for one in rows if one.renewed_in is not None}


def renew(visit: Visit, loan_id: LoanId, terms: Terms, *, recorder: Recorder) -> Visit:
    """Renew a loan of the patron who is here, or say every reason why not; one that was renewed in this visit is left alone.

    When this returns with a renewed line, the new due date and its fact are on disk.

    Raises:
        LedgerUnwritableError: nothing happened.

    """
    loan = visit.loan(loan_id)
    if loan is None or visit.is_renewed(loan_id):
        return visit
    rules = terms.rules_for(visit.patron)
    proposal = propose(visit.patron, loan, terms, renewed_in=renewed_here(visit.patron, recorder).get(loan_id))
    if proposal.due is None:
        return visit.with_renewal(loan, loan_line(loan, rules, RenewalState.REFUSED, proposal.reasons, today=terms.today))
    renewed = replace(loan, due=proposal.due, renewals=loan.renewals + 1)
    fact = Renewed(loan.id, loan.patron, proposal.due, terms.rules_version, visit.card, not terms.is_fresh)
    with recorder.ledger.unit_of_work() as work:
        seq = work.next_seq()
        work.renew(renewed, seq=seq, period=terms.period)
        work.append(recorder.envelope(fact, seq=seq, at=recorder.now(), correlation=visit.correlation))
        work.commit()
    return visit.with_renewal(renewed, loan_line(renewed, rules, RenewalState.RENEWED, today=terms.today))


def renew_all(visit: Visit, terms: Terms, *, recorder: Recorder) -> Visit:
    """Renew whatever may be renewed, each loan in a transaction of its own; nothing is said of the others.

    Raises:
        LedgerUnwritableError: what was renewed before stays renewed.

    """
    periods = renewed_here(visit.patron, recorder)
    for loan in visit.loans:
        if propose(visit.patron, loan, terms, renewed_in=periods.get(loan.id)).due is not None:
            visit = renew(visit, loan.id, terms, recorder=recorder)
            terms = replace(terms, standing=replace(terms.standing, unsent=terms.standing.unsent + 1))
    return visit
