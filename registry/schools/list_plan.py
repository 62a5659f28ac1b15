"""What a list of schools would change, decided without touching anything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from circulation.ids import BranchCode
from registry.schools.school_list import ListedSchool, SchoolList
from registry.schools.store import School, SchoolYear


@dataclass(frozen=True, slots=True)
class ListPreview:
    """What loading a list would change, in numbers.

    ``added`` schools are new, of ``changed`` ones the name, the phone or the branch; ``moved`` are those of them whose branch
    becomes another. ``missing`` are known and not on the list: nothing happens to them. ``silent`` have no phone on the list.
    """

    rows: int
    added: int
    changed: int
    unchanged: int
    moved: int
    refused: int
    repeated: int
    missing: int
    silent: int

    def counts(self) -> dict[str, int]:
        """All numbers by stable names."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class ListPlan:
    """Everything that loading a list would write."""

    schools: tuple[School, ...]
    years: tuple[SchoolYear, ...]
    preview: ListPreview


@dataclass(frozen=True, slots=True)
class KnownOfSchools:
    """What is known: every school, what is said of this school year already, and the branch of each until now."""

    schools: Mapping[str, School]
    years: Mapping[str, SchoolYear]
    branches: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ListOrder:
    """For which school year a list is, from which local date it holds, and where it comes from."""

    school_year: int
    since: date
    source: str


def decide_school_list(read: SchoolList, known: KnownOfSchools, order: ListOrder) -> ListPlan:
    """What becomes of each row: one that says what is known already changes nothing."""
    schools: list[School] = []
    years: list[SchoolYear] = []
    added = moved = unchanged = 0
    for row in read.rows:
        before = known.schools.get(row.code)
        said = known.years.get(row.code)
        same_name = before is not None and before.name == row.name
        same_year = said is not None and (said.branch, said.phone) == (row.branch, row.phone)
        if same_name and same_year:
            unchanged += 1
            continue
        if not same_name:
            schools.append(School(row.code, row.name, BranchCode(row.branch) if before is None else before.branch))
        if not same_year:
            years.append(SchoolYear(row.code, order.school_year, row.branch, row.phone, order.since, order.source))
        added += before is None
        moved += before is not None and known.branches.get(row.code) != row.branch
    preview = ListPreview(
        read.count,
        added,
        len(read.rows) - unchanged - added,
        unchanged,
        moved,
        len(read.bad),
        len(read.repeated),
        len(known.schools.keys() - _codes(read.rows)),
        sum(row.phone is None for row in read.rows),
    )
    return ListPlan(tuple(schools), tuple(years), preview)


def _codes(rows: Iterable[ListedSchool]) -> set[str]:
    return {row.code for row in rows}
