"""What the room of schools notes when a roster is stored: whose pupils it is about, whether it is late, who is complete since.

The branch checks what the school has sent in the preview, and committing it is its word (Q3-3b): whoever commits a batch of
contact data has checked it. Rows that waited for the Bureau had been checked when their own batch was committed.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.pieces import in_pieces
from registry.rosters.headings import RosterKind
from registry.rosters.plan import Plan
from registry.rosters.tables import pupil
from registry.schools.deadlines import decide_lateness
from registry.schools.store_deadlines import deadlines, values_of
from registry.schools.tables import contact_batch, contact_batch_school, contact_completion, contact_waiting, school


@dataclass(frozen=True, slots=True)
class Arrived:
    """A batch that is being written: when it came, who has checked it and when, and for contact data the school that sent it."""

    batch: UUID
    kind: RosterKind
    school_year: int
    received_at: datetime
    checked_at: datetime
    checked_by: str
    sender: str | None = None


class _Check(NamedTuple):
    """Who checked a school's rows, when, and in which batch they came."""

    by: str
    at: datetime
    batch: UUID


def note_arrival(work: UnitOfWork, arrived: Arrived, plan: Plan, tag: Callable[[str], bytes], zone: ZoneInfo) -> None:
    """Note a batch whose plan has just been written, in the same unit of work; ``tag`` is the seal's."""
    completed = [one.id for one in plan.patrons if one.complete] + plan.completed
    _note_completed(work, completed, arrived, tag)
    for tags in in_pieces([tag(one) for one in (*plan.waits, *plan.no_longer_waits)]):
        work.connection.execute(delete(contact_waiting).where(contact_waiting.c.tag.in_(tags)))
    if arrived.kind is not RosterKind.SCHOOL_CONTACTS:
        return
    work.add(contact_waiting, ((tag(national_id), arrived.batch, arrived.sender, row.number) for national_id, row in plan.waits.items()))
    received_on = arrived.received_at.astimezone(zone).date()
    mark = decide_lateness(received_on=received_on, deadlines=deadlines(work.connection, arrived.school_year))
    checked = {"checked_at": arrived.checked_at, "checked_by": arrived.checked_by}
    work.connection.execute(insert(contact_batch), {"batch": arrived.batch, "received_on": received_on, **checked, **values_of(mark)})
    _note_schools(work, arrived, plan, completed)


def _note_schools(work: UnitOfWork, arrived: Arrived, plan: Plan, completed: Collection[PatronId]) -> None:
    """Whose pupils the batch is about: the sender's, or without one those of the schools that the Bureau has named."""
    sender = arrived.sender
    if sender is None:
        written, finished = (_by_school(work.connection, keys) for keys in (plan.contacts, completed))
        waiting: Mapping[str, int] = {}
    else:
        written, finished, waiting = Counter({sender: len(plan.contacts)}), Counter({sender: len(completed)}), {sender: len(plan.waits)}
    codes = sorted({*written, *finished, *waiting})
    rows = ((arrived.batch, code, written[code], finished[code], waiting.get(code, 0)) for code in codes)
    work.add(contact_batch_school, rows)


def _note_completed(work: UnitOfWork, completed: Collection[PatronId], arrived: Arrived, tag: Callable[[str], bytes]) -> None:
    """A record that waiting rows have completed was checked when those rows came."""
    tags: dict[PatronId, bytes] = {}
    for keys in in_pieces(completed):
        for row in work.connection.execute(select(patron.c.id, patron.c.national_id).where(patron.c.id.in_(keys))):
            tags[row.id] = tag(row.national_id or "")
        work.connection.execute(delete(contact_completion).where(contact_completion.c.patron.in_(keys)))
    checks = _checks(work.connection, tags.values())
    now = _Check(arrived.checked_by, arrived.checked_at, arrived.batch)
    rows = ((key, checks.get(of_row, now)) for key, of_row in tags.items())
    work.add(contact_completion, ((key, arrived.checked_at, check.by, check.at, check.batch) for key, check in rows))


def _checks(connection: Connection, tags: Iterable[bytes]) -> dict[bytes, _Check]:
    found: dict[bytes, _Check] = {}
    joined = contact_waiting.join(contact_batch, contact_batch.c.batch == contact_waiting.c.batch)
    columns = (contact_waiting.c.tag, contact_batch.c.checked_by, contact_batch.c.checked_at, contact_batch.c.batch)
    for piece in in_pieces(tags):
        for row in connection.execute(select(*columns).select_from(joined).where(contact_waiting.c.tag.in_(piece))):
            found[row.tag] = _Check(row.checked_by, row.checked_at, row.batch)
    return found


def _by_school(connection: Connection, keys: Iterable[PatronId]) -> Counter[str]:
    """How many of these patrons are at which school, as far as anybody has said; a code that is no school's counts nowhere."""
    counts: Counter[str] = Counter()
    joined = pupil.join(school, school.c.code == pupil.c.school)
    for piece in in_pieces(keys):
        counts.update(connection.execute(select(school.c.code).select_from(joined).where(pupil.c.patron.in_(piece))).scalars())
    return counts
