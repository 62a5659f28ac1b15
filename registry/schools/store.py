"""The store of schools and of the branch each has in a school year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, bindparam, delete, func, select, update

from circulation.ids import BranchCode, PatronId
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.lending.tables import branch
from registry.pieces import in_pieces
from registry.rosters.tables import pupil
from registry.schools.tables import school, school_year_assignment


@dataclass(frozen=True, slots=True)
class School:
    """A school by its code of six characters, and the branch it belongs to."""

    code: str
    name: str
    branch: BranchCode


def branch_of_school(connection: Connection, school_year: int | None = None) -> dict[str, str]:
    """Every school's branch; with a school year, the one of the latest year up to it that says something (Q3-3a)."""
    branches = {row.code: row.branch for row in connection.execute(select(school.c.code, school.c.branch))}
    if school_year is None:
        return branches
    return branches | {code: one.branch for code, one in latest_years(connection, school_year).items()}


def phone_of_school(connection: Connection, school_year: int) -> dict[str, str]:
    """Every school's own phone, of the latest year up to this one in which it had any."""
    return {code: one.phone for code, one in latest_years(connection, school_year, with_phone=True).items() if one.phone is not None}


def schools_of(connection: Connection, school_year: int, branch: str | None) -> frozenset[str] | None:
    """The codes of a branch's schools in a school year: the only ones it may see (Q3-3a). Without a branch: none are left out."""
    if branch is None:
        return None
    return frozenset(code for code, its in branch_of_school(connection, school_year).items() if its == branch)


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """A school's branch and phone as a school year says, from which local date, and where that was written."""

    school: str
    school_year: int
    branch: str
    phone: str | None
    since: date
    source: str


def latest_years(connection: Connection, school_year: int, *, with_phone: bool = False) -> dict[str, SchoolYear]:
    """What was last said of each school, in this school year or before; with ``with_phone``, the last that named a phone."""
    said = school_year_assignment
    years = select(said.c.school, func.max(said.c.school_year).label("school_year")).where(said.c.school_year <= school_year)
    last = (years.where(said.c.phone.is_not(None)) if with_phone else years).group_by(said.c.school).subquery()
    joined = said.join(last, and_(last.c.school == said.c.school, last.c.school_year == said.c.school_year))
    wanted = select(said.c.school, said.c.school_year, said.c.branch, said.c.phone, said.c.since, said.c.source).select_from(joined)
    return {row.school: SchoolYear(*row) for row in connection.execute(wanted)}


def set_schools(work: UnitOfWork, schools: Iterable[School]) -> int:
    """Add schools, and bring those that are there up to date; how many.

    Raises:
        sqlalchemy.exc.IntegrityError: a branch is not there.

    """
    given = {one.code: one for one in schools}
    known: dict[str, tuple[str, str]] = {}
    for codes in in_pieces(given):
        known |= {row.code: (row.name, row.branch) for row in work.connection.execute(select(school).where(school.c.code.in_(codes)))}
    changed = [one for code, one in given.items() if code in known and known[code] != (one.name, one.branch)]
    if changed:
        work.connection.execute(
            update(school).where(school.c.code == bindparam("of_code")).values(name=bindparam("to_name"), branch=bindparam("to_branch")),
            [{"of_code": one.code, "to_name": one.name, "to_branch": str(one.branch)} for one in changed],
        )
    work.add(school, ((one.code, one.name, one.branch) for code, one in given.items() if code not in known))
    return len(given)


def known_schools(connection: Connection) -> dict[str, School]:
    """Every school, by its code."""
    return {row.code: School(row.code, row.name, BranchCode(row.branch)) for row in connection.execute(select(school))}


def branch_names(connection: Connection) -> dict[str, str]:
    """Every branch's name, by its code."""
    return {row.code: row.name for row in connection.execute(select(branch.c.code, branch.c.name))}


def assign(work: UnitOfWork, years: Iterable[SchoolYear], *, at: datetime, by: str) -> int:
    """Say what schools have in a school year, in place of what was said of it before; how many."""
    given = {(one.school, one.school_year): one for one in years}
    said = school_year_assignment
    for year in sorted({one.school_year for one in given.values()}):
        for codes in in_pieces([code for code, of_year in given if of_year == year]):
            work.connection.execute(delete(said).where(said.c.school_year == year, said.c.school.in_(codes)))
    return work.add(said, ((one.school, one.school_year, one.branch, one.phone, one.since, one.source, at, by) for one in given.values()))


def follow_schools(work: UnitOfWork, before: Mapping[str, str], after: Mapping[str, str]) -> list[PatronId]:
    """Make pupils regulars of their school's new branch; who they are. Those whose branch was never the school's stay where they are."""
    moves: dict[tuple[str, str], list[str]] = {}
    for code, to in sorted(after.items()):
        old = before.get(code)
        if old is not None and old != to:
            moves.setdefault((old, to), []).append(code)
    leaving = {pair: _regulars(work.connection, codes, pair[0]) for pair, codes in moves.items()}
    for (_, to), patrons in leaving.items():
        for keys in in_pieces(patrons):
            work.connection.execute(update(patron).where(patron.c.id.in_(keys)).values(regular_at=to))
    return [key for patrons in leaving.values() for key in patrons]


def _regulars(connection: Connection, codes: list[str], at: str) -> list[PatronId]:
    joined = pupil.join(patron, patron.c.id == pupil.c.patron)
    return list(
        connection.execute(
            select(patron.c.id).select_from(joined).where(pupil.c.school.in_(codes), patron.c.regular_at == at).order_by(patron.c.id)
        ).scalars()
    )
