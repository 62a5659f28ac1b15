"""The store of what is due on holds: not collected in time, not arrived, no longer suspended."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Connection, and_, select

from circulation.holds import HoldState
from circulation.ids import BranchCode
from registry.holds.records import HoldRecord
from registry.holds.store import where
from registry.holds.tables import hold

_COMING = [state.value for state in HoldState if state.is_coming]


def branches_with_holds_not_collected(connection: Connection, *, today: date) -> list[BranchCode]:
    """Where something lies ready though its last day has passed."""
    over = and_(hold.c.state == HoldState.READY, hold.c.until < today)
    return [BranchCode(code) for code in connection.execute(select(hold.c.pickup).where(over).distinct().order_by(hold.c.pickup)).scalars()]


def not_collected(connection: Connection, pickups: Collection[str], *, today: date, limit: int) -> list[HoldRecord]:
    """Ready holds of these branches whose last day has passed."""
    return where(connection, and_(hold.c.state == HoldState.READY, hold.c.until < today, hold.c.pickup.in_(pickups)), limit=limit)


def not_arrived(connection: Connection, *, moved_before: datetime, limit: int) -> list[HoldRecord]:
    """Holds whose copy was set aside or sent before an instant, and was not seen since."""
    return where(connection, and_(hold.c.state.in_(_COMING), hold.c.moved_at < moved_before), limit=limit)


def suspended_before(connection: Connection, *, today: date, limit: int) -> list[HoldRecord]:
    """Holds whose suspension is over."""
    return where(connection, hold.c.suspended_until < today, limit=limit)


def ready_at(connection: Connection, branch: str) -> list[HoldRecord]:
    """What lies ready at a branch: one shelf."""
    return where(connection, and_(hold.c.pickup == branch, hold.c.state == HoldState.READY), limit=None)
