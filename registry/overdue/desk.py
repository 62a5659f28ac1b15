"""The desk for suspensions: what a patron owes for late returns, paying it, waiving it (FAQ 2011, reviewed 2016)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from circulation.ids import PatronId
from circulation.opening_days import local_date
from circulation.suspensions import Suspension, credits_of, days_to_pay, suspended_until
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.desk.replacing import Publish
from registry.outside import Outside
from registry.overdue import store
from registry.overdue.booking import Account, Booking
from registry.overdue.store import Credit, CreditKind
from registry.plain_text import plain

_LONGEST_REASON = 200


@unique
class SuspensionRefusal(StrEnum):
    """Why a payment or a waiver is not taken. The sentences stand in the catalogue as ``suspension.refused.<code>``."""

    NOTHING_OWED = "nothing_owed"
    TOO_MUCH = "too_much"
    """More than the patron owes: change is given, not credit."""
    NOT_WHOLE_DAYS = "not_whole_days"
    """The amount is not so many times the rate."""
    NO_RATE = "no_rate"
    """The rules name no price of a day."""
    REASON_MISSING = "reason_missing"


class SuspensionRefusedError(Exception):
    """It was not taken; nothing was changed."""

    def __init__(self, code: SuspensionRefusal) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True)
class Owed:
    """What late returns cost a patron today.

    ``until`` is the last day of suspension; none: nothing is served. ``waiting``: some of it begins when the last overdue item is back.
    ``days`` are the item-days that, paid at ``rate`` (whole NT$), leave nothing; ``rate`` none: the rules name no price.
    """

    suspensions: tuple[Suspension, ...]
    until: date | None
    waiting: bool
    days: int
    rate: int | None

    @property
    def amount(self) -> int | None:
        """What must be paid to owe nothing, in whole NT$."""
        return None if self.rate is None else self.days * self.rate


class SuspensionDesk:
    """Shows what is owed and takes payments and waivers; kiosks hear of it at once."""

    def __init__(self, database: Database, outside: Outside, *, zone: ZoneInfo, booking: Booking, publish: Publish) -> None:
        self._database = database
        self._outside = outside
        self._zone = zone
        self._booking = booking
        self._publish = publish

    def owed(self, patron: PatronId, *, by: str) -> Owed:
        """What a patron owes today; that somebody looked is noted."""

        def look(work: UnitOfWork) -> Owed:
            append(work.connection, AuditEntry(self._outside.now(), by, "suspension shown", "done", {"patron": str(patron)}))
            return self._owed(work.connection, patron)[1]

        return self._database.write(look)

    def pay(self, patron: PatronId, amount: int, *, by: str) -> Owed:
        """Take a payment in whole NT$; a part of what is owed takes so many days off the sum.

        Raises:
            SuspensionRefusedError: ``NO_RATE``, ``NOTHING_OWED``, ``NOT_WHOLE_DAYS``, ``TOO_MUCH``.

        """

        def days_of(owed: Owed) -> int:
            if owed.rate is None:
                raise SuspensionRefusedError(SuspensionRefusal.NO_RATE)
            days, rest = divmod(amount, owed.rate)
            if rest or days < 1:
                raise SuspensionRefusedError(SuspensionRefusal.NOT_WHOLE_DAYS)
            return days

        return self._database.write(lambda work: self._take_off(work, patron, days_of, Credit(CreditKind.PAID, by)))

    def waive(self, patron: PatronId, days: int | None, *, because: str, by: str) -> Owed:
        """Let a patron off so many item-days, or all that is owed, with a reason.

        Raises:
            SuspensionRefusedError: ``REASON_MISSING``, ``NOTHING_OWED``, ``TOO_MUCH``.

        """
        reason = plain(because.strip(), longest=_LONGEST_REASON)
        if not reason:
            raise SuspensionRefusedError(SuspensionRefusal.REASON_MISSING)

        def days_of(owed: Owed) -> int:
            return owed.days if days is None else days

        return self._database.write(lambda work: self._take_off(work, patron, days_of, Credit(CreditKind.WAIVED, by, reason)))

    def _take_off(self, work: UnitOfWork, patron: PatronId, days_of: Callable[[Owed], int], credit: Credit) -> Owed:
        now = self._outside.now()
        account, owed = self._owed(work.connection, patron)
        if account is None or not owed.days:
            raise SuspensionRefusedError(SuspensionRefusal.NOTHING_OWED)
        days = days_of(owed)
        if days > owed.days:
            raise SuspensionRefusedError(SuspensionRefusal.TOO_MUCH)
        taken = credits_of(account.returns, account.still_out, days)
        rate = (owed.rate or 0) if credit.kind is CreditKind.PAID else 0
        store.add_credits(work, taken, credit, rate=rate, at=now)
        blocks = self._booking.reckon(work, [patron], now=now)
        detail: dict[str, str | int] = {"patron": str(patron), "days": days, "amount": days * rate}
        append(work.connection, AuditEntry(now, credit.by, f"suspension {credit.kind}", "done", detail))
        if blocks:
            self._publish(work, blocks)
        return self._owed(work.connection, patron)[1]

    def _owed(self, connection: Connection, patron: PatronId) -> tuple[Account | None, Owed]:
        account = self._booking.accounts(connection, [patron]).get(patron)
        if account is None:
            return None, Owed((), None, waiting=False, days=0, rate=None)
        today = local_date(self._outside.now(), self._zone)
        found = account.suspensions()
        standing = tuple(one for one in found if not one.is_over(today=today))
        until = suspended_until(standing)
        rules = account.terms(today if not standing or standing[-1].last_return is None else standing[-1].last_return)
        owed = days_to_pay(account.returns, account.still_out, account.terms, today=today)
        waiting = any(one.last_return is None and one.days for one in standing)
        return account, Owed(standing, until, waiting, owed, (rules.rate or None) if rules is not None else None)
