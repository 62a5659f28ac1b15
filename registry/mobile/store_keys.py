"""The store of the keys that codes are signed with: their public halves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from registry.database import UnitOfWork
from registry.mobile.tables import mobile_key


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key's public half (32 bytes), the registry's word for it, and since when it signs."""

    number: int
    public_key: bytes
    signature: bytes
    made_at: datetime
    signs_from: datetime


def add(work: UnitOfWork, record: KeyRecord) -> None:
    """Add a key."""
    work.add(mobile_key, [(record.number, record.public_key, record.signature, record.made_at, record.signs_from, None)])


def last_number(connection: Connection) -> int:
    """The highest number there ever was; 0 for none."""
    return int(connection.execute(select(func.coalesce(func.max(mobile_key.c.number), 0))).scalar_one())


def living(connection: Connection) -> list[KeyRecord]:
    """The keys that have not ended, oldest first."""
    rows = connection.execute(select(mobile_key).where(mobile_key.c.ended_at.is_(None)).order_by(mobile_key.c.number))
    return [KeyRecord(row.number, row.public_key, row.signature, row.made_at, row.signs_from) for row in rows]


def end(work: UnitOfWork, numbers: Collection[int], *, at: datetime) -> None:
    """No kiosk trusts these keys any longer, once it has heard of it."""
    work.connection.execute(update(mobile_key).where(mobile_key.c.number.in_(numbers)).values(ended_at=at))
