"""Lending one item. Decided here and now, online or not: there is no second path. The loan and its fact are one transaction."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from circulation.facts import CheckedOut
from circulation.ids import LoanId
from circulation.items import Item
from circulation.loans import Loan
from circulation.opening_days import NoOpenDayError
from circulation.policy import decide_checkout, due_date, rules_for
from circulation.reasons import Decision, Reason
from circulation.rules import LoanRules
from kiosk.known import KnownItem, Library
from kiosk.offline import OfflineLimits, Standing, decide_offline
from kiosk.overlay import lent_to
from kiosk.recorder import Recorder
from kiosk.view import Line, LineState
from kiosk.visit import Visit


@dataclass(frozen=True, slots=True)
class Terms:
    """What a checkout is decided by, apart from patron and item. ``period``: when the feed was last verified (aware UTC)."""

    library: Library
    today: date
    limits: OfflineLimits
    standing: Standing
    period: datetime | None

    @property
    def rules_version(self) -> int:
        """The version of the rule set in force; 0 when the library has not said."""
        rule_set = self.library.rule_book.on(self.today)
        return 0 if rule_set is None else rule_set.version


def check_out(visit: Visit, barcode: str, known: KnownItem | None, terms: Terms, *, recorder: Recorder) -> Visit:
    """Lend an item, or say every reason why not: the visit with its new line.

    When this returns with a borrowed line, the loan and its fact are on disk.

    Raises:
        LedgerUnwritableError: nothing happened.

    """
    number = visit.scanned + 1
    if known is None:
        return visit.with_line(Line(number, LineState.REFUSED, "", barcode, reasons=(Reason.ITEM_UNKNOWN,)))
    item = known.item
    of_item = lent_to(visit.patron.id, known.loans, recorder.ledger.local_loans_of_item(item.id))
    rules = rules_for(visit.patron, terms.library.rule_book.on(terms.today))
    decision = decide_checkout(visit.patron, item, visit.loans, rules, lent_to=of_item, today=terms.today)
    due = _due(item, rules, terms)
    reasons = tuple(dict.fromkeys(_reasons(decision, _decide_offline(visit, terms, recorder), due)))
    if reasons or due is None:
        return visit.with_line(Line(number, LineState.REFUSED, item.title, barcode, due=_due_if_mine(visit, of_item), reasons=reasons))
    loan = Loan(LoanId(recorder.new_key()), visit.patron.id, item.id, item.title, item.kind, due, recorder.now())
    _write(visit, loan, terms, recorder)
    line = Line(number, LineState.BORROWED, item.title, barcode, loan=loan.id, due=due)
    return replace(visit, loans=(*visit.loans, loan)).with_line(line)


def _decide_offline(visit: Visit, terms: Terms, recorder: Recorder) -> Decision:
    fresh = terms.standing.is_fresh(terms.limits)
    lent = 0 if fresh else recorder.ledger.lent_in_period(visit.patron.id, terms.period)
    return decide_offline(terms.standing, terms.limits, lent_in_period=lent, regular_here=visit.patron.regular_here)


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


def _write(visit: Visit, loan: Loan, terms: Terms, recorder: Recorder) -> None:
    offline = not terms.standing.is_fresh(terms.limits)
    fact = CheckedOut(loan.id, loan.patron, loan.item, loan.due, terms.rules_version, visit.card, offline)
    with recorder.ledger.unit_of_work() as work:
        seq = work.next_seq()
        work.add_loan(loan, seq=seq, period=terms.period)
        work.append(recorder.envelope(fact, seq=seq, at=loan.lent_at, correlation=visit.correlation))
        work.commit()
