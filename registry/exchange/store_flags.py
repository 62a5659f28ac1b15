"""The store of what staff must look at."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update

from registry.database import UnitOfWork
from registry.exchange.tables import fact, flagged_fact
from registry.kiosks.tables import kiosk


@dataclass(frozen=True, slots=True)
class WaitingFlag:
    """A flagged fact that nobody has settled: nothing of patrons and items. ``seq`` is its number in that kiosk's order."""

    key: UUID
    branch: str
    flagged_at: datetime
    reasons: tuple[str, ...]
    kiosk: str
    seq: int


def waiting_flags(connection: Connection) -> list[WaitingFlag]:
    """What waits for staff, the oldest first."""
    columns = (flagged_fact.c.fact_key, flagged_fact.c.branch, flagged_fact.c.flagged_at, flagged_fact.c.reasons, fact.c.seq, kiosk.c.name)
    joined = flagged_fact.join(fact, fact.c.fact_key == flagged_fact.c.fact_key).join(kiosk, kiosk.c.id == fact.c.kiosk)
    wanted = select(*columns).select_from(joined).where(flagged_fact.c.settled_at.is_(None))
    found = connection.execute(wanted.order_by(flagged_fact.c.flagged_at, fact.c.kiosk, fact.c.seq))
    return [WaitingFlag(row.fact_key, row.branch, row.flagged_at, tuple(row.reasons), row.name, row.seq) for row in found]


def settle_flag(work: UnitOfWork, key: UUID, *, at: datetime, by: str, because: str) -> bool:
    """Note that staff settled a flagged fact, and why; whether it was open."""
    open_one = update(flagged_fact).where(flagged_fact.c.fact_key == key, flagged_fact.c.settled_at.is_(None))
    return work.connection.execute(open_one.values(settled_at=at, settled_by=by, settled_because=because)).rowcount == 1
