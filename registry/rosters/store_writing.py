"""The store that writes a plan, in sets. Never row by row."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Table, delete, update
from sqlalchemy.exc import IntegrityError

from circulation.cards import CardKind
from circulation.ids import CardId, PatronId
from registry.cards.store import CardSource
from registry.cards.store_events import CardEventKind, record_events
from registry.cards.store_losses import LossChannel, LossReport, record
from registry.cards.store_replacements import Binding, CardsMovedError, Ending, Origin, bind, end
from registry.cases.store import NewCase, open_cases
from registry.columns import among
from registry.database import UnitOfWork
from registry.enrolment import store as patrons
from registry.enrolment.basis import Basis
from registry.enrolment.names import NameStyle
from registry.enrolment.store import PatronRecord
from registry.enrolment.tables import patron
from registry.pieces import in_pieces
from registry.privacy.store_notices import DataSource
from registry.privacy.store_notices import owe as owe_notices
from registry.rosters.known import ContactData, Fresh, Named
from registry.rosters.plan import CardTold, Case, NewCard, NewPatron, Plan
from registry.rosters.tables import ContactSource, bureau_card, consent, contact, feed_word, pupil, roster_waiting
from replica.card_keys import card_key

Thing = TypeVar("Thing")


class RegistryMovedError(Exception):
    """The registry changed between the look and the writing: nothing was stored, the import can be run again."""


@dataclass(frozen=True, slots=True)
class BatchRef:
    """The batch that rows are run in; ``at`` is aware UTC."""

    id: UUID
    school_year: int
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Writing:
    """What writing a plan needs of the world outside."""

    secret: bytes
    names: NameStyle
    tag: Callable[[str], bytes]
    seal: Callable[[str], bytes]
    new_card: Callable[[NewCard], UUID]
    new_id: Callable[[], UUID]
    same: Callable[[Case], bytes]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the cases that are new, the keys of the cards that kiosks must hear of, and the reports of losses."""

    opened: list[NewCase]
    card_keys: list[bytes]
    reports: dict[PatronId, UUID]


def write(work: UnitOfWork, plan: Plan, batch: BatchRef, writing: Writing) -> Written:
    """Write a plan.

    Raises:
        RegistryMovedError: somebody else has written what contradicts it.

    """
    try:
        return _write(work, plan, batch, writing)
    except (IntegrityError, CardsMovedError):
        raise RegistryMovedError from None


def _write(work: UnitOfWork, plan: Plan, batch: BatchRef, writing: Writing) -> Written:
    patrons.add(work, map(_record, plan.patrons), names=writing.names)
    told, reports = _write_cards(work, plan, batch, writing)
    set_named(work, {card_key(uid, secret=writing.secret): one for uid, one in plan.named.items()})
    set_words(work, plan.fresh)
    replace_rows(work, pupil, plan.pupils, lambda p: (p.school, p.school_phone, p.student_number, p.household_address))
    replace_rows(work, contact, plan.contacts, contact_values)
    work.add(consent, ((key, batch.school_year, batch.id) for key in plan.consents))
    set_complete(work, plan.completed, complete=True)
    set_branches(work, plan.moved)
    for tags in in_pieces([writing.tag(national_id) for national_id in (*plan.waits, *plan.no_longer_waits)]):
        work.connection.execute(delete(roster_waiting).where(among(roster_waiting.c.tag, tags, work.connection)))
    work.add(
        roster_waiting,
        ((writing.tag(national_id), writing.seal(national_id), batch.at, batch.school_year) for national_id in plan.waits),
    )
    opened = open_cases(work, (_case(one, batch, writing) for one in plan.cases))
    for source, whose in ((DataSource.BUREAU, plan.pupils), (DataSource.SCHOOL, plan.contacts)):
        owe_notices(work, source, whose, batch=batch.id, at=batch.at)
    return Written(opened, told, reports)


def _record(one: NewPatron) -> PatronRecord:
    row = one.row
    return PatronRecord(
        *(one.id, row.name, row.national_id, row.born),
        contact_complete=one.complete,
        regular_at=one.regular_at,
        basis=Basis.PROGRAMME,
    )


