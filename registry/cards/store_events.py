"""The store of what happened to cards. It appends and reads; there is no other verb."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, MetaData, Table, select

from circulation.cards import CardKind
from circulation.ids import PatronId
from registry.cards.tables import card_event
from registry.database import UnitOfWork


@unique
class CardEventKind(StrEnum):
    """What may happen to a card."""

    BOUND = "bound"
    """Its number was put on record: the card works (開卡, Q2-a)."""
    REPLACED = "replaced"
    """Another number took its place: it is no such record any more (Q3-4b, Q6-4)."""
    REPORTED_LOST = "reported_lost"
    LOSS_CONFIRMED = "loss_confirmed"
    """Staff confirmed a report that nobody had proved."""
    RESTORED = "restored"
    HANDED_IN = "handed_in"
    """The student ID was given back (繳回): its number ends, the account stays (Q7-b, R10)."""
    CANCELLED = "cancelled"
    """The student ID was cancelled and kept (註銷): noted, the library function goes on (Q7-a, R10)."""
    WITHDRAWN = "withdrawn"
    """Its basis went: the consent was withdrawn, or the account ended (R11)."""
    BINDING_UNDONE = "binding_undone"
    """A wrong batch had bound it: as if it had never been."""
    MOVED = "moved"
    """It became the card of the account that this patron's was merged into."""
    TAPPED_LOST = "tapped_lost"
    """Reported lost, and shown to a kiosk: somebody has found it (R5)."""


@dataclass(frozen=True, slots=True)
class CardEvent:
    """One thing that happened; ``at`` is aware UTC, ``actor`` who did it, ``channel`` how it came to the registry."""

    at: datetime
    patron: PatronId
    kind: CardKind
    card_key: bytes
    event: CardEventKind
    channel: str
    actor: str
    batch: UUID | None = None


def record_events(work: UnitOfWork, events: Iterable[CardEvent]) -> None:
    """Note what happened, in this order."""
    work.add(
        _APPENDED,
        ((one.at, one.patron, one.kind, one.card_key, one.event, str(one.channel), one.actor, one.batch) for one in events),
    )


_APPENDED = Table(card_event.name, MetaData(), *(Column(column.name, column.type) for column in card_event.columns if column.name != "seq"))
"""The same table without its number, which the database gives."""


def history_of_card(connection: Connection, card_key: bytes) -> list[CardEvent]:
    """A card's life, oldest first, with all who ever had it."""
    return _events(connection, card_event.c.card_key == card_key)


def history_of_patron(connection: Connection, patron: PatronId) -> list[CardEvent]:
    """What happened to all cards of a patron, oldest first."""
    return _events(connection, card_event.c.patron == patron)


def _events(connection: Connection, condition: ColumnElement[bool]) -> list[CardEvent]:
    return [
        CardEvent(
            *(row.at, PatronId(row.patron), CardKind(row.kind), row.card_key, CardEventKind(row.event), row.channel, row.actor, row.batch),
        )
        for row in connection.execute(select(card_event).where(condition).order_by(card_event.c.seq))
    ]
