"""Suspensions for late returns: days late are summed, served once, or paid. Source: the library's FAQ of 2011, reviewed 2016.

Always reckoned anew from the whole ledger of late returns: neither their order nor the moment they become known matters.

Readings where the source is open: returns belong together when their items were overdue on one day; what is left of an earlier
suspension is added to a later one, and both together are at most the longest; the day of the last return is not counted, so that
three days late on the 10th end on the 13th; each day paid or waived is taken off the sum before the longest is looked at.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from circulation.opening_days import OpeningDays
from circulation.rules import OverdueRules

Terms = Callable[[date], OverdueRules | None]
"""The rules of the patron's class on a local date."""


@dataclass(frozen=True, slots=True)
class LateReturn:
    """One item that came back after its due date: ``days`` count as late, ``credited`` of them were paid or waived. It names no item."""

    key: int
    due: date
    returned_on: date
    days: int
    credited: int = 0


@dataclass(frozen=True, slots=True)
class Suspension:
    """What one run of late returns costs.

    ``days`` are owed: the sum, less what was paid or waived. ``last_return`` is none while an item of the run is still out;
    ``until`` is the last day served, none while nothing is (or nothing has to be).
    """

    returns: tuple[LateReturn, ...]
    days: int
    last_return: date | None = None
    until: date | None = None

    def is_over(self, *, today: date) -> bool:
        """Whether nothing of it is left on this day."""
        return self.days == 0 or (self.last_return is not None and (self.until is None or self.until < today))


def days_late(due: date, returned_on: date, opening_days: OpeningDays | None, *, closed_days_count: bool) -> int:
    """How many days a return was late: calendar days, or only those on which the branch was open. 0 when it was in time."""
    late = max(0, (returned_on - due).days)
    if closed_days_count or opening_days is None:
        return late
    return sum(opening_days.is_open(due + timedelta(days=n)) for n in range(1, late + 1))


def suspensions(returns: Iterable[LateReturn], still_out: Iterable[date], terms: Terms) -> tuple[Suspension, ...]:
    """Reckon every suspension of a patron from scratch, the earliest first.

    Args:
        returns: the patron's late returns, in any order.
        still_out: the due dates of the patron's open loans.
        terms: the rules of the patron's class; without rules nothing is served.

    """
    found: list[Suspension] = []
    for run, ended in _runs(returns, still_out):
        days = max(0, sum(one.days - one.credited for one in run))
        rules = terms(ended) if ended is not None else None
        until = None if ended is None or rules is None else _end(days, ended, suspended_until(found), rules)
        found.append(Suspension(run, days, ended, until))
    return tuple(found)


def suspended_until(found: Iterable[Suspension]) -> date | None:
    """The last day of all; none when nothing is served."""
    return max((one.until for one in found if one.until is not None), default=None)


def days_to_pay(returns: Sequence[LateReturn], still_out: Sequence[date], terms: Terms, *, today: date) -> int:
    """How many days of items must be paid for the patron to owe nothing today; days already served are not paid again."""

    def over(paid: int) -> bool:
        credited = with_credits(returns, credits_of(returns, still_out, paid))
        return all(one.is_over(today=today) for one in suspensions(credited, still_out, terms))

    low, high = 0, sum(max(0, one.days - one.credited) for one in returns)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if over(middle) else (middle + 1, high)
    return low


def credits_of(returns: Iterable[LateReturn], still_out: Iterable[date], days: int) -> dict[int, int]:
    """Which late returns so many days are taken off, by key: the newest first, and of none more than it owes."""
    left, taken = days, dict[int, int]()
    for run, _ in reversed(list(_runs(returns, still_out))):
        for one in reversed(run):
            part = min(left, max(0, one.days - one.credited))
            if part:
                taken[one.key] = part
                left -= part
    return taken


def with_credits(returns: Iterable[LateReturn], more: Mapping[int, int]) -> list[LateReturn]:
    """The same returns with more days taken off, by key."""
    return [replace(one, credited=one.credited + more.get(one.key, 0)) for one in returns]


def _end(days: int, ended: date, before: date | None, rules: OverdueRules) -> date | None:
    if not days:
        return None
    unserved = 0 if before is None else max(0, (before - ended).days)
    last = ended + timedelta(days=min(rules.longest_days, unserved + days))
    return last if last > ended else None


def _runs(returns: Iterable[LateReturn], still_out: Iterable[date]) -> Iterator[tuple[tuple[LateReturn, ...], date | None]]:
    """Late returns that belong together, and when the last of their items came back; none: one is still out.

    An open loan only keeps a run open when it was overdue on a day on which an item of the run was.
    """
    first_out = min(still_out, default=date.max)
    run: list[LateReturn] = []
    for one in sorted((one for one in returns if one.due < one.returned_on), key=lambda one: (one.due, one.returned_on, one.key)):
        if run and one.due >= max(other.returned_on for other in run):
            yield _closed(run, first_out)
            run = []
        run.append(one)
    if run:
        yield _closed(run, first_out)


def _closed(run: list[LateReturn], first_out: date) -> tuple[tuple[LateReturn, ...], date | None]:
    last = max(one.returned_on for one in run)
    return tuple(sorted(run, key=lambda one: (one.returned_on, one.due, one.key))), None if first_out < last else last
