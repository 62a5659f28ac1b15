"""The store of deadlines, and of what they say of the batches that have come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from registry.database import UnitOfWork
from registry.pieces import in_pieces
from registry.rosters.tables import roster_batch
from registry.schools.deadlines import Deadline, Lateness, decide_lateness
from registry.schools.school_years import Semester
from registry.schools.tables import contact_batch, contact_deadline


def deadlines(connection: Connection, school_year: int | None = None) -> list[Deadline]:
    """The deadlines of a school year, or of all, in their order."""
    wanted = select(contact_deadline).order_by(contact_deadline.c.school_year, contact_deadline.c.semester)
    if school_year is not None:
        wanted = wanted.where(contact_deadline.c.school_year == school_year)
    return [
        Deadline(row.school_year, Semester(row.semester), row.begins, row.last_day, row.source) for row in connection.execute(wanted).all()
    ]


def set_deadline(work: UnitOfWork, given: Deadline, *, at: datetime, by: str) -> int:
    """Set a semester's deadline, and judge the batches of its school year anew; how many marks changed."""
    same = (contact_deadline.c.school_year == given.school_year, contact_deadline.c.semester == given.semester)
    work.connection.execute(delete(contact_deadline).where(*same))
    work.connection.execute(
        insert(contact_deadline),
        {
            "school_year": given.school_year,
            "semester": int(given.semester),
            "begins": given.begins,
            "last_day": given.last_day,
            "source": given.source,
            "set_at": at,
            "actor": by,
        },
    )
    return _judge_again(work, given.school_year)


def _judge_again(work: UnitOfWork, school_year: int) -> int:
    known = deadlines(work.connection, school_year)
    joined = contact_batch.join(roster_batch, roster_batch.c.id == contact_batch.c.batch)
    wanted = select(contact_batch).select_from(joined).where(roster_batch.c.school_year == school_year)
    changed: dict[Lateness, list[UUID]] = {}
    for row in work.connection.execute(wanted).all():
        found = decide_lateness(received_on=row.received_on, deadlines=known)
        if (found.semester, found.last_day, found.late) != (row.semester, row.last_day, row.late):
            changed.setdefault(found, []).append(row.batch)
    for mark, batches in changed.items():
        for keys in in_pieces(batches):
            work.connection.execute(update(contact_batch).where(contact_batch.c.batch.in_(keys)).values(**values_of(mark)))
    return sum(map(len, changed.values()))


def values_of(mark: Lateness) -> dict[str, object]:
    """A mark as columns of a batch."""
    return {"semester": None if mark.semester is None else int(mark.semester), "last_day": mark.last_day, "late": mark.late}
