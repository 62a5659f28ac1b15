"""Decisions about lending. Pure: no clock, no I/O, no sentences. The registry runs the same ones as the kiosk."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from circulation.items import Item, ItemStatus
from circulation.loans import Loan
from circulation.opening_days import OpeningDays
from circulation.patrons import Patron
from circulation.reasons import Decision, Reason
from circulation.rules import LoanRules, RuleSet


def decide_checkout(  # noqa: PLR0913 - a decision names everything it looks at
    patron: Patron,
    item: Item,
    loans: Collection[Loan],
    rules: LoanRules | None,
    *,
    lent_to: Loan | None = None,
    today: date,
) -> Decision:
    """Decide whether the patron may borrow the item today; every reason is reported, not only the first.

    Args:
        patron: who asks.
        item: what is asked for.
        loans: the patron's open loans.
        rules: the rules in force for the patron's class; none means the library has not said.
        lent_to: the item's open loan, whoever has it.
        today: the library's local date.

    """

    def reasons() -> Iterator[Reason]:
        if patron.expires is not None and patron.expires < today:
            yield Reason.PATRON_EXPIRED
        yield from dict.fromkeys(block.code.refusal for block in patron.blocks if block.stands(today=today))
        if rules is None:
            yield Reason.NO_RULES
        else:
            if rules.overdue_stops_loans and any(loan.is_overdue(today=today) for loan in loans):
                yield Reason.PATRON_HAS_OVERDUE
            yield from _limits(item, loans, rules)
        if lent_to is not None:
            yield Reason.ITEM_ALREADY_YOURS if lent_to.patron == patron.id else Reason.ITEM_ON_LOAN
        yield from _shelf(patron, item)

    return Decision(tuple(reasons()))


def _limits(item: Item, loans: Collection[Loan], rules: LoanRules) -> Iterator[Reason]:
    if item.kind in rules.extra:
        if sum(loan.kind == item.kind for loan in loans) >= rules.extra[item.kind]:
            yield Reason.KIND_LIMIT_REACHED
    elif sum(loan.kind not in rules.extra for loan in loans) >= rules.total:
        yield Reason.LOAN_LIMIT_REACHED


def _shelf(patron: Patron, item: Item) -> Iterator[Reason]:
    held_for_me = item.status is ItemStatus.ON_HOLD_SHELF and item.held_for == patron.id
    refusal = item.status.refusal
    if refusal is not None and not held_for_me:
        yield refusal


def due_date(item: Item, rules: LoanRules, opening_days: OpeningDays, *, today: date) -> date:
    """The last day of a loan made today: the kind's days, moved to the next open day.

    Raises:
        KeyError: the rules name no days for the item's kind.
        NoOpenDayError: the calendar is closed for two years.

    """
    return opening_days.open_day_from(today + timedelta(days=rules.days[item.kind]))


def rules_for(patron: Patron, rule_set: RuleSet | None) -> LoanRules | None:
    """The patron's rules in a set; none when the library has not said."""
    return None if rule_set is None else rule_set.by_class.get(patron.patron_class)


def allowance(loans: Collection[Loan], rules: LoanRules) -> int:
    """How many more ordinary items may be borrowed; never below 0."""
    return max(0, rules.total - sum(loan.kind not in rules.extra for loan in loans))
