"""Later last days for what lies ready, when a branch turns out to be closed. Whoever changes a calendar asks here, in the same unit of work."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from circulation.ids import BranchCode
from circulation.opening_days import OpeningDays, local_date
from circulation.rules import HoldRules
from registry.database import UnitOfWork
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.holds import store
from registry.holds.records import HoldRecord
from registry.holds.rules import last_day_to_collect
from registry.holds.store_due import ready_at
from registry.holds.terms import hold_rules_of
from replica.tables import ReplicaTable


def later_days(connection: Connection, branch: BranchCode, days: OpeningDays, *, zone: ZoneInfo, today: date) -> list[HoldRecord]:
    """The ready holds of a branch that another calendar gives a later last day, as they would be then: the preview of a shift.

    Raises:
        NoOpenDayError: the calendar is closed for two years.

    """
    ready = ready_at(connection, branch)
    rules = hold_rules_of(connection, {one.patron for one in ready}, today=today)
    later = ((one, _last_day(one, days, rules.get(one.patron), zone)) for one in ready if one.until is not None and one.until >= today)
    return [replace(one, until=until) for one, until in later if one.until is not None and until > one.until]


def shift(work: UnitOfWork, branch: BranchCode, days: OpeningDays, *, zone: ZoneInfo, today: date) -> list[FeedEntry]:
    """Give what lies ready at a branch the last days of another calendar, never earlier ones; what kiosks must hear of.

    Raises:
        NoOpenDayError: the calendar is closed for two years.

    """
    shifted = later_days(work.connection, branch, days, zone=zone, today=today)
    store.write(work, shifted)
    return [FeedEntry(ReplicaTable.HOLD, key_text(one.id)) for one in shifted]


def _last_day(one: HoldRecord, days: OpeningDays, rules: HoldRules | None, zone: ZoneInfo) -> date:
    """Counted anew from the day it became ready; where nobody noted that, its last day moves to the next open one."""
    counted = None if one.moved_at is None else last_day_to_collect(days, rules, ready_on=local_date(one.moved_at, zone))
    promised = one.until or date.min
    return counted if counted is not None else days.open_day_from(promised)
