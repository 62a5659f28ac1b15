"""The store of what staff do with cases: who sees which, who has one, what was decided, and how it is undone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from circulation.cards import CardKind, CardUid
from circulation.ids import PatronId
from registry.cards import store as cards
from registry.cases.decisions import Standing
from registry.cases.kinds import OF_FACTS, CaseKind
from registry.cases.store import KnownCase, known_case
from registry.cases.store_conflicts import flagged
from registry.cases.tables import case_undo, staff_case
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.sealed_records import SealedRecord


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks. Staff of a branch see the cases of its own schools and patrons only (Q3-3a); without a branch somebody sees all."""

    name: str
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases are listed: of a kind, of whoever has taken them, decided or waiting."""

    kind: CaseKind | None = None
    assignee: str | None = None
    decided: bool = False


def listed(connection: Connection, viewer: Viewer, wanted: CaseFilter, *, limit: int) -> list[KnownCase]:
    """The cases that somebody may see, those that wait the longest first; decided ones the latest first."""
    conditions = [_visible(viewer), staff_case.c.settled_at.is_not(None) if wanted.decided else staff_case.c.settled_at.is_(None)]
    if wanted.kind is not None:
        conditions.append(staff_case.c.kind == wanted.kind.value)
    if wanted.assignee is not None:
        conditions.append(staff_case.c.assignee == wanted.assignee)
    order = (staff_case.c.settled_at.desc(),) if wanted.decided else (staff_case.c.opened_at, staff_case.c.row_number, staff_case.c.id)
    return [known_case(row) for row in connection.execute(select(staff_case).where(*conditions).order_by(*order).limit(limit))]


def by_id(connection: Connection, key: UUID, viewer: Viewer) -> KnownCase | None:
    """A case; nothing when there is none of this key, or it is not this viewer's to see."""
    found = connection.execute(select(staff_case).where(staff_case.c.id == key, _visible(viewer))).first()
    return None if found is None else known_case(found)


def _visible(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.branch is None:
        return staff_case.c.id.is_not(None)
    either = or_(patron.c.id == staff_case.c.patron, patron.c.id == staff_case.c.other_patron)
    own = select(patron.c.id).where(either, patron.c.regular_at == viewer.branch).correlate(staff_case).exists()
    return or_(staff_case.c.branch == viewer.branch, own)


def assign(work: UnitOfWork, key: UUID, assignee: str | None, *, by: str) -> bool:
    """Give a waiting case to somebody, or back to all; whether it waits."""
    waits = update(staff_case).where(staff_case.c.id == key, staff_case.c.settled_at.is_(None))
    return work.connection.execute(waits.values(assignee=assignee, assigned_by=by)).rowcount == 1


def settle(  # noqa: PLR0913 - what a decision leaves on record
    work: UnitOfWork, key: UUID, decision: str, *, at: datetime, by: str, because: str
) -> None:
    """Note a decision. What both sides said is no longer needed: the sealed record has it, while that is kept."""
    values = {"settled_at": at, "decision": decision, "decided_by": by, "because": because, "asks": {}, "known": {}}
    work.connection.execute(update(staff_case).where(staff_case.c.id == key).values(**values))


def reopen(work: UnitOfWork, key: UUID, asks: Mapping[str, str], known: Mapping[str, str | None]) -> None:
    """Lay a case before staff again, as it was."""
    values = {"settled_at": None, "decision": None, "decided_by": None, "because": None, "asks": dict(asks), "known": dict(known)}
    work.connection.execute(update(staff_case).where(staff_case.c.id == key).values(**values))
    work.connection.execute(delete(case_undo).where(case_undo.c.case == key))


def keep_undo(work: UnitOfWork, key: UUID, record: SealedRecord, *, until: datetime) -> None:
    """Keep what undoing a decision needs."""
    work.connection.execute(insert(case_undo), {"case": key, "until": until, "key": record.key, "sealed": record.content})


def undo_of(connection: Connection, key: UUID) -> tuple[SealedRecord, datetime] | None:
    """What undoing a decision needs, and until when it may be."""
    row = connection.execute(select(case_undo).where(case_undo.c.case == key)).first()
    return None if row is None else (SealedRecord(row.key, row.sealed), row.until)


def forget_undo(work: UnitOfWork, before: datetime) -> int:
    """Destroy what was kept to undo decisions whose term ended before an instant. How many."""
    return work.connection.execute(delete(case_undo).where(case_undo.c.until < before)).rowcount


def forget_decided(work: UnitOfWork, before: datetime) -> int:
    """Let cases that were decided before an instant name nobody any more; that they were asked stays. How many."""
    names = [staff_case.c[name] for name in ("patron", "other_patron", "because")]
    old = and_(staff_case.c.settled_at < before, or_(*(name.is_not(None) for name in names)))
    return work.connection.execute(update(staff_case).where(old).values(patron=None, other_patron=None, because=None)).rowcount


def standing_of(connection: Connection, case: KnownCase, *, secret: bytes) -> Standing:
    """What is on record today of what a case is about."""
    row = None if case.patron is None else connection.execute(select(patron).where(patron.c.id == case.patron)).first()
    other = None if case.other_patron is None else connection.execute(select(patron.c.id).where(patron.c.id == case.other_patron)).first()
    number = None if "card" not in case.asks else CardUid.from_hex(case.asks["card"])
    card = None if row is None or case.patron is None else cards.of_kind(connection, case.patron, kind_asked(case))
    owner = None if number is None else cards.owners(connection, [number]).get(number)
    former = None if number is None else cards.former_owners(connection, [number], secret=secret).get(number)
    return Standing(
        *(row is not None, other is not None, None if row is None else row.name, None if row is None else row.birth_date),
        *(None if card is None else card.uid.hex, None if owner is None else owner.patron, former),
        *_loans_open(connection, case),
    )


def _loans_open(connection: Connection, case: KnownCase) -> tuple[bool, bool]:
    fact = flagged(connection, case.id) if case.kind in OF_FACTS else None
    if fact is None:
        return False, False
    own = fact.open_one if case.kind is CaseKind.RETURNED_STILL_LENT else fact.loan
    return own is not None and own.is_open, fact.other is not None and fact.other.is_open


def kind_asked(case: KnownCase) -> CardKind:
    """Which kind of card a case is about; rosters bind EasyCards (Q9-e)."""
    return CardKind(case.asks.get("kind", CardKind.EASYCARD))


def masked_names(connection: Connection, keys: Collection[PatronId]) -> dict[PatronId, str]:
    """The masked names of these patrons."""
    found = connection.execute(select(patron.c.id, patron.c.masked_name).where(patron.c.id.in_(keys)))
    return {PatronId(row.id): row.masked_name for row in found}


def persons_of(connection: Connection, national_id: str | None) -> set[PatronId]:
    """Who is on record with this national ID."""
    if not national_id:
        return set()
    return {PatronId(key) for key in connection.execute(select(patron.c.id).where(patron.c.national_id == national_id)).scalars()}
