"""The store of devices: who is signed in where."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, select, update

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.mobile.tables import mobile_device
from registry.partners.tables import partner
from registry.pieces import in_pieces


@dataclass(frozen=True, slots=True)
class Device:
    """A patron's device in an app; ``name`` is what the patron calls it. Times are aware UTC."""

    id: UUID
    patron: PatronId
    app: UUID
    name: str
    signed_in_at: datetime
    last_seen_at: datetime
    signed_out_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedDevice:
    """A device with the name of its app."""

    device: Device
    app_name: str


def add(work: UnitOfWork, device: Device, token_digest: bytes) -> None:
    """Keep a new device."""
    work.add(
        mobile_device,
        [(device.id, device.patron, device.app, device.name, token_digest, device.signed_in_at, device.last_seen_at, device.signed_out_at)],
    )


def by_token(connection: Connection, token_digest: bytes, app: UUID, *, seen_since: datetime) -> Device | None:
    """The device with this token in this app, if it is signed in and was seen since."""
    good = (mobile_device.c.token_digest == token_digest) & (mobile_device.c.app == app)
    living = mobile_device.c.signed_out_at.is_(None) & (mobile_device.c.last_seen_at >= seen_since)
    row = connection.execute(select(mobile_device).where(good, living)).first()
    return None if row is None else _device(row)


def signed_in(connection: Connection, key: PatronId) -> list[Device]:
    """A patron's devices that are signed in, the one that was seen last first."""
    wanted = select(mobile_device).where(mobile_device.c.patron == key, mobile_device.c.signed_out_at.is_(None))
    return [_device(row) for row in connection.execute(wanted.order_by(mobile_device.c.last_seen_at.desc(), mobile_device.c.id.desc()))]


def listed(connection: Connection, key: PatronId) -> list[ListedDevice]:
    """All devices of a patron, those that were signed out too, in the order in which they came."""
    wanted = select(mobile_device, partner.c.name.label("app_name")).join(partner, partner.c.id == mobile_device.c.app)
    rows = connection.execute(wanted.where(mobile_device.c.patron == key).order_by(mobile_device.c.signed_in_at, mobile_device.c.id))
    return [ListedDevice(_device(row), row.app_name) for row in rows]


def seen(work: UnitOfWork, device: UUID, *, at: datetime) -> None:
    """The device has asked for codes."""
    work.connection.execute(update(mobile_device).where(mobile_device.c.id == device).values(last_seen_at=at))


def sign_out(work: UnitOfWork, devices: Collection[UUID], *, at: datetime) -> int:
    """Sign devices out; how many were not yet."""
    return sum(_signed_out(work, mobile_device.c.id.in_(some), at) for some in in_pieces(devices))


def sign_out_patrons(work: UnitOfWork, patrons: Collection[PatronId], *, at: datetime) -> int:
    """Sign out every device of these patrons, as when their accounts end (R14); how many there were."""
    return sum(_signed_out(work, mobile_device.c.patron.in_(some), at) for some in in_pieces(patrons))


def _signed_out(work: UnitOfWork, which: ColumnElement[bool], at: datetime) -> int:
    return work.connection.execute(
        update(mobile_device).where(which, mobile_device.c.signed_out_at.is_(None)).values(signed_out_at=at)
    ).rowcount


def _device(row: Row[Any]) -> Device:
    return Device(row.id, row.patron, row.app, row.name, row.signed_in_at, row.last_seen_at, row.signed_out_at)
