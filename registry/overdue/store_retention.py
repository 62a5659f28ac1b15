"""Forgetting late returns when their suspension is over, a portion at a time: nobody needs to know that a child was late once."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, or_, select

from registry.database import UnitOfWork
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry, publish
from registry.lending.tables import block
from registry.overdue.store import block_key
from registry.overdue.tables import late_return, suspension, suspension_credit
from replica.tables import ReplicaTable


def forget_suspensions(work: UnitOfWork, before: datetime, *, limit: int, now: datetime) -> int:
    """Forget everything about suspensions that were over before an instant, and tell kiosks that their blocks are gone; how many patrons."""
    day = before.date()
    recent = exists(select(1).where(late_return.c.patron == suspension.c.patron, late_return.c.returned_on >= day).correlate(suspension))
    over = or_(suspension.c.until.is_(None), suspension.c.until < day)
    chosen = select(suspension.c.patron).where(suspension.c.waiting.is_(False), over, ~recent).limit(limit)
    patrons = list(work.connection.execute(chosen).scalars())
    if not patrons:
        return 0
    gone = erase_suspensions(work, patrons)
    if gone:
        publish(work, gone, at=now)
    return len(patrons)


def erase_suspensions(work: UnitOfWork, patrons: Collection[UUID]) -> list[FeedEntry]:
    """Take away everything about the late returns of these patrons, such as before their accounts go; the blocks that kiosks must hear of."""
    of_patrons = select(late_return.c.id).where(late_return.c.patron.in_(patrons))
    work.connection.execute(delete(suspension_credit).where(suspension_credit.c.late_return.in_(of_patrons)))
    for table in (late_return, suspension):
        work.connection.execute(delete(table).where(table.c.patron.in_(patrons)))
    ours = block.c.id.in_([block_key(key) for key in patrons])
    gone = list(work.connection.execute(select(block.c.id).where(ours)).scalars())
    work.connection.execute(delete(block).where(ours))
    return [FeedEntry(ReplicaTable.BLOCK, key_text(key)) for key in gone]
