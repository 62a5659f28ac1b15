"""The list of schools as a file, and what it would change."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pytest

from circulation.ids import BranchCode
from registry.rosters.problems import FileFault, RosterFileError
from registry.schools.list_plan import KnownOfSchools, ListOrder, ListPlan, decide_school_list
from registry.schools.school_list import SchoolList, load_school_list
from registry.schools.store import School, SchoolYear
from tests.unit.registry.rosters.roster_files import csv_bytes, xlsx_file

HEADINGS = ("學校代碼", "學校名稱", "電話", "指定閱覽單位")
BRANCHES = {"C01": "總館", "L12": "西園"}
ORDER = ListOrder(114, date(2025, 8, 1), "函 1140001")
NOTHING_KNOWN = KnownOfSchools({}, {}, {})


def a_school(*, code: str = "313501", name: str = "虛構國小", phone: str = "02-2999-0001", branch: str = "總館") -> tuple[str, ...]:
    """Make a row of the list."""
    return (code, name, phone, branch)


def read(folder: Path, *rows: Sequence[str], headings: Sequence[str] = HEADINGS) -> SchoolList:
    path = folder / "schools.csv"
    path.write_bytes(csv_bytes([headings, *rows], encoding="cp950"))
    return load_school_list(path, branches=BRANCHES)


def bad_rows(found: SchoolList) -> list[tuple[int, str, str]]:
    return [(bad.number, problem.column, problem.code.value) for bad in found.bad for problem in bad.problems]


def plan(found: SchoolList, *, schools: Iterable[School] = (), years: Iterable[SchoolYear] = ()) -> ListPlan:
    branches = {one.code: str(one.branch) for one in schools} | {one.school: one.branch for one in years}
    return decide_school_list(
        found, KnownOfSchools({one.code: one for one in schools}, {one.school: one for one in years}, branches), ORDER
    )


@pytest.mark.parametrize("branch", ["總館", "C01", "Ｃ０１", " c01 "])
def test_a_branch_is_written_by_its_name_or_its_code(branch: str, tmp_path: Path) -> None:
    assert [row.branch for row in read(tmp_path, a_school(branch=branch)).rows] == ["C01"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (a_school(branch="沒有的館"), ("指定閱覽單位", "branch_unknown")),
        (a_school(branch=""), ("指定閱覽單位", "value_missing")),
        (a_school(code="13501"), ("學校代碼", "excel_leading_zero")),
        (a_school(code=""), ("學校代碼", "value_missing")),
        (a_school(name=""), ("學校名稱", "value_missing")),
        (a_school(phone="229990001"), ("電話", "excel_leading_zero")),
        (a_school()[:3], ("指定閱覽單位", "value_missing")),
    ],
)
def test_every_problem_has_its_row_and_column(row: tuple[str, ...], problem: tuple[str, str], tmp_path: Path) -> None:
    found = read(tmp_path, a_school(code="313502"), row)
    assert (bad_rows(found), len(found.rows)) == ([(3, *problem)], 1)


def test_rows_of_one_code_that_say_different_things_are_all_refused(tmp_path: Path) -> None:
    found = read(tmp_path, a_school(), a_school(), a_school(branch="西園"), a_school(code="313502"), a_school(code="313502"))
    assert bad_rows(found) == [(2, "學校代碼", "row_contradicts"), (4, "學校代碼", "row_contradicts")]
    assert ([row.code for row in found.rows], found.repeated, found.count) == (["313502"], (3, 6), 5)


def test_a_list_without_a_column_of_branches_is_none(tmp_path: Path) -> None:
    with pytest.raises(RosterFileError) as refused:
        read(tmp_path, a_school()[:3], headings=HEADINGS[:3])
    assert (refused.value.fault, refused.value.values["columns"]) == (FileFault.COLUMNS_MISSING, "指定閱覽單位")


def test_a_spreadsheet_is_read_like_text(tmp_path: Path) -> None:
    found = load_school_list(xlsx_file(tmp_path, [HEADINGS, a_school()]), branches=BRANCHES)
    assert [(row.code, row.name, row.phone, row.branch) for row in found.rows] == [("313501", "虛構國小", "02-2999-0001", "C01")]


def test_new_schools_are_added_with_their_branch_of_this_year(tmp_path: Path) -> None:
    made = plan(read(tmp_path, a_school(), a_school(code="313502", phone="")))
    assert made.schools == (School("313501", "虛構國小", BranchCode("C01")), School("313502", "虛構國小", BranchCode("C01")))
    assert made.years[0] == SchoolYear("313501", 114, "C01", "02-2999-0001", date(2025, 8, 1), "函 1140001")
    assert {name: count for name, count in made.preview.counts().items() if count} == {"rows": 2, "added": 2, "silent": 1}


def test_a_list_that_says_what_is_known_changes_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, a_school())
    first = plan(found)
    again = plan(found, schools=first.schools, years=first.years)
    assert (again.schools, again.years, again.preview.unchanged) == ((), (), 1)


def test_a_school_that_changes_its_branch_is_counted_and_one_that_is_missing_stays(tmp_path: Path) -> None:
    schools = [School(code, "虛構國小", BranchCode("C01")) for code in ("313501", "313502")]
    made = plan(read(tmp_path, a_school(branch="西園")), schools=schools)
    assert made.schools == ()
    assert [(one.school, one.branch) for one in made.years] == [("313501", "L12")]
    assert (made.preview.moved, made.preview.changed, made.preview.missing) == (1, 1, 1)
