"""What the room of schools notes when a roster is stored: whose pupils it is about, whether it is late, who is complete since.

The branch checks what the school has sent in the preview, and committing it is its word (Q3-3b): whoever commits a batch of
contact data has checked it. Rows that waited for the Bureau had been checked when their own batch was committed.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
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
from registry.rosters.store import Batch
from registry.rosters.tables import pupil, roster_batch
from registry.schools.deadlines import decide_lateness
from registry.schools.store_deadlines import deadlines, values_of
from registry.schools.tables import contact_batch, contact_batch_school, contact_completion, contact_waiting, school


class _Check(NamedTuple):
    """Who checked a school's rows, when, and in which batch they came."""

    by: str
    at: datetime
    batch: UUID


def note_arrival(work: UnitOfWork, batch: Batch, plan: Plan, *, tag: Callable[[str], bytes], zone: ZoneInfo) -> None:
    """Note a roster that has just been written; ``tag`` is the seal's."""
    completed = [one.id for one in plan.patrons if one.complete] + plan.completed
    _note_completed(work, completed, _Check(batch.actor, batch.loaded_at, batch.id), tag)
    for tags in in_pieces([tag(one) for one in (*plan.waits, *plan.no_longer_waits)]):
        work.connection.execute(delete(contact_waiting).where(contact_waiting.c.tag.in_(tags)))
    if batch.kind != RosterKind.SCHOOL_CONTACTS:
        return
    of_school = batch.of_school
    work.add(contact_waiting, ((tag(national_id), batch.id, of_school, row.number) for national_id, row in plan.waits.items()))
    received_on = batch.loaded_at.astimezone(zone).date()
    mark = decide_lateness(received_on=received_on, deadlines=deadlines(work.connection, batch.school_year))
    work.connection.execute(insert(contact_batch), {"batch": batch.id, "received_on": received_on, **values_of(mark)})
    written, finished = ({of_school: len(keys)} if of_school else _by_school(work.connection, keys) for keys in (plan.contacts, completed))
    waiting = {of_school: len(plan.waits)} if of_school else {}
    codes = {*written, *finished, *waiting}
    work.add(contact_batch_school, ((batch.id, code, *(counts.get(code, 0) for counts in (written, finished, waiting))) for code in codes))


def _note_completed(work: UnitOfWork, completed: Collection[PatronId], now: _Check, tag: Callable[[str], bytes]) -> None:
    """A record that waiting rows have completed was checked when those rows came."""
    tags: dict[PatronId, bytes] = {}
    for keys in in_pieces(completed):
        for row in work.connection.execute(select(patron.c.id, patron.c.national_id).where(patron.c.id.in_(keys))):
            tags[row.id] = tag(row.national_id or "")
        work.connection.execute(delete(contact_completion).where(contact_completion.c.patron.in_(keys)))
    checks = _checks(work.connection, tags.values())
    rows = ((key, checks.get(of_row, now)) for key, of_row in tags.items())
    work.add(contact_completion, ((key, now.at, check.by, check.at, check.batch) for key, check in rows))


def _checks(connection: Connection, tags: Iterable[bytes]) -> dict[bytes, _Check]:
    found: dict[bytes, _Check] = {}
    joined = contact_waiting.join(roster_batch, roster_batch.c.id == contact_waiting.c.batch)
    for piece in in_pieces(tags):
        wanted = select(contact_waiting.c.tag, roster_batch.c.actor, roster_batch.c.loaded_at, roster_batch.c.id).select_from(joined)
        for row in connection.execute(wanted.where(contact_waiting.c.tag.in_(piece))):
            found[row.tag] = _Check(row.actor, row.loaded_at, row.id)
    return found


def _by_school(connection: Connection, keys: Iterable[PatronId]) -> Counter[str]:
    """How many of these patrons are at which school, as far as anybody has said; a code that is no school's counts nowhere."""
    counts: Counter[str] = Counter()
    joined = pupil.join(school, school.c.code == pupil.c.school)
    for piece in in_pieces(keys):
        counts.update(connection.execute(select(school.c.code).select_from(joined).where(pupil.c.patron.in_(piece))).scalars())
    return counts
