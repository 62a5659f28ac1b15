"""What a registry knows of its kiosks and their facts: what staff compare after a backup was put back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, select

from registry.exchange.tables import fact, ledger
from registry.kiosks.tables import kiosk


@dataclass(frozen=True, slots=True)
class KnownKiosk:
    """A kiosk in service and the last number known of its newest epoch; 0 when it has never sent a fact."""

    kiosk: UUID
    branch: str
    name: str
    last_seq: int


def last_heard(connection: Connection) -> datetime | None:
    """When the last fact came that is on record (aware UTC)."""
    at: datetime | None = connection.execute(select(func.max(fact.c.received_at))).scalar_one()
    return at


def known_kiosks(connection: Connection) -> tuple[KnownKiosk, ...]:
    """The kiosks that were not revoked, by branch and name."""
    oldest_first = connection.execute(select(ledger.c.kiosk, ledger.c.last_seq).order_by(ledger.c.opened_at))
    last = {row.kiosk: row.last_seq for row in oldest_first}
    in_service = select(kiosk.c.id, kiosk.c.branch, kiosk.c.name).where(kiosk.c.revoked_at.is_(None)).order_by(kiosk.c.branch, kiosk.c.name)
    return tuple(KnownKiosk(row.id, row.branch, row.name, last.get(row.id, 0)) for row in connection.execute(in_service))
