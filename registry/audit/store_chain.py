"""The store of the trail's chain: walked in pages, its head, what was signed of it, and the cut at its front."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select

from registry.audit.chain import Entry, Mark, Said
from registry.audit.checkpoints import Checkpoint, CheckpointKind
from registry.audit.tables import audit, audit_checkpoint, audit_head, audit_subject
from registry.database import UnitOfWork

_PAGE = 500
"""Entries in memory at a time, with at most ``MOST_PATRONS`` each."""


def head_of(connection: Connection) -> Mark:
    """The last entry that was written."""
    row = connection.execute(select(audit_head)).one()
    return Mark(row.seq, bytes(row.hash), row.plain_to)


def entries(connection: Connection, *, page: int = _PAGE) -> Iterator[Entry]:
    """Every entry as it stands, in order, a page in memory at a time.

    Where only whom an entry was about is left, it comes as one that says nothing.
    """
    after: int | None = None
    while True:
        wanted = select(audit).order_by(audit.c.seq).limit(page)
        rows = connection.execute(wanted if after is None else wanted.where(audit.c.seq > after)).all()
        last = rows[-1].seq if len(rows) == page else None
        about: dict[int, list[UUID]] = {}
        subjects = select(audit_subject)
        if after is not None:
            subjects = subjects.where(audit_subject.c.seq > after)
        if last is not None:
            subjects = subjects.where(audit_subject.c.seq <= last)
        for row in connection.execute(subjects.order_by(audit_subject.c.seq)):
            about.setdefault(row.seq, []).append(row.patron)
        found = [
            Entry(
                row.seq,
                Said(row.at, row.actor, row.action, row.outcome, row.detail, tuple(about.pop(row.seq, ()))),
                bytes(row.digest),
                bytes(row.hash),
            )
            for row in rows
        ]
        orphans = [Entry(seq, None, b"", b"") for seq in about]
        yield from sorted([*found, *orphans], key=lambda entry: entry.seq)
        if last is None:
            return
        after = last


def checkpoints(connection: Connection) -> list[Checkpoint]:
    """Everything that was signed, in the order of the chain."""
    found = connection.execute(select(audit_checkpoint).order_by(audit_checkpoint.c.seq, audit_checkpoint.c.kind))
    return [
        Checkpoint(CheckpointKind(row.kind), Mark(row.seq, bytes(row.hash), row.plain_to), row.at, bytes(row.signature)) for row in found
    ]


def hash_at(connection: Connection, seq: int) -> bytes | None:
    """The hash of an entry; none when it is not there."""
    found = connection.execute(select(audit.c.hash).where(audit.c.seq == seq)).scalar_one_or_none()
    return None if found is None else bytes(found)


def has_checkpoint(connection: Connection) -> bool:
    """Whether anything was ever signed."""
    return connection.execute(select(audit_checkpoint.c.seq).limit(1)).first() is not None


def keep(work: UnitOfWork, checkpoint: Checkpoint) -> None:
    """Keep what was signed, in place of an earlier signature of the same."""
    table, mark = audit_checkpoint, checkpoint.mark
    work.connection.execute(delete(table).where(table.c.kind == checkpoint.kind.value, table.c.seq == mark.seq))
    row = {"kind": checkpoint.kind.value, "seq": mark.seq, "hash": mark.hash, "plain_to": mark.plain_to}
    work.connection.execute(insert(table), {**row, "at": checkpoint.at, "signature": checkpoint.signature})


def last_before(connection: Connection, at: datetime) -> Mark | None:
    """The last entry older than an instant, such that all before it are older too; the newest of all stays in any case."""
    kept = select(func.min(audit.c.seq)).where(audit.c.at >= at).scalar_subquery()
    end = func.coalesce(kept, select(func.max(audit.c.seq)).scalar_subquery())
    row = connection.execute(select(audit.c.seq, audit.c.hash).where(audit.c.seq < end).order_by(audit.c.seq.desc()).limit(1)).first()
    return None if row is None else Mark(row.seq, bytes(row.hash), head_of(connection).plain_to)


def cut(work: UnitOfWork, upto: int) -> int:
    """Delete entries up to and including a number, with what was signed of them; how many entries there were."""
    work.connection.execute(delete(audit_subject).where(audit_subject.c.seq <= upto))
    work.connection.execute(delete(audit_checkpoint).where(audit_checkpoint.c.seq <= upto))
    return work.connection.execute(delete(audit).where(audit.c.seq <= upto)).rowcount
