"""A loan as the patron sees it."""

from datetime import date

from circulation.loans import Loan
from circulation.reasons import Reason
from circulation.rules import LoanRules
from kiosk.view import LoanLine, RenewalState


def loan_line(  # noqa: PLR0913 - what a line is made of
    loan: Loan, rules: LoanRules | None, renewal: RenewalState, reasons: tuple[Reason, ...] = (), *, number: int = 1, today: date
) -> LoanLine:
    """The line of a loan, with its title: who shows it takes that away before the PIN (R21)."""
    left = max(0, rules.renewals - loan.renewals) if rules is not None and loan.kind in rules.renewal_days else None
    overdue = loan.is_overdue(today=today)
    return LoanLine(number, loan.id, loan.title, loan.kind, loan.due, overdue, renewal, left, reasons)
