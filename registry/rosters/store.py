"""The store of rosters: reads what a file touches in few questions, writes a plan in sets. Never row by row."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Row, Table, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from circulation.cards import CardKind
from circulation.ids import BranchCode, CardId, PatronId
from registry.cards.store import CardSource
from registry.cards.store_replacements import Binding, CardsMovedError, Origin, bind
from registry.cards.tables import card
from registry.cases.store import NewCase, open_cases
from registry.database import UnitOfWork
from registry.enrolment import store as patrons
from registry.enrolment.names import NameStyle
from registry.enrolment.store import PatronRecord
from registry.enrolment.tables import patron
from registry.pieces import in_pieces
from registry.rosters.plan import Case, ContactData, KnownPatron, NewCard, NewPatron, Plan, PupilData
from registry.rosters.tables import consent, contact, pupil, roster_batch, roster_waiting, school

Thing = TypeVar("Thing")


class RegistryMovedError(Exception):
    """The registry changed between the look and the writing: nothing was stored, the import can be run again."""


@dataclass(frozen=True, slots=True)
class School:
    """A school by its code of six characters, and the branch it belongs to."""

    code: str
    name: str
    branch: BranchCode


@dataclass(frozen=True, slots=True)
class Batch:
    """A file that is being committed."""

    id: UUID
    kind: str
    sha256: bytes
    school_year: int
    form_version: str | None
    cohort: str | None
    loaded_at: datetime
    actor: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BatchRef:
    """The batch that rows are run in; ``at`` is aware UTC."""

    id: UUID
    school_year: int
    at: datetime
    actor: str


def branch_of_school(connection: Connection) -> dict[str, str]:
    """Every school's branch."""
    return {row.code: row.branch for row in connection.execute(select(school.c.code, school.c.branch))}


def set_schools(work: UnitOfWork, schools: Iterable[School]) -> int:
    """Add schools, and bring those that are there up to date; how many.

    Raises:
        sqlalchemy.exc.IntegrityError: a branch is not there.

    """
    given = {one.code: one for one in schools}
    for codes in in_pieces(given):
        work.connection.execute(delete(school).where(school.c.code.in_(codes)))
    return work.add(school, ((one.code, one.name, one.branch) for one in given.values()))


def known_patrons(connection: Connection, national_ids: Collection[str]) -> dict[str, KnownPatron]:
    """The patrons with these IDs, by ID, with all that a roster may change."""
    consents: dict[PatronId, set[int]] = {}
    found: dict[str, Any] = {}
    easycard = and_(card.c.patron == patron.c.id, card.c.kind == CardKind.EASYCARD.value)
    joined = (
        patron.outerjoin(card, easycard).outerjoin(pupil, pupil.c.patron == patron.c.id).outerjoin(contact, contact.c.patron == patron.c.id)
    )
    columns = (
        *(patron.c.id, patron.c.national_id, patron.c.name, patron.c.birth_date, patron.c.contact_complete, patron.c.regular_at),
        *(card.c.uid, pupil.c.patron.label("is_pupil"), pupil.c.school, pupil.c.school_phone, pupil.c.student_number),
        *(pupil.c.household_address, contact.c.address, contact.c.phone, contact.c.mobile, contact.c.postal_code, contact.c.guardian),
    )
    for ids in in_pieces(national_ids):
        found |= {
            row.national_id: row for row in connection.execute(select(*columns).select_from(joined).where(patron.c.national_id.in_(ids)))
        }
        given = select(consent.c.patron, consent.c.school_year).join(patron, patron.c.id == consent.c.patron)
        for row in connection.execute(given.where(patron.c.national_id.in_(ids))):
            consents.setdefault(row.patron, set()).add(row.school_year)
    return {national_id: _known(row, frozenset(consents.get(row.id, ()))) for national_id, row in found.items()}


def _known(row: Row[*tuple[Any, ...]], consents: frozenset[int]) -> KnownPatron:
    return KnownPatron(
        row.id,
        row.name,
        row.birth_date,
        row.contact_complete,
        row.regular_at,
        row.uid,
        None if row.is_pupil is None else PupilData(row.school, row.school_phone, row.student_number, row.household_address),
        None if row.address is None else ContactData(row.address, row.phone, row.mobile, row.postal_code, row.guardian),
        consents,
    )


