"""The store of covers: which is in force, and who was told which."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

from registry.database import UnitOfWork
from registry.kiosks.tables import cover, kiosk, told_cover


@dataclass(frozen=True, slots=True)
class CoverRecord:
    """A cover: its version, and the salt that its secret is made from with the library's keys (32 bytes)."""

    version: int
    salt: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """A kiosk before covers. ``told``: the version that it was told last; none: it never asked for any."""

    serves: bool
    told: int | None


_STANDING = (
    select(kiosk.c.revoked_at, told_cover.c.version)
    .outerjoin(told_cover, told_cover.c.kiosk == kiosk.c.id)
    .where(kiosk.c.id == bindparam("of"))
)
_NEWEST = select(cover.c.version, cover.c.salt).order_by(cover.c.version.desc()).limit(1)


def in_force(connection: Connection) -> CoverRecord | None:
    """The newest cover; none in a library that has not been opened since there are covers."""
    row = connection.execute(_NEWEST).first()
    return None if row is None else CoverRecord(row.version, row.salt)


def add(work: UnitOfWork, salt: bytes, *, at: datetime) -> int:
    """Put another cover in force; its version."""
    before = in_force(work.connection)
    version = 1 if before is None else before.version + 1
    work.connection.execute(insert(cover), {"version": version, "salt": salt, "made_at": at})
    return version


def standing(connection: Connection, of: UUID) -> Standing:
    """Whether a kiosk has its rights, and which cover it was told last."""
    row = connection.execute(_STANDING, {"of": of}).first()
    return Standing(serves=row is not None and row.revoked_at is None, told=None if row is None else row.version)


def note_told(work: UnitOfWork, to: UUID, version: int, *, at: datetime) -> None:
    """Remember that a kiosk is told a cover."""
    values = {"version": version, "at": at}
    if not work.connection.execute(update(told_cover).where(told_cover.c.kiosk == to).values(values)).rowcount:
        work.connection.execute(insert(told_cover), {"kiosk": to, **values})


def told(connection: Connection) -> dict[UUID, int]:
    """The version that each kiosk was told last, by kiosks. One that has never asked for any is not among them."""
    return {row.kiosk: row.version for row in connection.execute(select(told_cover.c.kiosk, told_cover.c.version))}
