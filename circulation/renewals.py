"""Decisions about renewals. Source: the library's FAQ of 2016 (twice, 30 days from the day of renewal; not overdue, not held for another, not audio-visual)."""

from collections.abc import Iterator
from datetime import date, timedelta

from circulation.loans import Loan
from circulation.opening_days import OpeningDays
from circulation.patrons import Patron
from circulation.reasons import Decision, Reason
from circulation.rules import LoanRules


def decide_renewal(patron: Patron, loan: Loan, rules: LoanRules | None, *, today: date) -> Decision:
    """Decide whether the patron may keep the item longer; every reason is reported.

    Args:
        patron: who has it.
        loan: the open loan; of another patron it is refused as unknown.
        rules: the rules in force for the patron's class; none means the library has not said.
        today: the library's local date.

    """

    def reasons() -> Iterator[Reason]:
        if loan.patron != patron.id:
            yield Reason.LOAN_UNKNOWN
        if patron.expires is not None and patron.expires < today:
            yield Reason.PATRON_EXPIRED
        yield from dict.fromkeys(block.code.refusal for block in patron.blocks if block.stands(today=today))
        if loan.is_overdue(today=today):
            yield Reason.LOAN_OVERDUE
        if loan.wanted:
            yield Reason.HELD_FOR_ANOTHER
        if rules is None:
            yield Reason.NO_RULES
        elif loan.kind not in rules.renewal_days:
            yield Reason.KIND_NOT_RENEWABLE
        elif loan.renewals >= rules.renewals:
            yield Reason.RENEWALS_USED_UP

    return Decision(tuple(reasons()))


def renewed_due_date(loan: Loan, rules: LoanRules, opening_days: OpeningDays, *, today: date) -> date:
    """The last day after a renewal made today, counted from today and moved to the next open day; never before the old one.

    Raises:
        KeyError: this kind is not renewed.
        NoOpenDayError: the calendar is closed for two years.

    """
    return max(loan.due, opening_days.open_day_from(today + timedelta(days=rules.renewal_days[loan.kind])))
