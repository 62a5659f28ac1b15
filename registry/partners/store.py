"""The store of partners."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, exists, select, update

from registry.database import UnitOfWork
from registry.kiosks.tables import kiosk
from registry.partners.roles import PartnerRole
from registry.partners.tables import partner


@dataclass(frozen=True, slots=True)
class PartnerRecord:
    """A partner and the Ed25519 key that proves it (32 bytes)."""

    id: UUID
    name: str
    role: PartnerRole
    public_key: bytes
    registered_at: datetime
    registered_by: str
    revoked_at: datetime | None = None


def add(work: UnitOfWork, record: PartnerRecord) -> None:
    """Add a partner.

    Raises:
        sqlalchemy.exc.IntegrityError: its key is there already.

    """
    work.add(
        partner,
        [(record.id, record.name, record.role.value, record.public_key, record.registered_at, record.registered_by, record.revoked_at)],
    )


def is_taken(connection: Connection, public_key: bytes) -> bool:
    """Whether a partner or a kiosk has this key, a revoked one too."""
    of_partner, of_kiosk = exists().where(partner.c.public_key == public_key), exists().where(kiosk.c.public_key == public_key)
    return bool(connection.execute(select(of_partner | of_kiosk)).scalar_one())


def revoke(work: UnitOfWork, key: UUID, *, at: datetime) -> bool:
    """Revoke a partner; whether there was one that was not."""
    there = (partner.c.id == key) & partner.c.revoked_at.is_(None)
    return work.connection.execute(update(partner).where(there).values(revoked_at=at)).rowcount == 1


def everyone(connection: Connection) -> list[PartnerRecord]:
    """All partners in the order in which they came, the revoked too."""
    rows = connection.execute(select(partner).order_by(partner.c.registered_at, partner.c.id))
    return [
        PartnerRecord(
            *(row.id, row.name, PartnerRole(row.role), row.public_key, row.registered_at, row.registered_by, row.revoked_at),
        )
        for row in rows
    ]
