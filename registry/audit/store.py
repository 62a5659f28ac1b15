"""The audit trail's store. It appends and reads; there is no other verb."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select

from registry.audit.tables import audit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what and how it went. ``detail`` holds codes, numbers and row keys, never what a person said or is called."""

    at: datetime
    actor: str
    action: str
    outcome: str
    detail: Mapping[str, str | int] = field(default_factory=dict)


def append(connection: Connection, entry: AuditEntry) -> None:
    """Add one entry."""
    connection.execute(
        insert(audit),
        {"at": entry.at, "actor": entry.actor, "action": entry.action, "outcome": entry.outcome, "detail": dict(entry.detail)},
    )


def latest(connection: Connection, *, limit: int = 100) -> list[AuditEntry]:
    """The last entries, newest first."""
    found = connection.execute(select(audit).order_by(audit.c.seq.desc()).limit(limit))
    return [AuditEntry(row.at, row.actor, row.action, row.outcome, row.detail) for row in found]
