"""My loans and holds as values for the screen. Pure. Titles leave here only when they may be shown (R21)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from circulation.holds import Hold, HoldState
from circulation.ids import LoanId
from circulation.policy import rules_for
from circulation.reasons import Reason
from kiosk.known import Library
from kiosk.loan_lines import loan_line
from kiosk.overlay import by_due_date
from kiosk.view import Account, HoldLine, LoanLine, Loans, RenewalState
from kiosk.visit import Visit


def loans_of(
    visit: Visit, account: Account, against_renewal: Mapping[LoanId, tuple[Reason, ...]], library: Library | None, *, today: date
) -> Loans:
    """The screen of a patron's own loans and holds. A loan that nothing is said of in ``against_renewal`` may be renewed."""
    lines = tuple(_loan_lines(visit, against_renewal, library, today))
    return Loans(
        account,
        lines,
        tuple(_hold_lines(visit, library, ready=True)),
        tuple(_hold_lines(visit, library, ready=False)),
        titles_hidden=not visit.titles_shown,
        can_renew=sum(line.renewal is RenewalState.POSSIBLE for line in lines),
    )


def _loan_lines(
    visit: Visit, against_renewal: Mapping[LoanId, tuple[Reason, ...]], library: Library | None, today: date
) -> Iterator[LoanLine]:
    rules = rules_for(visit.patron, library.rule_book.on(today)) if library else None
    became = {line.loan: line.renewal for line in visit.renewals}
    for number, loan in enumerate(by_due_date(visit.loans), start=1):
        reasons = against_renewal.get(loan.id, ())
        renewal = RenewalState.NOT_POSSIBLE if reasons else RenewalState.POSSIBLE
        match became.get(loan.id):
            case RenewalState.RENEWED:
                renewal, reasons = RenewalState.RENEWED, ()
            case RenewalState.REFUSED if reasons:
                renewal = RenewalState.REFUSED
            case _:
                pass
        line = loan_line(loan, rules, renewal, reasons, number=number, today=today)
        yield line if visit.titles_shown else replace(line, title="")


def _hold_lines(visit: Visit, library: Library | None, *, ready: bool) -> Iterator[HoldLine]:
    """What lies ready, or what is still waited for: first what a copy is on its way for."""
    holds = sorted((hold for hold in visit.holds if (hold.state is HoldState.READY) is ready), key=_soonest)
    for hold in holds:
        title = hold.title if visit.titles_shown else ""
        pickup = library.name_of(hold.pickup) if library else hold.pickup
        here = library is not None and hold.pickup == library.branch
        shelf = hold.shelf if ready else ""
        yield HoldLine(title, pickup, here, shelf, hold.until, hold.queue, hold.state)


def _soonest(hold: Hold) -> tuple[date, int, str]:
    return hold.until or date.max, hold.queue, str(hold.id)
