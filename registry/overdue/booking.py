"""Booking late returns where loans end, and reckoning suspensions from the ledger. In the transaction that changed something.

Booked once a loan: a loan ends once. A return that becomes known later, with an earlier time, only corrects what is booked.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from circulation.ids import BranchCode, ItemId, LoanId, PatronId
from circulation.opening_days import OpeningDays, local_date
from circulation.patrons import PatronClass
from circulation.rules import OverdueRules, RuleBook
from circulation.suspensions import LateReturn, Suspension, Terms, days_late, suspended_until, suspensions
from registry.calendars.store import calendars
from registry.database import UnitOfWork
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.lending.store import rule_book
from registry.overdue import store
from registry.overdue.store import Ended, LateRow, Reckoned
from registry.pieces import in_pieces
from replica.tables import ReplicaTable


@dataclass(frozen=True, slots=True)
class KnownReturns:
    """When things came back, as facts say: by the loan that they name, or by the item. Aware UTC."""

    by_loan: Mapping[LoanId, datetime]
    by_item: Mapping[ItemId, tuple[datetime, ...]]

    def earliest(self, one: Ended) -> datetime:
        """When a loan's item came back first: nothing before it was lent counts."""
        said = [*self.by_item.get(one.item, ()), *([self.by_loan[one.loan]] if one.loan in self.by_loan else [])]
        return min([one.returned_at, *(at for at in said if one.lent_at <= at)])


@dataclass(frozen=True, slots=True)
class Account:
    """What is reckoned for one patron: the late returns with their days, the due dates of what is still out, the rules of the class."""

    returns: tuple[LateReturn, ...]
    still_out: tuple[date, ...]
    terms: Terms

    def suspensions(self) -> tuple[Suspension, ...]:
        """Every suspension, from scratch."""
        return suspensions(self.returns, self.still_out, self.terms)


class Booking:
    """Late returns and suspensions, reckoned in the library's dates."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def book(
        self, work: UnitOfWork, closed: Collection[UUID], known: KnownReturns, *, touched: Collection[UUID], now: datetime
    ) -> list[FeedEntry]:
        """Book what a batch brought back late and reckon anew; the rows that kiosks must hear of.

        ``closed`` are the loans that the batch ended, ``touched`` all whose state or due date it changed.
        """
        if not (closed or touched or known.by_loan or known.by_item):
            return []
        earliest = {one.loan: (one, known.earliest(one)) for one in store.ended_loans(work.connection, closed)}
        late = [(one, day) for one, at in earliest.values() if (day := local_date(at, self._zone)) > one.due]
        before = [one for one in store.booked_before(work.connection, known.by_loan, known.by_item) if one.loan not in earliest]
        earlier = {one.loan: (at, local_date(at, self._zone)) for one in before if (at := known.earliest(one)) < one.returned_at}
        store.book(work, late)
        store.correct(work, earlier)
        whose = {one.patron for one, _ in late} | {one.patron for one in before if one.loan in earlier}
        return self.reckon(work, whose | store.patrons_of_loans(work.connection, touched), now=now)

    def count_anew(self, work: UnitOfWork, *, since: date, now: datetime, branches: Collection[str] | None = None) -> list[FeedEntry]:
        """Reckon everybody who brought something late on or after a day: the rules or the calendar of that time have changed."""
        return self.reckon(work, store.patrons_since(work.connection, since, branches), now=now)

    def reckon(self, work: UnitOfWork, patrons: Iterable[UUID], *, now: datetime) -> list[FeedEntry]:
        """Reckon the suspensions of these patrons from scratch, and write what is new; the blocks that kiosks must hear of."""
        entries: list[FeedEntry] = []
        for some in in_pieces(sorted(set(patrons))):
            found = {key: _sum_of(account.suspensions()) for key, account in self.accounts(work.connection, some).items()}
            known = store.reckoned(work.connection, some)
            # Whoever has no late return left, because another account took them over, owes nothing.
            changed = {key: one for key, one in ({key: Reckoned(0, None) for key in known} | found).items() if one != known.get(key)}
            if changed:
                blocks = store.write(work, changed, today=local_date(now, self._zone))
                entries += [FeedEntry(ReplicaTable.BLOCK, key_text(key)) for key in blocks]
        return entries

    def accounts(self, connection: Connection, patrons: Collection[UUID]) -> dict[PatronId, Account]:
        """What the registry knows of these patrons' late returns; nobody without any."""
        rows = store.late_rows(connection, patrons)
        if not rows:
            return {}
        dues, classes = store.open_dues(connection, rows), store.classes(connection, rows)
        book = rule_book(connection)
        days = calendars(connection, {one.branch for of_patron in rows.values() for one in of_patron})
        return {key: _account(of_patron, dues.get(key, []), _terms(book, classes[key]), days) for key, of_patron in rows.items()}


def _account(rows: Iterable[LateRow], dues: Iterable[date], terms: Terms, days: Mapping[BranchCode, OpeningDays]) -> Account:
    def days_of(one: LateRow) -> int:
        rules = terms(one.returned_on)
        counted = True if rules is None else rules.closed_days_count
        return days_late(one.due, one.returned_on, days.get(one.branch), closed_days_count=counted)

    return Account(tuple(LateReturn(one.key, one.due, one.returned_on, days_of(one), one.credited) for one in rows), tuple(dues), terms)


def _terms(book: RuleBook, patron_class: PatronClass) -> Terms:
    def on(day: date) -> OverdueRules | None:
        in_force = book.on(day)
        rules = None if in_force is None else in_force.by_class.get(patron_class)
        return None if rules is None else rules.overdue

    return on


def _sum_of(found: Collection[Suspension]) -> Reckoned:
    waiting = any(one.last_return is None for one in found)
    return Reckoned(sum(one.days for one in found), suspended_until(found), waiting)
