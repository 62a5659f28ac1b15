"""How far each school is in a school year, and what it has sent. A branch sees its own schools only (Q3-3a)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select

from registry.enrolment.tables import patron
from registry.rosters.tables import consent, pupil, roster_batch, roster_waiting
from registry.schools.rollover import LastYear
from registry.schools.store import branch_of_school, schools_of
from registry.schools.tables import contact_batch, contact_batch_school, contact_waiting, school


@dataclass(frozen=True, slots=True)
class SchoolProgress:
    """A school in a school year, in numbers.

    ``consenting`` are the pupils whose consent is of this year (Q4-d), ``complete`` those of them whose record is complete;
    ``waiting`` rows came before the Bureau's word. ``batches`` of contact data came, ``late`` of them after the deadline.
    ``school`` is none for pupils of whom the Bureau named no school that is on the list.
    """

    school: str | None
    name: str
    branch: str | None
    consenting: int = 0
    complete: int = 0
    waiting: int = 0
    batches: int = 0
    late: int = 0
    last_on: date | None = None

    @property
    def incomplete(self) -> int:
        """Pupils who are still reached through the school."""
        return self.consenting - self.complete


def progress(connection: Connection, school_year: int, *, branch: str | None = None) -> list[SchoolProgress]:
    """Every school that a branch has in a school year, or every school, by its code; what belongs to no school comes last."""
    branches = branch_of_school(connection, school_year)
    mine = schools_of(connection, school_year, branch)
    pupils = _by_school(connection, _pupils(school_year), mine)
    waits = _by_school(connection, _waits(school_year), mine)
    batches = _by_school(connection, _batches_by_school(school_year), mine)
    names = {row.code: row.name for row in connection.execute(select(school.c.code, school.c.name))}
    codes: list[str | None] = [code for code in sorted(names) if mine is None or code in mine]
    if mine is None and (None in pupils or None in waits):
        codes.append(None)
    return [
        SchoolProgress(code, names.get(code or "", ""), branches.get(code or ""), *_numbers(pupils, waits, batches, code)) for code in codes
    ]


_Counted = dict[str | None, Row[*tuple[Any, ...]]]


def _numbers(pupils: _Counted, waits: _Counted, batches: _Counted, code: str | None) -> tuple[Any, ...]:
    of_pupils, of_waits, of_batches = pupils.get(code), waits.get(code), batches.get(code)
    return (
        *((0, 0) if of_pupils is None else (of_pupils.consenting, of_pupils.complete)),
        0 if of_waits is None else of_waits.waiting,
        *((0, 0, None) if of_batches is None else (of_batches.batches, of_batches.late, of_batches.last_on)),
    )


def _by_school(connection: Connection, counted: Select[*tuple[Any, ...]], mine: Collection[str] | None) -> _Counted:
    rows = connection.execute(counted).all()
    return {row.code: row for row in rows if mine is None or row.code in mine}


def _number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _pupils(school_year: int) -> Select[*tuple[Any, ...]]:
    joined = (
        consent.join(patron, patron.c.id == consent.c.patron)
        .outerjoin(pupil, pupil.c.patron == consent.c.patron)
        .outerjoin(school, school.c.code == pupil.c.school)
    )
    numbers = (func.count().label("consenting"), _number_of(patron.c.contact_complete).label("complete"))
    return select(school.c.code, *numbers).select_from(joined).where(consent.c.school_year == school_year).group_by(school.c.code)


def _waits(school_year: int) -> Select[*tuple[Any, ...]]:
    joined = roster_waiting.outerjoin(contact_waiting, contact_waiting.c.tag == roster_waiting.c.tag)
    counted = select(contact_waiting.c.school.label("code"), func.count().label("waiting")).select_from(joined)
    return counted.where(roster_waiting.c.school_year == school_year).group_by(contact_waiting.c.school)


def _batches_by_school(school_year: int) -> Select[*tuple[Any, ...]]:
    one = contact_batch_school
    joined = one.join(contact_batch, contact_batch.c.batch == one.c.batch).join(roster_batch, roster_batch.c.id == one.c.batch)
    numbers = (
        func.count().label("batches"),
        _number_of(contact_batch.c.late.is_(True)).label("late"),
        func.max(contact_batch.c.received_on).label("last_on"),
    )
    return (
        select(one.c.school.label("code"), *numbers).select_from(joined).where(roster_batch.c.school_year == school_year).group_by("code")
    )


@dataclass(frozen=True, slots=True)
class SchoolsBatch:
    """A school's part in a batch of contact data. ``late`` is none while no deadline is set (R2)."""

    batch: UUID
    school: str | None
    checked_at: datetime
    checked_by: str
    written: int
    completed: int
    waiting: int
    late: bool | None
    last_day: date | None


def batches(connection: Connection, school_year: int, *, branch: str | None = None) -> list[SchoolsBatch]:
    """The batches of contact data of a branch's schools, or of all; the latest first. Whoever loaded one has checked it (Q3-3b)."""
    mine = schools_of(connection, school_year, branch)
    part = contact_batch_school
    joined = contact_batch.join(roster_batch, roster_batch.c.id == contact_batch.c.batch).outerjoin(
        part, part.c.batch == contact_batch.c.batch
    )
    columns = (
        *(contact_batch.c.batch, part.c.school, contact_batch.c.checked_at, contact_batch.c.checked_by),
        *(func.coalesce(number, 0) for number in (part.c.written, part.c.completed, part.c.waiting)),
        *(contact_batch.c.late, contact_batch.c.last_day),
    )
    wanted = select(*columns).select_from(joined).where(roster_batch.c.school_year == school_year)
    if mine is not None:
        wanted = wanted.where(part.c.school.in_(mine))
    wanted = wanted.order_by(contact_batch.c.checked_at.desc(), contact_batch.c.batch, part.c.school)
    return [SchoolsBatch(*row) for row in connection.execute(wanted)]


def last_year(connection: Connection, school_year: int) -> LastYear:
    """How many pupils have a consent of this school year or an earlier one, and whose record of them is incomplete."""
    joined = patron.join(consent, consent.c.patron == patron.c.id)
    given = select(patron.c.id, patron.c.contact_complete).select_from(joined).where(consent.c.school_year <= school_year)
    each = given.distinct().subquery()
    pupils, incomplete = connection.execute(select(func.count(), _number_of(each.c.contact_complete.is_(False))).select_from(each)).one()
    return LastYear(pupils, incomplete)


@dataclass(frozen=True, slots=True)
class BranchProgress:
    """All schools of one branch together."""

    schools: int
    total: SchoolProgress


def of_branches(found: Iterable[SchoolProgress]) -> dict[str | None, BranchProgress]:
    """The same numbers a branch at a time, by its code; what belongs to no school comes last."""
    each: dict[str | None, list[SchoolProgress]] = {}
    for one in found:
        each.setdefault(one.branch, []).append(one)
    return {code: BranchProgress(len(each[code]), _together(code, each[code])) for code in sorted(each, key=lambda code: code or "~")}


def _together(branch: str | None, found: list[SchoolProgress]) -> SchoolProgress:
    return SchoolProgress(
        None,
        "",
        branch,
        sum(one.consenting for one in found),
        sum(one.complete for one in found),
        sum(one.waiting for one in found),
        sum(one.batches for one in found),
        sum(one.late for one in found),
        max((one.last_on for one in found if one.last_on is not None), default=None),
    )
