"""Whose records are still incomplete, for the branch that looks after their schools (Q3-3a), by masked names only."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, func, select

from circulation.ids import PatronId
from registry.enrolment.tables import patron
from registry.rosters.tables import consent, pupil, roster_batch
from registry.schools.contact_rule import ContactRoute
from registry.schools.store import schools_of
from registry.schools.store_routes import routes_of
from registry.schools.tables import school


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A pupil whose record is incomplete, as a branch's worklist and call list show one: the mask of a name, never the name."""

    patron: PatronId
    masked_name: str = field(repr=False)
    school: str | None
    school_year: int
    since: datetime
    student_number: str | None = field(repr=False)
    birth_date: date | None = field(repr=False)
    route: ContactRoute


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which incomplete records: those with a consent up to a school year, of a branch's schools, of one school."""

    school_year: int
    branch: str | None = None
    school: str | None = None


def worklist(connection: Connection, wanted: Wanted, *, today: date, limit: int | None = None) -> list[Incomplete]:
    """Whose contact data are still missing, the oldest first; those of earlier school years are among them."""
    mine = schools_of(connection, wanted.school_year, wanted.branch)
    since = (
        select(consent.c.patron, func.min(roster_batch.c.loaded_at).label("since"), func.min(consent.c.school_year).label("school_year"))
        .select_from(consent.join(roster_batch, roster_batch.c.id == consent.c.batch))
        .where(consent.c.school_year <= wanted.school_year)
        .group_by(consent.c.patron)
        .subquery()
    )
    joined = (
        patron.join(since, since.c.patron == patron.c.id)
        .outerjoin(pupil, pupil.c.patron == patron.c.id)
        .outerjoin(school, school.c.code == pupil.c.school)
    )
    columns = (patron.c.id, patron.c.masked_name, patron.c.birth_date, school.c.code, pupil.c.student_number, since.c.since)
    found = select(*columns, since.c.school_year).select_from(joined).where(*_conditions(mine, wanted.school))
    found = found.order_by(since.c.since, func.coalesce(school.c.code, ""), func.coalesce(pupil.c.student_number, ""), patron.c.id).limit(
        limit
    )
    rows = connection.execute(found).all()
    routes = routes_of(connection, [row.id for row in rows], today=today)
    return [
        Incomplete(row.id, row.masked_name, row.code, row.school_year, row.since, row.student_number, row.birth_date, routes[row.id])
        for row in rows
    ]


def _conditions(mine: Collection[str] | None, only: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [patron.c.contact_complete.is_(False)]
    if mine is not None:
        found.append(school.c.code.in_(mine))
    if only is not None:
        found.append(school.c.code == only)
    return found
