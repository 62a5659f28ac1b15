"""The store for undoing batches: how things stand now, and putting back what was, in sets."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Table, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import PatronId
from registry.cards.store import CardRecord, add
from registry.cards.store_events import CardEventKind, record_events
from registry.cards.store_replacements import CardsMovedError, Ending, Origin, end
from registry.cards.tables import card, card_event, card_loss_report, former_card
from registry.cases.tables import staff_case
from registry.columns import Key, metadata
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.pieces import in_pieces
from registry.privacy.tables import source_notice
from registry.rosters.effects import Waited
from registry.rosters.known import KnownCard, Named
from registry.rosters.store_writing import (
    RegistryMovedError,
    contact_values,
    replace_rows,
    set_branches,
    set_complete,
    set_named,
    set_words,
)
from registry.rosters.tables import bureau_card, consent, contact, feed_word, pupil, roster_waiting
from registry.rosters.undo_rules import UndoPlan
from registry.schools.tables import contact_completion, contact_waiting
from replica.card_keys import card_key

_OURS = frozenset(
    {"card", "card_event", "staff_case", "consent", "pupil", "contact", "feed_word", "bureau_card"}
    | {"source_notice", "contact_completion", "audit_subject"}
)
"""The tables that a batch itself fills, and the trail, which notes every look; whoever stands in another has been met by somebody."""


def met(connection: Connection, keys: Collection[PatronId], batch: UUID) -> frozenset[PatronId]:
    """Of whom something is on record that this batch did not bring: a loan, a PIN, another card, another batch."""
    found: set[PatronId] = set()
    for piece in in_pieces(keys):
        for table in metadata.sorted_tables:
            for column in _patrons_in(table):
                wanted = select(column).where(column.in_(piece)).distinct()
                if table.name in _OURS:
                    other = _not_of(table, batch)
                    if other is None:
                        continue
                    wanted = wanted.where(other)
                found.update(map(PatronId, connection.execute(wanted).scalars()))
    return frozenset(found)


def _patrons_in(table: Table) -> list[Column[Any]]:
    """The columns of a table that say whose a row is."""
    if table is patron:
        return []
    return [
        column
        for column in table.columns
        if any(key.column is patron.c.id for key in column.foreign_keys) or (column.name == "patron" and isinstance(column.type, Key))
    ]


def _not_of(table: Table, batch: UUID) -> ColumnElement[bool] | None:
    """Which rows of our own tables this batch did not write."""
    if table is card:
        return card.c.kind != CardKind.EASYCARD.value
    if table in {consent, card_event, staff_case, source_notice}:
        return table.c.batch.is_(None) | (table.c.batch != batch)
    return None


def consents_of(connection: Connection, batch: UUID) -> frozenset[PatronId]:
    """Whose consent this batch says."""
    return frozenset(map(PatronId, connection.execute(select(consent.c.patron).where(consent.c.batch == batch)).scalars()))


def standing(connection: Connection, reports: Collection[UUID]) -> tuple[frozenset[object], frozenset[PatronId]]:
    """Which of these loss reports still stand, and whose cards have another that does."""
    table = card_loss_report
    ours: set[object] = set()
    others: set[PatronId] = set()
    for piece in in_pieces(reports):
        keys = select(table.c.card_key).where(table.c.id.in_(piece))
        wanted = select(table.c.id, table.c.patron).where(table.c.card_key.in_(keys), table.c.restored_at.is_(None))
        for row in connection.execute(wanted):
            if row.id in piece:
                ours.add(row.id)
            else:
                others.add(PatronId(row.patron))
    return frozenset(ours), frozenset(others)


def named(connection: Connection, keys: Collection[bytes]) -> dict[bytes, Named]:
    """What the Bureau has said of numbers, by their keys."""
    found: dict[bytes, Named] = {}
    for piece in in_pieces(keys):
        rows = connection.execute(select(bureau_card).where(bureau_card.c.card_key.in_(piece)))
        found |= {row.card_key: Named(PatronId(row.patron), row.first_on, row.last_on) for row in rows}
    return found


@dataclass(frozen=True, slots=True)
class Undoing:
    """Which batch is undone, what gave the old cards back, and the secret that keys of numbers are made with."""

    batch: UUID
    origin: Origin
    secret: bytes


def put_back(work: UnitOfWork, plan: UndoPlan, undoing: Undoing) -> list[bytes]:
    """Write an undo plan, but for its cases; the keys of the cards that kiosks must hear of.

    Raises:
        RegistryMovedError: somebody else has written what contradicts it.

    """
    try:
        return _put_back(work, plan, undoing)
    except (IntegrityError, CardsMovedError):
        raise RegistryMovedError from None


def _put_back(work: UnitOfWork, plan: UndoPlan, undoing: Undoing) -> list[bytes]:
    told = _cards(work, plan, undoing)
    set_named(work, plan.named)
    set_words(work, plan.words)
    replace_rows(work, pupil, plan.pupils, lambda p: (p.school, p.school_phone, p.student_number, p.household_address))
    replace_rows(work, contact, plan.contacts, contact_values)
    set_complete(work, plan.incomplete, complete=False)
    _take_notes_back(work, plan, undoing.batch)
    set_branches(work, plan.branches)
    for keys in in_pieces(plan.consents):
        work.connection.execute(delete(consent).where(consent.c.patron.in_(keys), consent.c.batch == undoing.batch))
    _remove(work, plan.removed)
    for tags in in_pieces([*plan.waits_no_more, *(one.tag for one in plan.waits_again)]):
        work.connection.execute(delete(roster_waiting).where(roster_waiting.c.tag.in_(tags)))
        work.connection.execute(delete(contact_waiting).where(contact_waiting.c.tag.in_(tags)))
    waiting: dict[bytes, Waited] = {one.tag: one for one in plan.waits_again}
    work.add(roster_waiting, ((one.tag, one.sealed, one.received_at, one.school_year) for one in waiting.values()))
    noted = ((one.tag, one.batch, one.school, one.row_number) for one in waiting.values() if one.batch is not None)
    work.add(contact_waiting, noted)
    return told


def _cards(work: UnitOfWork, plan: UndoPlan, undoing: Undoing) -> list[bytes]:
    origin = undoing.origin
    told = _lift(work, plan, undoing)
    endings = [Ending(key, CardKind.EASYCARD, number) for key, number in plan.unbound.items()]
    told += end(work, endings, origin, CardEventKind.BINDING_UNDONE)
    keys = {patron_key: card_key(CardUid.from_hex(one.number), secret=undoing.secret) for patron_key, one in plan.bound_again.items()}
    for piece in in_pieces(keys.values()):
        work.connection.execute(delete(former_card).where(former_card.c.card_key.in_(piece), former_card.c.batch == undoing.batch))
    add(work, (_record(key, one) for key, one in plan.bound_again.items()), secret=undoing.secret)
    record_events(work, (origin.event(key, CardKind.EASYCARD, keys[key], CardEventKind.BOUND) for key in plan.bound_again))
    return [*told, *keys.values()]


def _record(key: PatronId, one: KnownCard) -> CardRecord:
    return CardRecord(one.id, key, CardKind.EASYCARD, CardUid.from_hex(one.number), one.state, one.bound_at, one.source)


def _lift(work: UnitOfWork, plan: UndoPlan, undoing: Undoing) -> list[bytes]:
    """Take back losses that the batch told of: the one way in which such a report ends (R18)."""
    table, origin = card_loss_report, undoing.origin
    told: list[bytes] = []
    reports = dict(plan.lifted.values())
    for piece in in_pieces(reports):
        wanted = select(table.c.id, table.c.card_key, table.c.patron).where(table.c.id.in_(piece))
        rows = work.connection.execute(wanted).all()
        values = {"restored_at": origin.at, "restored_by": origin.actor, "restored_because": f"batch {undoing.batch} undone"}
        work.connection.execute(update(table).where(table.c.id.in_(piece)).values(**values))
        working = [row.card_key for row in rows if reports[row.id]]
        work.connection.execute(update(card).where(card.c.card_key.in_(working)).values(state=CardState.ACTIVE.value))
        events = (origin.event(PatronId(row.patron), CardKind.EASYCARD, row.card_key, CardEventKind.RESTORED) for row in rows)
        record_events(work, events)
        told += working
    return told


def _take_notes_back(work: UnitOfWork, plan: UndoPlan, batch: UUID) -> None:
    """Nobody has checked, and nobody need be told where something came from, what is no longer there."""
    for keys in in_pieces(plan.incomplete):
        work.connection.execute(delete(contact_completion).where(contact_completion.c.patron.in_(keys)))
    for keys in in_pieces({*plan.pupils, *plan.contacts}):
        owed = (source_notice.c.batch == batch, source_notice.c.patron.in_(keys))
        work.connection.execute(delete(source_notice).where(*owed))


def _remove(work: UnitOfWork, keys: Collection[PatronId]) -> None:
    """Remove patrons whom nobody has met: as if they had never been, the history of a card that was never theirs too."""
    for piece in in_pieces(keys):
        for table in (consent, pupil, contact, feed_word, bureau_card, card_event, source_notice, contact_completion):
            work.connection.execute(delete(table).where(table.c.patron.in_(piece)))
        for column in (staff_case.c.patron, staff_case.c.other_patron):
            work.connection.execute(update(staff_case).where(column.in_(piece)).values({column.name: None}))
        work.connection.execute(delete(patron).where(patron.c.id.in_(piece)))


def close_cases(work: UnitOfWork, batch: UUID, new_same: Mapping[UUID, bytes], *, at: datetime) -> None:
    """Close the batch's cases: nobody asks any more, and if the file comes again, the same question is a new one."""
    open_now = (staff_case.c.batch == batch) & staff_case.c.settled_at.is_(None)
    work.connection.execute(update(staff_case).where(open_now).values(settled_at=at))
    if new_same:
        changing = update(staff_case).where(staff_case.c.id == bindparam("key")).values(same=bindparam("new_same"))
        work.connection.execute(changing, [{"key": key, "new_same": same} for key, same in new_same.items()])


def cases_of(connection: Connection, batch: UUID) -> list[tuple[UUID, bool]]:
    """The batch's cases, and whether each still waits."""
    rows = connection.execute(select(staff_case.c.id, staff_case.c.settled_at).where(staff_case.c.batch == batch))
    return [(row.id, row.settled_at is None) for row in rows]