def waiting(connection: Connection, tags: Collection[bytes]) -> dict[bytes, bytes]:
    """What waits under these tags, sealed."""
    found: dict[bytes, bytes] = {}
    for piece in in_pieces(tags):
        wanted = select(roster_waiting.c.tag, roster_waiting.c.sealed).where(roster_waiting.c.tag.in_(piece))
        found |= {row.tag: row.sealed for row in connection.execute(wanted)}
    return found


def erase_waiting_before(work: UnitOfWork, at: datetime) -> int:
    """Erase what came before an instant and still waits: the deadline has passed (R4). How many."""
    gone = work.connection.execute(delete(roster_waiting).where(roster_waiting.c.received_at < at).returning(roster_waiting.c.tag))
    return len(gone.all())


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


def add_batch(work: UnitOfWork, batch: Batch) -> None:
    """Note a batch before its rows are run."""
    work.connection.execute(
        insert(roster_batch),
        {
            "id": batch.id,
            "kind": batch.kind,
            "sha256": batch.sha256,
            "school_year": batch.school_year,
            "form_version": batch.form_version,
            "cohort": batch.cohort,
            "loaded_at": batch.loaded_at,
            "actor": batch.actor,
            "counts": dict(batch.counts),
        },
    )


def write(work: UnitOfWork, plan: Plan, batch: BatchRef, writing: Writing) -> list[NewCase]:
    """Write a plan; gives the cases that were opened.

    Raises:
        RegistryMovedError: somebody else has written what contradicts it.

    """
    try:
        return _write(work, plan, batch, writing)
    except (IntegrityError, CardsMovedError):
        raise RegistryMovedError from None


def _write(work: UnitOfWork, plan: Plan, batch: BatchRef, writing: Writing) -> list[NewCase]:
    patrons.add(work, map(_record, plan.patrons), names=writing.names)
    _write_cards(work, plan.cards, batch, writing)
    _replace(work, pupil, plan.pupils, lambda p: (p.school, p.school_phone, p.student_number, p.household_address))
    _replace(work, contact, plan.contacts, lambda c: (c.address, c.phone, c.mobile, c.postal_code, c.guardian))
    work.add(consent, ((key, batch.school_year, batch.id) for key in plan.consents))
    for keys in in_pieces(plan.completed):
        work.connection.execute(update(patron).where(patron.c.id.in_(keys)).values(contact_complete=True))
    for branch in sorted(set(plan.moved.values())):
        for keys in in_pieces([key for key, to in plan.moved.items() if to == branch]):
            work.connection.execute(update(patron).where(patron.c.id.in_(keys)).values(regular_at=branch))
    for tags in in_pieces([writing.tag(national_id) for national_id in (*plan.waits, *plan.no_longer_waits)]):
        work.connection.execute(delete(roster_waiting).where(roster_waiting.c.tag.in_(tags)))
    work.add(
        roster_waiting,
        ((writing.tag(national_id), writing.seal(national_id), batch.at, batch.school_year) for national_id in plan.waits),
    )
    return open_cases(work, (_case(one, batch, writing) for one in plan.cases))


def _record(one: NewPatron) -> PatronRecord:
    row = one.row
    return PatronRecord(one.id, row.name, row.national_id, row.born, contact_complete=one.complete, regular_at=one.regular_at)


def _write_cards(work: UnitOfWork, new: Sequence[NewCard], batch: BatchRef, writing: Writing) -> None:
    origin = Origin(batch.at, batch.actor, CardSource.ROSTER, batch.id)
    bindings = (Binding(CardId(writing.new_card(one)), one.patron, CardKind.EASYCARD, one.row.card, one.replaces) for one in new)
    bind(work, bindings, origin, secret=writing.secret)


def _replace(work: UnitOfWork, table: Table, rows: Mapping[PatronId, Thing], values: Callable[[Thing], tuple[str | None, ...]]) -> None:
    for keys in in_pieces(rows):
        work.connection.execute(delete(table).where(table.c.patron.in_(keys)))
    work.add(table, ((patron_id, *values(row)) for patron_id, row in rows.items()))


def _case(one: Case, batch: BatchRef, writing: Writing) -> NewCase:
    return NewCase(
        *(writing.new_id(), one.kind, writing.same(one), batch.at, batch.actor, one.patron, one.other_patron),
        batch=batch.id,
        row_number=one.row_number,
        asks=one.row_says,
        known=one.registry_says,
    )