def _write_cards(work: UnitOfWork, plan: Plan, batch: BatchRef, writing: Writing) -> tuple[list[bytes], dict[PatronId, UUID]]:
    """Bind, note as cancelled, stop and end, in this order: what is ended last had its history before."""
    origin = Origin(batch.at, batch.actor, CardSource.ROSTER, batch.id)
    bindings = (Binding(CardId(writing.new_card(one)), one.patron, CardKind.EASYCARD, one.row.card, one.replaces) for one in plan.cards)
    told = bind(work, bindings, origin, secret=writing.secret)

    def key(one: CardTold) -> bytes:
        return card_key(one.card, secret=writing.secret)

    record_events(work, (origin.event(one.patron, CardKind.EASYCARD, key(one), CardEventKind.CANCELLED) for one in plan.cancelled))
    reports = [LossReport(writing.new_id(), key(one), one.patron, LossChannel.BUREAU, batch.at, batch.actor) for one in plan.lost]
    told += record(work, reports)
    told += end(work, [Ending(one.patron, CardKind.EASYCARD, one.card.hex) for one in plan.ended], origin, CardEventKind.HANDED_IN)
    return told, {one.patron: one.id for one in reports}


def set_words(work: UnitOfWork, words: Mapping[PatronId, Fresh]) -> None:
    """Note how new the newest words about each of these patrons are."""
    for keys in in_pieces(words):
        work.connection.execute(delete(feed_word).where(among(feed_word.c.patron, keys, work.connection)))
    work.add(
        feed_word,
        ((key, one.card_as_of, one.contact_year, " ".join(map(str, one.pupil_years))) for key, one in words.items() if one != Fresh()),
    )


def set_named(work: UnitOfWork, numbers: Mapping[bytes, Named | None]) -> None:
    """Note what the Bureau has said of numbers, by their keys; none takes the note away."""
    for keys in in_pieces(numbers):
        work.connection.execute(delete(bureau_card).where(among(bureau_card.c.card_key, keys, work.connection)))
    work.add(bureau_card, ((key, one.patron, one.first, one.last) for key, one in numbers.items() if one is not None))


def replace_rows(
    work: UnitOfWork, table: Table, rows: Mapping[PatronId, Thing | None], values: Callable[[Thing], tuple[str | None, ...]]
) -> None:
    """Put one row a patron into a table, in the place of the one before; none takes it away."""
    for keys in in_pieces(rows):
        work.connection.execute(delete(table).where(among(table.c.patron, keys, work.connection)))
    work.add(table, ((patron_id, *values(row)) for patron_id, row in rows.items() if row is not None))


def contact_values(one: ContactData) -> tuple[str | None, ...]:
    """Contact data as its row: from the school."""
    return (one.address, one.phone, one.mobile, one.postal_code, one.guardian, ContactSource.SCHOOL)


def set_complete(work: UnitOfWork, keys: Iterable[PatronId], *, complete: bool) -> None:
    """Say of patrons whether their contact data is complete."""
    for piece in in_pieces(keys):
        work.connection.execute(update(patron).where(among(patron.c.id, piece, work.connection)).values(contact_complete=complete))


def set_branches(work: UnitOfWork, branches: Mapping[PatronId, str | None]) -> None:
    """Give patrons the branch whose regulars they are."""
    for branch in sorted(set(branches.values()), key=str):
        for piece in in_pieces([key for key, to in branches.items() if to == branch]):
            work.connection.execute(update(patron).where(among(patron.c.id, piece, work.connection)).values(regular_at=branch))


def _case(one: Case, batch: BatchRef, writing: Writing) -> NewCase:
    return NewCase(
        *(writing.new_id(), one.kind, writing.same(one), batch.at, batch.actor, one.patron, one.other_patron),
        batch=batch.id,
        row_number=one.row_number,
        asks=one.row_says,
        known=one.registry_says,
    )
