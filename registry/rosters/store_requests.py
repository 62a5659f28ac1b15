"""The store of what the Bureau's system was answered: the same rows sent again get the same answer."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from registry.database import UnitOfWork
from registry.rosters.tables import bureau_request


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer, to whom and to which bytes; ``at`` is aware UTC. It names rows by their place and says nothing of anybody."""

    key: UUID
    partner: str
    digest: bytes = field(repr=False)
    answer: bytes = field(repr=False)
    at: datetime


def find(connection: Connection, key: UUID) -> KeptAnswer | None:
    """What was answered to this key."""
    row = connection.execute(select(bureau_request).where(bureau_request.c.key == key)).first()
    return None if row is None else KeptAnswer(row.key, row.partner, row.digest, row.answer, row.at)


def keep(work: UnitOfWork, one: KeptAnswer) -> None:
    """Keep an answer."""
    work.connection.execute(
        insert(bureau_request), {"key": one.key, "partner": one.partner, "digest": one.digest, "answer": one.answer, "at": one.at}
    )


def forget_before(work: UnitOfWork, at: datetime) -> int:
    """Forget answers that are older; how many. Rows that come again then are run again, and change nothing."""
    return work.connection.execute(delete(bureau_request).where(bureau_request.c.at < at)).rowcount
