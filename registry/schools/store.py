"""The store of schools and of the branch each has in a school year."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, func, select, update

from circulation.ids import BranchCode
from registry.database import UnitOfWork
from registry.pieces import in_pieces
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
    return branches | {code: one.branch for code, one in _latest(connection, school_year).items()}


def phone_of_school(connection: Connection, school_year: int) -> dict[str, str]:
    """Every school's own phone, of the latest year up to this one in which it had any."""
    return {code: one.phone for code, one in _latest(connection, school_year, with_phone=True).items() if one.phone is not None}


@dataclass(frozen=True, slots=True)
class YearOfSchool:
    """What was last said of a school: its branch and phone, in which school year."""

    school: str
    school_year: int
    branch: str
    phone: str | None


def _latest(connection: Connection, school_year: int, *, with_phone: bool = False) -> dict[str, YearOfSchool]:
    said = school_year_assignment
    years = select(said.c.school, func.max(said.c.school_year).label("school_year")).where(said.c.school_year <= school_year)
    last = (years.where(said.c.phone.is_not(None)) if with_phone else years).group_by(said.c.school).subquery()
    joined = said.join(last, and_(last.c.school == said.c.school, last.c.school_year == said.c.school_year))
    wanted = select(said.c.school, said.c.school_year, said.c.branch, said.c.phone).select_from(joined)
    return {row.school: YearOfSchool(*row) for row in connection.execute(wanted)}


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
