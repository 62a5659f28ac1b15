"""The store of what kiosks last said of themselves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from registry.database import UnitOfWork
from registry.kiosks.health import DeviceStanding, KioskHealth
from registry.kiosks.tables import kiosk_health


def keep(work: UnitOfWork, kiosk: UUID, health: KioskHealth) -> None:
    """Keep the latest report in place of the one before."""
    values = {
        "received_at": health.received_at,
        "reported_at": health.reported_at,
        "version": health.version,
        "devices": [
            {"device": one.device, "state": one.state, "since": one.since.isoformat(), "fault": one.fault} for one in health.devices
        ],
    }
    if not work.connection.execute(update(kiosk_health).where(kiosk_health.c.kiosk == kiosk).values(**values)).rowcount:
        work.connection.execute(insert(kiosk_health), {"kiosk": kiosk, **values})


def of_kiosk(connection: Connection, kiosk: UUID) -> KioskHealth | None:
    """The latest report of a kiosk, none when it never told any."""
    row = connection.execute(select(kiosk_health).where(kiosk_health.c.kiosk == kiosk)).first()
    return None if row is None else _health(row)


def of_all(connection: Connection) -> dict[UUID, KioskHealth]:
    """The latest report of every kiosk that told one."""
    return {row.kiosk: _health(row) for row in connection.execute(select(kiosk_health))}


def _health(row: Row[Any]) -> KioskHealth:
    devices = (DeviceStanding(one["device"], one["state"], datetime.fromisoformat(one["since"]), one["fault"]) for one in row.devices)
    return KioskHealth(row.received_at, row.reported_at, row.version, tuple(devices))
