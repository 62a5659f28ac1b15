"""Lending one item. Decided here and now, online or not: there is no second path. The loan and its fact are one transaction."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from circulation.facts import CheckedOut
from circulation.ids import LoanId, PatronId
from circulation.item_life import ItemEvent, after
from circulation.items import Item
from circulation.loans import Loan
from circulation.opening_days import NoOpenDayError
from circulation.policy import decide_checkout, due_date
from circulation.reasons import Decision, Reason
from circulation.rules import LoanRules
from kiosk.known import KnownItem
from kiosk.offline import Pace, decide_offline
from kiosk.overlay import lent_to
from kiosk.recorder import Recorder
from kiosk.terms import Terms
from kiosk.view import Line, LineState
from kiosk.visit import Visit

__all__ = ["Terms", "check_out", "lent_offline"]


def check_out(visit: Visit, barcode: str, known: KnownItem | None, terms: Terms, *, recorder: Recorder) -> Visit:
    """Lend an item, or say every reason why not: the visit with its new line.

    When this returns with a borrowed line, the loan and its fact are on disk.

    Raises:
        LedgerUnwritableError: nothing happened.

    """
    number = visit.scanned + 1
    if known is None:
        return visit.with_line(Line(number, LineState.REFUSED, "", barcode, reasons=(Reason.ITEM_UNKNOWN,)))
    of_item = lent_to(visit.patron.id, known.loans, recorder.ledger.local_loans_of_item(known.item.id))
    item = known.item
    rules = terms.rules_for(visit.patron)
    decision = decide_checkout(visit.patron, item, visit.loans, rules, lent_to=of_item, today=terms.today)
    due = _due(item, rules, terms)
    reasons = tuple(dict.fromkeys(_reasons(decision, _decide_offline(visit, terms, recorder), due)))
    if reasons or due is None:
        return visit.with_line(Line(number, LineState.REFUSED, item.title, barcode, due=_due_if_mine(visit, of_item), reasons=reasons))
    of = LoanId(recorder.new_key()), visit.patron.id, item.id, item.title, item.kind, due, recorder.now()
    loan = Loan(*of, barcode=item.barcode, branch=item.branch)
    _write(visit, item, loan, terms, recorder)
    line = Line(number, LineState.BORROWED, item.title, barcode, loan=loan.id, due=due)
    return replace(visit, loans=(*visit.loans, loan)).with_line(line)


def lent_offline(patron: PatronId, terms: Terms, recorder: Recorder) -> tuple[int, Pace]:
    """What was lent to a patron since the feed was last verified, and what was lent in the last hour; a fresh feed asks for neither."""
    if terms.is_fresh:
        return 0, Pace()
    ledger = recorder.ledger
    hurried = terms.limits.patron_per_hour is not None or terms.limits.kiosk_per_hour is not None
    return ledger.lent_in_period(patron, terms.period), ledger.lent_lately(patron, recorder.now()) if hurried else Pace()


def _decide_offline(visit: Visit, terms: Terms, recorder: Recorder) -> Decision:
    lent, pace = lent_offline(visit.patron.id, terms, recorder)
    return decide_offline(terms.standing, terms.limits, lent_in_period=lent, regular_here=visit.patron.regular_here, pace=pace)


def _reasons(decision: Decision, offline: Decision, due: date | None) -> Iterator[Reason]:
    yield from decision.reasons
    if due is None:
        yield Reason.NO_RULES
    yield from offline.reasons


def _due(item: Item, rules: LoanRules | None, terms: Terms) -> date | None:
    """The promise; none where the library's rules or calendar give none."""
    if rules is None or terms.library.opening_days is None or item.kind not in rules.days:
        return None
    try:
        return due_date(item, rules, terms.library.opening_days, today=terms.today)
    except NoOpenDayError:
        return None


def _due_if_mine(visit: Visit, lent: Loan | None) -> date | None:
    return lent.due if lent is not None and lent.patron == visit.patron.id else None


def _write(visit: Visit, item: Item, loan: Loan, terms: Terms, recorder: Recorder) -> None:
    fact = CheckedOut(loan.id, loan.patron, loan.item, loan.due, terms.rules_version, visit.card, not terms.is_fresh)
    with recorder.ledger.unit_of_work() as work:
        seq = work.next_seq()
        work.add_loan(loan, seq=seq, period=terms.period)
        status = after(item.status, ItemEvent.CHECKED_OUT)
        if status is not item.status:
            work.shelve(item.id, status, seq=seq)
        work.append(recorder.envelope(fact, seq=seq, at=loan.lent_at, correlation=visit.correlation))
        work.commit()
