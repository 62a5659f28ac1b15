"""The store of batches: what came together, what became of it, the rows that wait and the keys that open them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from registry.cases.kinds import CaseKind
from registry.cases.tables import staff_case
from registry.database import UnitOfWork
from registry.rosters.headings import RosterKind
from registry.rosters.tables import roster_batch, roster_effect, roster_staged


@unique
class BatchState(StrEnum):
    """What became of a batch."""

    STAGED = "staged"
    """It waits for somebody; nothing of it is done."""
    COMMITTED = "committed"
    DISCARDED = "discarded"
    EXPIRED = "expired"
    """It waited too long: its key was destroyed."""
    UNDONE = "undone"


@unique
class Channel(StrEnum):
    """How rows come."""

    FILE = "file"
    API = "api"


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that came together. ``loaded_at`` and ``actor``: when they came (aware UTC) and who brought them. No file name: it may hold a person's."""

    id: UUID
    kind: RosterKind
    sha256: bytes = field(repr=False)
    school_year: int
    form_version: str | None
    cohort: str | None
    loaded_at: datetime
    actor: str
    counts: Mapping[str, int]
    sender: str | None = None
    channel: Channel = Channel.FILE
    state: BatchState = BatchState.COMMITTED
    schools: Mapping[str, int] = field(default_factory=dict)
    names_consent: bool = True
    approved_by: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    undo_until: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class KeptKeys:
    """A batch's keys, sealed; none for one that is destroyed or was never made."""

    staged: bytes | None
    undo: bytes | None
    undo_until: datetime | None


def add_batch(work: UnitOfWork, batch: Batch, *, staged_key: bytes | None = None) -> None:
    """Note a batch before its rows are run or staged."""
    work.connection.execute(
        insert(roster_batch),
        {
            "id": batch.id,
            "kind": batch.kind.value,
            "sha256": batch.sha256,
            "school_year": batch.school_year,
            "form_version": batch.form_version,
            "cohort": batch.cohort,
            "loaded_at": batch.loaded_at,
            "actor": batch.actor,
            "counts": dict(batch.counts),
            "sender": batch.sender,
            "channel": batch.channel.value,
            "state": batch.state.value,
            "schools": dict(batch.schools),
            "names_consent": batch.names_consent,
            "staged_key": staged_key,
            "approved_by": batch.approved_by,
            "closed_at": batch.closed_at,
            "closed_by": batch.closed_by,
        },
    )


def batch(connection: Connection, key: UUID) -> Batch | None:
    """A batch; none when there is none."""
    row = connection.execute(select(roster_batch).where(roster_batch.c.id == key)).first()
    return None if row is None else _batch(row)


def batches(connection: Connection, *, states: Sequence[BatchState] = tuple(BatchState), limit: int = 100) -> list[Batch]:
    """The newest batches in these states."""
    wanted = select(roster_batch).where(roster_batch.c.state.in_([state.value for state in states]))
    return [
        _batch(row) for row in connection.execute(wanted.order_by(roster_batch.c.loaded_at.desc(), roster_batch.c.id.desc()).limit(limit))
    ]


def committed_like(connection: Connection, kind: RosterKind, sender: str | None, school_year: int) -> list[Batch]:
    """What the same sender's files of the same kind brought in a school year and is still so."""
    wanted = select(roster_batch).where(
        roster_batch.c.kind == kind.value,
        roster_batch.c.state == BatchState.COMMITTED.value,
        roster_batch.c.school_year == school_year,
        roster_batch.c.sender.is_(None) if sender is None else roster_batch.c.sender == sender,
    )
    return [_batch(row) for row in connection.execute(wanted)]


def keys_of(connection: Connection, key: UUID) -> KeptKeys:
    """The keys that are kept of a batch."""
    columns = (roster_batch.c.staged_key, roster_batch.c.undo_key, roster_batch.c.undo_until)
    row = connection.execute(select(*columns).where(roster_batch.c.id == key)).one()
    return KeptKeys(row.staged_key, row.undo_key, row.undo_until)


@dataclass(frozen=True, slots=True)
class Closing:
    """Into which state a batch goes, when (aware UTC), and who sent it there."""

    state: BatchState
    at: datetime
    by: str


