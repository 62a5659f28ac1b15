"""The store of notices: whose data came from somebody else, and who has been told so."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from uuid import UUID

from sqlalchemy import Connection, delete, select, update

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.pieces import in_pieces
from registry.privacy.tables import source_notice
from registry.rosters.tables import pupil, roster_batch


@unique
class DataSource(StrEnum):
    """Who gave data about a patron that did not come from the patron."""

    BUREAU = "bureau"
    SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """A notice that is owed. ``name`` is the patron's full name: the notice is for them."""

    patron: PatronId
    name: str
    masked_name: str
    branch: str | None
    school: str | None
    source: DataSource
    batch: UUID
    school_year: int
    received_at: datetime


def owe(work: UnitOfWork, source: DataSource, patrons: Iterable[PatronId], *, batch: UUID, at: datetime) -> int:
    """Owe a notice to everybody whose data a batch brought, once for each source that they have not been told of; how many."""
    keys = dict.fromkeys(patrons)
    for some in in_pieces(keys):
        pending = select(source_notice.c.patron).where(
            source_notice.c.patron.in_(some), source_notice.c.source == source.value, source_notice.c.given_at.is_(None)
        )
        for key in work.connection.execute(pending).scalars():
            del keys[PatronId(key)]
    return work.add(source_notice, ((key, source.value, batch, at, None, None, None) for key in keys))


def owed(connection: Connection, *, branch: str | None = None, patron_key: PatronId | None = None, limit: int) -> list[OwedNotice]:
    """The notices that are owed, oldest first: of a branch's patrons, of one patron, or all."""
    wanted = (
        select(source_notice, patron.c.name, patron.c.masked_name, patron.c.regular_at, pupil.c.school, roster_batch.c.school_year)
        .join(patron, patron.c.id == source_notice.c.patron)
        .join(roster_batch, roster_batch.c.id == source_notice.c.batch)
        .outerjoin(pupil, pupil.c.patron == patron.c.id)
        .where(source_notice.c.given_at.is_(None))
    )
    if branch is not None:
        wanted = wanted.where(patron.c.regular_at == branch)
    if patron_key is not None:
        wanted = wanted.where(source_notice.c.patron == patron_key)
    ordered = wanted.order_by(source_notice.c.owed_at, source_notice.c.patron, source_notice.c.source).limit(limit)
    return [
        OwedNotice(
            *(PatronId(row.patron), row.name, row.masked_name, row.regular_at, row.school, DataSource(row.source)),
            *(row.batch, row.school_year, row.owed_at),
        )
        for row in connection.execute(ordered)
    ]


def give(work: UnitOfWork, patrons: Collection[PatronId], *, at: datetime, by: str, channel: str) -> int:
    """Note that these patrons have been told of every source; how many notices that were."""
    count = 0
    for some in in_pieces(patrons):
        pending = update(source_notice).where(source_notice.c.patron.in_(some), source_notice.c.given_at.is_(None))
        count += work.connection.execute(pending.values(given_at=at, given_by=by, channel=channel)).rowcount
    return count


def forget(work: UnitOfWork, keys: Collection[PatronId]) -> None:
    """Forget the notices to these patrons."""
    work.connection.execute(delete(source_notice).where(source_notice.c.patron.in_(keys)))
