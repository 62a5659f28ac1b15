"""The store of how senders write their files."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from circulation.cards import NumberForm
from registry.database import UnitOfWork
from registry.rosters.headings import Field, RosterKind
from registry.rosters.senders import SenderFormat
from registry.rosters.tables import roster_sender


def find(connection: Connection, sender: str, kind: RosterKind) -> SenderFormat | None:
    """How a sender writes files of a kind; none when no file of it was taken yet."""
    wanted = select(roster_sender).where(roster_sender.c.sender == sender, roster_sender.c.kind == kind.value)
    row = connection.execute(wanted).first()
    if row is None:
        return None
    own = {heading: Field(name) for heading, name in row.mapping.items()}
    return SenderFormat(row.sender, kind, NumberForm(row.number_form), own, tuple(row.read), frozenset(row.headings))


def save(work: UnitOfWork, one: SenderFormat, *, at: datetime, by: str) -> None:
    """Remember how a sender writes."""
    work.connection.execute(delete(roster_sender).where(roster_sender.c.sender == one.sender, roster_sender.c.kind == one.kind.value))
    work.connection.execute(
        insert(roster_sender),
        {
            "sender": one.sender,
            "kind": one.kind.value,
            "number_form": one.number_form.value,
            "mapping": {heading: field.value for heading, field in one.own.items()},
            "read": list(one.read),
            "headings": sorted(one.headings),
            "saved_at": at,
            "actor": by,
        },
    )