def close(work: UnitOfWork, key: UUID, closing: Closing, *, counts: Mapping[str, int] | None = None) -> None:
    """Move a batch into another state and destroy the rows that were staged, and their key."""
    changed: dict[str, Any] = {"state": closing.state.value, "closed_at": closing.at, "closed_by": closing.by, "staged_key": None}
    if counts is not None:
        changed["counts"] = dict(counts)
    work.connection.execute(update(roster_batch).where(roster_batch.c.id == key).values(**changed))
    work.connection.execute(delete(roster_staged).where(roster_staged.c.batch == key))


def settle_cases(work: UnitOfWork, key: UUID, *, at: datetime) -> None:
    """Settle the question whether a batch is right: it was answered, or nobody asks any more."""
    asked = (staff_case.c.batch == key) & (staff_case.c.kind == CaseKind.BATCH_UNUSUAL.value) & staff_case.c.settled_at.is_(None)
    work.connection.execute(update(staff_case).where(asked).values(settled_at=at))


def approve(work: UnitOfWork, key: UUID, *, by: str) -> None:
    """Note the second person."""
    work.connection.execute(update(roster_batch).where(roster_batch.c.id == key).values(approved_by=by))


def stage_rows(work: UnitOfWork, key: UUID, pieces: Iterable[bytes]) -> None:
    """Keep the rows of a batch, sealed."""
    work.add(roster_staged, ((key, number, sealed) for number, sealed in enumerate(pieces)))


def staged_rows(connection: Connection, key: UUID) -> list[tuple[int, bytes]]:
    """The rows of a batch, sealed, in their order."""
    wanted = select(roster_staged.c.piece, roster_staged.c.sealed).where(roster_staged.c.batch == key).order_by(roster_staged.c.piece)
    return [(row.piece, row.sealed) for row in connection.execute(wanted)]


def staged_before(connection: Connection, at: datetime) -> list[UUID]:
    """The batches that wait since before an instant."""
    waiting = (roster_batch.c.state == BatchState.STAGED.value) & (roster_batch.c.loaded_at < at)
    return list(connection.execute(select(roster_batch.c.id).where(waiting)).scalars())


def keep_undo_key(work: UnitOfWork, key: UUID, sealed: bytes, *, until: datetime) -> None:
    """Keep a batch's key for undoing, until then."""
    work.connection.execute(update(roster_batch).where(roster_batch.c.id == key).values(undo_key=sealed, undo_until=until))


def add_effects(work: UnitOfWork, key: UUID, pieces: Iterable[tuple[int, bytes]]) -> None:
    """Keep what a batch did, sealed."""
    work.add(roster_effect, ((key, number, sealed) for number, sealed in pieces))


def effects(connection: Connection, key: UUID) -> list[tuple[int, bytes]]:
    """What a batch did, sealed, in its order."""
    wanted = select(roster_effect.c.piece, roster_effect.c.sealed).where(roster_effect.c.batch == key).order_by(roster_effect.c.piece)
    return [(row.piece, row.sealed) for row in connection.execute(wanted)]


def next_piece(connection: Connection, key: UUID) -> int:
    """The number of the next piece of what a batch did."""
    last = connection.execute(select(func.max(roster_effect.c.piece)).where(roster_effect.c.batch == key)).scalar_one()
    return 0 if last is None else last + 1


def destroy_undo_keys(work: UnitOfWork, before: datetime) -> int:
    """Destroy the keys for undoing whose time is over, and what they opened; how many."""
    over = (roster_batch.c.undo_until < before) & roster_batch.c.undo_key.is_not(None)
    keys = list(work.connection.execute(select(roster_batch.c.id).where(over)).scalars())
    for key in keys:
        destroy_undo_key(work, key)
    return len(keys)


def destroy_undo_key(work: UnitOfWork, key: UUID) -> None:
    """Destroy a batch's key for undoing, and what it opened."""
    work.connection.execute(update(roster_batch).where(roster_batch.c.id == key).values(undo_key=None))
    work.connection.execute(delete(roster_effect).where(roster_effect.c.batch == key))


def _batch(row: Row[Any]) -> Batch:
    return Batch(
        *(row.id, RosterKind(row.kind), row.sha256, row.school_year, row.form_version, row.cohort, row.loaded_at, row.actor, row.counts),
        *(row.sender, Channel(row.channel), BatchState(row.state), row.schools or {}, row.names_consent, row.approved_by),
        *(row.closed_at, row.closed_by, row.undo_until),
    )
