"""Reading the audit trail: its entries by who, what, whom and when, and who touched whose data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select

from registry.audit.store import AuditEntry, patrons_of
from registry.audit.tables import audit, audit_subject

_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of an actor, of an action, about a patron, from an instant (included) to another (not included), aware UTC."""

    actor: str | None = None
    action: str | None = None
    patron: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Touch:
    """An entry about one patron: somebody saw or changed that patron's data."""

    seq: int
    at: datetime
    actor: str
    action: str
    outcome: str
    patron: UUID


@dataclass(frozen=True, slots=True)
class ActorTotal:
    """How much one actor did: entries, and of how many patrons."""

    actor: str
    entries: int
    patrons: int


def entries_like(connection: Connection, wanted: Wanted, *, limit: int) -> list[tuple[int, AuditEntry]]:
    """The entries that are wanted, with their numbers, the latest first."""
    rows = connection.execute(select(audit).where(*_conditions(wanted)).order_by(audit.c.seq.desc()).limit(limit)).all()
    about = patrons_of(connection, [row.seq for row in rows])
    return [(row.seq, AuditEntry(row.at, row.actor, row.action, row.outcome, row.detail, about.get(row.seq, ()))) for row in rows]


def touches(connection: Connection, wanted: Wanted) -> Iterator[Touch]:
    """Who touched whose data, in the order of the trail, a page in memory at a time."""
    columns = (audit.c.seq, audit.c.at, audit.c.actor, audit.c.action, audit.c.outcome, audit_subject.c.patron)
    joined = select(*columns).join(audit_subject, audit_subject.c.seq == audit.c.seq).where(*_touching(wanted))
    ordered = joined.order_by(audit.c.seq, audit_subject.c.patron).limit(_PAGE)
    rows = connection.execute(ordered).all()
    while rows:
        yield from (Touch(*row) for row in rows)
        last = rows[-1]
        later = (audit.c.seq > last.seq) | ((audit.c.seq == last.seq) & (audit_subject.c.patron > last.patron))
        rows = connection.execute(ordered.where(later)).all() if len(rows) == _PAGE else []


def totals(connection: Connection, wanted: Wanted) -> list[ActorTotal]:
    """How much each actor touched, the busiest first."""
    entries, patrons = func.count(audit.c.seq.distinct()).label("entries"), func.count(audit_subject.c.patron.distinct()).label("patrons")
    counted = select(audit.c.actor, entries, patrons).join(audit_subject, audit_subject.c.seq == audit.c.seq)
    found = connection.execute(counted.where(*_touching(wanted)).group_by(audit.c.actor).order_by(patrons.desc(), audit.c.actor))
    return [ActorTotal(row.actor, row.entries, row.patrons) for row in found]


def count_patrons(connection: Connection, wanted: Wanted) -> int:
    """Whose data were touched: how many patrons."""
    counted = select(func.count(audit_subject.c.patron.distinct())).select_from(audit)
    found = connection.execute(counted.join(audit_subject, audit_subject.c.seq == audit.c.seq).where(*_touching(wanted)))
    return int(found.scalar_one())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [*_times_and_actors(wanted)]
    if wanted.patron is not None:
        found.append(audit.c.seq.in_(select(audit_subject.c.seq).where(audit_subject.c.patron == wanted.patron)))
    return found


def _touching(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [*_times_and_actors(wanted)]
    if wanted.patron is not None:
        found.append(audit_subject.c.patron == wanted.patron)
    return found


def _times_and_actors(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.actor is not None:
        yield audit.c.actor == wanted.actor
    if wanted.action is not None:
        yield audit.c.action == wanted.action
    if wanted.since is not None:
        yield audit.c.at >= wanted.since
    if wanted.until is not None:
        yield audit.c.at < wanted.until
