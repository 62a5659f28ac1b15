"""The store of kiosks and their one-time codes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from circulation.ids import KioskId
from registry.database import UnitOfWork
from registry.kiosks.tables import enrolment_code, kiosk

_EVERYONE = select(kiosk.c.id, kiosk.c.name, kiosk.c.branch, kiosk.c.public_key, kiosk.c.enrolled_at, kiosk.c.revoked_at)


@dataclass(frozen=True, slots=True)
class KioskRecord:
    """An enrolled kiosk, its branch, and the Ed25519 key that proves it (32 bytes)."""

    id: KioskId
    name: str
    branch: str
    public_key: bytes
    enrolled_at: datetime
    revoked_at: datetime | None = None


def add_code(work: UnitOfWork, digest: bytes, branch: str, *, issued_at: datetime, expires_at: datetime) -> None:
    """Keep a new code's digest."""
    work.connection.execute(insert(enrolment_code), {"digest": digest, "branch": branch, "issued_at": issued_at, "expires_at": expires_at})


def use_code(work: UnitOfWork, digest: bytes, key: KioskId, *, at: datetime) -> str | None:
    """Use up a code and give its branch; nothing when it is unknown, used or out of date. One statement, so that two cannot win."""
    usable = (enrolment_code.c.digest == digest) & enrolment_code.c.used_at.is_(None) & (enrolment_code.c.expires_at > at)
    found: str | None = work.connection.execute(
        update(enrolment_code).where(usable).values(used_at=at, kiosk=key).returning(enrolment_code.c.branch)
    ).scalar_one_or_none()
    return found


def code_fate(connection: Connection, digest: bytes, *, at: datetime) -> str | None:
    """Why a code is not taken, for the audit trail only; nothing when it is good."""
    row = connection.execute(select(enrolment_code.c.used_at, enrolment_code.c.expires_at).where(enrolment_code.c.digest == digest)).first()
    if row is None:
        return "unknown"
    if row.used_at is not None:
        return "used"
    return None if row.expires_at > at else "expired"


def add(work: UnitOfWork, record: KioskRecord) -> None:
    """Add a kiosk."""
    work.connection.execute(
        insert(kiosk),
        {
            "id": record.id,
            "name": record.name,
            "branch": record.branch,
            "public_key": record.public_key,
            "enrolled_at": record.enrolled_at,
        },
    )


def revoke(work: UnitOfWork, key: UUID, *, at: datetime) -> bool:
    """Revoke a kiosk; whether there was one that was not."""
    there = (kiosk.c.id == key) & kiosk.c.revoked_at.is_(None)
    return work.connection.execute(update(kiosk).where(there).values(revoked_at=at)).rowcount == 1


def everyone(connection: Connection) -> list[KioskRecord]:
    """All kiosks, the revoked too."""
    found = connection.execute(_EVERYONE).all()
    return [KioskRecord(KioskId(key), name, branch, public_key, at, revoked_at) for key, name, branch, public_key, at, revoked_at in found]
