"""What people read: a line a problem in both languages, and a file of the bad rows that can be corrected and sent again."""

import csv
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rosters.loading import LoadedRoster
from registry.rosters.problems import FileFault, ProblemCode, RosterFileError
from registry.rosters.report import file_lines, problem_lines, warning_lines, write_bad_rows
from registry.rosters.rows import BureauRow
from registry.rosters.values import masked_number, shown_date
from registry.spreadsheet import armed_again, defused
from tests.unit.registry.rosters.roster_files import HEADINGS, a_pupil, bad_rows, bureau_file, loaded, xlsx_file
from texts.catalogue import Catalogue, open_catalogue

BOTH = (open_catalogue("zh_TW"), open_catalogue("en"))
FORMULAS = ["=1+1", "+886912345678", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1"]


def written(roster: LoadedRoster, path: Path) -> list[list[str]]:
    write_bad_rows(path, roster, BOTH)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("language", BOTH, ids=lambda catalogue: catalogue.language)
@pytest.mark.parametrize(
    "key",
    [
        *(f"roster.problem.{code}" for code in ProblemCode),
        *(f"roster.file.{fault}" for fault in FileFault),
    ],
)
def test_every_problem_has_a_sentence(language: Catalogue, key: str) -> None:
    assert key in language


def test_every_bad_row_is_told_with_row_column_and_reason_in_both_languages(tmp_path: Path) -> None:
    roster = loaded(bureau_file(tmp_path, a_pupil(born="2014/15/06", national_id="A123456780"), a_pupil(name="\ue000")))
    assert list(problem_lines(roster, BOTH)) == [
        "第 2 列「身分證字號」：證號的檢查碼不對，請核對（A********0）",
        "Row 2, “身分證字號”: the check digit is wrong, please compare with the document (A********0)",
        "第 2 列「出生年月日」：月和日好像寫反了（2014/15/06）",
        "Row 2, “出生年月日”: day and month look swapped (2014/15/06)",
    ]
    assert list(warning_lines(roster, BOTH)) == [
        "提醒 第 3 列「姓名」：有造字，請核對這個字",
        "Note: Row 3, “姓名”: has a user-defined character, please check it",
    ]


def test_no_line_holds_a_name_or_a_whole_number_even_when_the_columns_are_shifted(tmp_path: Path) -> None:
    ming = a_pupil(name="A123456789", national_id="歐陽小華明", born="A123456789", card="A123456789", phone="歐陽")
    lines = "\n".join(problem_lines(loaded(bureau_file(tmp_path, ming)), BOTH))
    assert "A123456789" not in lines
    assert "歐" not in lines
    assert "華" not in lines


def test_a_fault_of_a_file_is_told_in_both_languages() -> None:
    assert file_lines(RosterFileError(FileFault.TOO_LARGE, megabytes=200, limit=48), BOTH) == [
        "檔案有 200 MB，上限是 48 MB，請分成幾個檔案。",
        "The file has 200 MB, the limit is 48 MB: send it in parts.",
    ]


def test_bad_rows_are_written_as_they_came_with_their_reasons(tmp_path: Path) -> None:
    bad = a_pupil(born="2014/15/06", card="zz")
    header, row = written(loaded(bureau_file(tmp_path, a_pupil(national_id="F131234569", card="04000001"), bad)), tmp_path / "bad.csv")
    assert header == ["列", *HEADINGS, "原因 (zh_TW)", "reasons (en)"]
    assert row == [
        "3",
        *bad,
        "出生年月日: 月和日好像寫反了; 悠遊卡號: 不是約定格式的卡號",
        "出生年月日: day and month look swapped; 悠遊卡號: this is no card number in the agreed form",
    ]


def test_only_the_owner_reads_the_file_even_when_there_was_one_that_all_could_read(tmp_path: Path) -> None:
    target = tmp_path / "bad.csv"
    target.write_text("old")
    target.chmod(0o644)
    written(loaded(bureau_file(tmp_path, a_pupil(born=""))), target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "bureau.csv"]


def test_q3_2b_a_row_without_a_clear_consent_stands_by_its_number_alone(tmp_path: Path) -> None:
    _, row = written(loaded(bureau_file(tmp_path, a_pupil(consent="?"))), tmp_path / "bad.csv")
    assert row[: len(HEADINGS) + 1] == ["2", *[""] * len(HEADINGS)]


def test_without_bad_rows_nothing_is_written(tmp_path: Path) -> None:
    assert write_bad_rows(tmp_path / "bad.csv", loaded(bureau_file(tmp_path, a_pupil())), BOTH) == 0
    assert not (tmp_path / "bad.csv").exists()


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula(formula: str, tmp_path: Path) -> None:
    bad = a_pupil(name=formula, address=formula, born="x")
    for roster in (loaded(bureau_file(tmp_path, bad)), loaded(xlsx_file(tmp_path, [HEADINGS, ["\t" + bad[0], *bad[1:]]], name="x.xlsx"))):
        for row in written(roster, tmp_path / "bad.csv"):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_file_of_bad_rows_can_be_corrected_and_loaded(tmp_path: Path) -> None:
    bad = a_pupil(name="=王小明", phone="+886-2-2345-6789", born="2014/15/06")
    target = tmp_path / "bad.csv"
    written(loaded(bureau_file(tmp_path, bad)), target)
    assert bad_rows(loaded(target)) == [(2, "出生年月日", "date_swapped")]
    target.write_text(target.read_text("utf-8-sig").replace("2014/15/06", "2014/06/15"), "utf-8")
    (row,) = loaded(target).rows
    assert isinstance(row, BureauRow)
    assert row.name == "=王小明"


@given(st.text(max_size=20))
def test_a_defused_text_is_no_formula_and_comes_back(text: str) -> None:
    assert not defused(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    if not text.startswith("'"):
        assert armed_again(defused(text)) == text


@given(st.text(max_size=30))
def test_at_most_two_characters_of_a_number_are_shown(text: str) -> None:
    assert len(masked_number(text).replace("*", "")) <= 2


@given(st.from_regex(r"[A-Z][12][0-9]{8}|09[0-9]{8}|[0-9A-F]{14}", fullmatch=True))
def test_a_number_in_the_date_column_is_not_shown(number: str) -> None:
    assert shown_date(number) == ""
