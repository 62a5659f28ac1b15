"""The store of loss reports: a report stops its card in the same transaction, and nothing else (R7)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select, update

from circulation.cards import CardKind, CardState
from circulation.ids import PatronId
from registry.cards.store import CardSource
from registry.cards.store_events import CardEvent, CardEventKind, record_events
from registry.cards.tables import card, card_loss_report
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.pieces import in_pieces


@unique
class LossChannel(StrEnum):
    """How a loss was reported."""

    KIOSK = "kiosk"
    """By another card of the patron, at a kiosk."""
    PHONE = "phone"
    DESK = "desk"
    ONLINE = "online"
    """By the patron, signed in."""
    BY_ID = "by_id"
    """By national ID and birth date, without signing in: a soft hold that staff confirm."""
    BUREAU = "bureau"
    """By the Education Bureau: never undone by hand (R18)."""
    UNRECORDED = "unrecorded"
    """The card was stopped before reports were kept."""

    @property
    def is_proof(self) -> bool:
        """Whether the report stands by itself; else staff confirm it or give the card back."""
        return self is not LossChannel.BY_ID


@dataclass(frozen=True, slots=True)
class LossReport:
    """One report. ``id`` is the fact's key where there is a fact; ``reporter`` is ``kiosk:<key>`` or a member of staff; times are aware UTC.

    ``identity`` names what proved the caller (R17), codes only.
    """

    id: UUID
    card_key: bytes
    patron: PatronId
    channel: LossChannel
    reported_at: datetime
    reporter: str
    branch: str | None = None
    identity: tuple[str, ...] = ()


def record(work: UnitOfWork, reports: Iterable[LossReport]) -> list[bytes]:
    """Keep reports and stop their cards, by set; the keys of the cards that were active until now: kiosks must hear of these.

    A report on a card that is not on record, or is another patron's, changes nothing and is not kept: who asks knows
    beforehand and flags it. A card that is lost already stays so, with one report more.
    """
    given = list(reports)
    known: dict[bytes, Any] = {}
    for keys in in_pieces({one.card_key for one in given}):
        found = select(card.c.card_key, card.c.patron, card.c.kind, card.c.state).where(card.c.card_key.in_(keys))
        known |= {row.card_key: row for row in work.connection.execute(found)}
    kept = [(one, known[one.card_key]) for one in given if one.card_key in known and known[one.card_key].patron == one.patron]
    work.add(card_loss_report, (_row(one) for one, _ in kept))
    record_events(work, (_event(one, CardKind(row.kind)) for one, row in kept))
    stopped = list(dict.fromkeys(one.card_key for one, row in kept if row.state != CardState.LOST.value))
    for keys in in_pieces(stopped):
        work.connection.execute(update(card).where(card.c.card_key.in_(keys)).values(state=CardState.LOST.value))
    return stopped


def _event(one: LossReport, kind: CardKind) -> CardEvent:
    return CardEvent(one.reported_at, one.patron, kind, one.card_key, CardEventKind.REPORTED_LOST, one.channel, one.reporter)


def _row(one: LossReport) -> tuple[object, ...]:
    proven = one.channel.is_proof
    return (
        *(one.id, one.card_key, one.patron, one.channel.value, one.reported_at, one.reporter, one.branch, list(one.identity)),
        *(one.reported_at if proven else None, one.reporter if proven else None, None, None, None),
    )


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report as staff see it. ``restored_because`` is what a member of staff wrote."""

    id: UUID
    card_key: bytes
    patron: PatronId
    channel: LossChannel
    reported_at: datetime
    reporter: str
    identity: tuple[str, ...]
    confirmed_at: datetime | None
    confirmed_by: str | None
    restored_at: datetime | None
    restored_by: str | None
    restored_because: str | None


def reports_on(connection: Connection, card_keys: Collection[bytes]) -> list[KeptReport]:
    """All reports on these cards, oldest first."""
    table = card_loss_report
    wanted = select(table).where(table.c.card_key.in_(card_keys)).order_by(table.c.reported_at, table.c.id)
    return [
        KeptReport(
            *(row.id, row.card_key, PatronId(row.patron), LossChannel(row.channel), row.reported_at, row.reporter, tuple(row.identity)),
            *(row.confirmed_at, row.confirmed_by, row.restored_at, row.restored_by, row.restored_because),
        )
        for row in connection.execute(wanted)
    ]


def confirm(work: UnitOfWork, card_key: bytes, *, at: datetime, by: str) -> int:
    """Confirm the soft holds on a card; how many there were."""
    open_now = _open(card_key) & card_loss_report.c.confirmed_at.is_(None)
    confirmed = work.connection.execute(update(card_loss_report).where(open_now).values(confirmed_at=at, confirmed_by=by)).rowcount
    if confirmed:
        _note(work, card_key, CardEventKind.LOSS_CONFIRMED, at=at, by=by)
    return confirmed


def restore(work: UnitOfWork, card_key: bytes, *, at: datetime, by: str, because: str) -> int:
    """Close the reports on a card and let it be used again; how many reports were closed."""
    values = {"restored_at": at, "restored_by": by, "restored_because": because}
    closed = work.connection.execute(update(card_loss_report).where(_open(card_key)).values(**values)).rowcount
    work.connection.execute(update(card).where(card.c.card_key == card_key).values(state=CardState.ACTIVE.value))
    _note(work, card_key, CardEventKind.RESTORED, at=at, by=by)
    return closed


def _note(work: UnitOfWork, card_key: bytes, event: CardEventKind, *, at: datetime, by: str) -> None:
    found = work.connection.execute(select(card.c.patron, card.c.kind).where(card.c.card_key == card_key))
    record_events(work, [CardEvent(at, PatronId(row.patron), CardKind(row.kind), card_key, event, CardSource.DESK, by) for row in found])


def _open(card_key: bytes) -> ColumnElement[bool]:
    return (card_loss_report.c.card_key == card_key) & card_loss_report.c.restored_at.is_(None)


@dataclass(frozen=True, slots=True)
class SoftHold:
    """A report that waits for staff: the card is stopped and nobody has proven anything. ``number`` is the card's, in hexadecimal."""

    number: str
    kind: CardKind
    masked_name: str
    reported_at: datetime
    reporter: str
    patron: PatronId


def soft_holds(connection: Connection, *, limit: int) -> list[SoftHold]:
    """The oldest reports that nobody has confirmed, on cards that are still on record, and how long they wait."""
    table = card_loss_report
    wanted = (
        select(card.c.uid, card.c.kind, card.c.patron, patron.c.masked_name, table.c.reported_at, table.c.reporter)
        .select_from(table)
        .join(card, card.c.card_key == table.c.card_key)
        .join(patron, patron.c.id == card.c.patron)
        .where(table.c.confirmed_at.is_(None), table.c.restored_at.is_(None), card.c.state == CardState.LOST.value)
        .order_by(table.c.reported_at, table.c.id)
        .limit(limit)
    )
    return [
        SoftHold(row.uid, CardKind(row.kind), row.masked_name, row.reported_at, row.reporter, PatronId(row.patron))
        for row in connection.execute(wanted)
    ]
