"""Files as rows: CSV in every dialect, XLSX with everything a spreadsheet does to a cell."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rosters.headings import LAYOUTS, RosterKind
from registry.rosters.problems import FileFault, RosterFileError
from registry.rosters.sheet import Sheet, open_sheet
from tests.unit.registry.rosters.roster_files import HEADINGS, a_pupil, bad_rows, bureau_file, csv_bytes, loaded, rewritten, xlsx_file


def opened(path: Path) -> Sheet:
    return open_sheet(path, LAYOUTS[RosterKind.BUREAU_STUDENTS])


def rows_of(path: Path) -> list[tuple[int, tuple[object, ...]]]:
    return [(row.number, row.cells) for row in opened(path).rows()]


def a_file(folder: Path, content: bytes) -> Path:
    path = folder / "file.csv"
    path.write_bytes(content)
    return path


def fault_of(path: Path) -> RosterFileError:
    with pytest.raises(RosterFileError) as caught:
        loaded(path)
    return caught.value


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp950"])
def test_every_dialect_gives_the_same_rows(delimiter: str, line_end: str, encoding: str, tmp_path: Path) -> None:
    ming = a_pupil(address='臺北市, "虛構"; 路\t1號')
    path = a_file(tmp_path, csv_bytes([HEADINGS, ming], delimiter=delimiter, line_end=line_end, encoding=encoding))
    assert opened(path).headings == HEADINGS
    assert rows_of(path) == [(2, ming)]


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    ming, hua = a_pupil(address="一\n二"), a_pupil(name="華")
    path = a_file(tmp_path, csv_bytes([["114學年度新生名冊"], [], HEADINGS, ming, [], ["", " ", ""], hua]))
    assert opened(path).heading_row == 3
    assert rows_of(path) == [(4, ming), (7, hua)]


def test_a_workbook_gives_texts_numbers_and_dates(tmp_path: Path) -> None:
    day = date(2010, 3, 15)
    path = xlsx_file(tmp_path, [HEADINGS, [], ["王小明", "A123456789", day, "1號", 27551234, "04A32B1C", True]])
    assert rows_of(path) == [(3, ("王小明", "A123456789", day, "1號", 27551234.0, "04A32B1C", True))]


def test_a_table_that_begins_further_down_keeps_its_row_numbers(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, [[], [], ["", *HEADINGS], ["", *a_pupil()]])
    assert opened(path).headings == ("", *HEADINGS)
    assert rows_of(path) == [(4, ("", *a_pupil()))]


def test_excels_own_dates_are_taken_and_times_are_not(tmp_path: Path) -> None:
    good, bad = list(a_pupil()), list(a_pupil(national_id="F131234569", card="04A32B1D"))
    path = xlsx_file(tmp_path, [HEADINGS, [*good[:2], date(2010, 3, 15), *good[3:]], [*bad[:2], datetime(2010, 3, 15, 9, 30), *bad[3:]]])  # noqa: DTZ001 - a spreadsheet knows no zone
    roster = loaded(path)
    assert [row.born for row in roster.rows] == [date(2010, 3, 15)]
    assert bad_rows(roster) == [(3, "出生年月日", "date_format")]


@pytest.mark.parametrize(
    ("card", "code"),
    [(4123456, "excel_leading_zero"), (1234567890123456, "excel_rounded"), (4.12e12, "excel_leading_zero"), (4.5, "card_format")],
)
def test_a_card_number_in_a_number_cell_is_reported(card: float, code: str, tmp_path: Path) -> None:
    row: list[object] = [*a_pupil()]
    row[5] = card
    assert bad_rows(loaded(xlsx_file(tmp_path, [HEADINGS, row]))) == [(2, "悠遊卡號", code)]


@pytest.mark.parametrize("written", ["NaN", "inf", "-inf", "1e400"])
def test_a_number_cell_without_a_number_is_reported(written: str, tmp_path: Path) -> None:
    row: list[object] = [*a_pupil()]
    row[5] = 4123456
    path = rewritten(xlsx_file(tmp_path, [HEADINGS, row]), "<v>4123456</v>", f"<v>{written}</v>")
    assert bad_rows(loaded(path)) == [(2, "悠遊卡號", "excel_rounded")]


def test_only_the_first_sheet_that_is_shown_is_read(tmp_path: Path) -> None:
    import openpyxl  # noqa: PLC0415 - for this workbook only

    workbook = openpyxl.Workbook()
    hidden = workbook.active
    assert hidden is not None
    hidden.sheet_state = "hidden"
    hidden.append(["備註"])
    shown = workbook.create_sheet("名冊")
    for row in (HEADINGS, a_pupil()):
        shown.append(list(row))
    workbook.save(tmp_path / "x.xlsx")
    assert rows_of(tmp_path / "x.xlsx") == [(2, a_pupil())]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b"\r\n \r\n", FileFault.EMPTY),
        (csv_bytes([HEADINGS]), FileFault.NO_ROWS),
        (b"\x89PNG\r\n\x1a\n\0\0\0", FileFault.BINARY),
        (bytes(range(1, 256)) * 10, FileFault.ENCODING),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), FileFault.OLD_EXCEL),
        (b"PK\x03\x04" + bytes(100), FileFault.XLSX_DAMAGED),
        (csv_bytes([["姓名"] * 2 + list(HEADINGS), a_pupil()]), FileFault.HEADING_TWICE),
        (csv_bytes([["姓名", "備註"], ["王", "x"]]), FileFault.COLUMNS_MISSING),
        (csv_bytes([[f"h{n}" for n in range(1000)], ["x"] * 1000]), FileFault.TOO_MANY_COLUMNS),
        (csv_bytes([HEADINGS, ["x"] * 1000]), FileFault.TOO_MANY_COLUMNS),
        (csv_bytes([HEADINGS, a_pupil()]) + '王,"A12'.encode(), FileFault.QUOTES),
        (csv_bytes([HEADINGS, a_pupil()]) + '"王"明,A'.encode(), FileFault.QUOTES),
        (csv_bytes([HEADINGS]) + b"x" * 70_000, FileFault.LINE_TOO_LONG),
    ],
)
def test_a_wrong_file_has_one_fault_and_no_rows(content: bytes, fault: FileFault, tmp_path: Path) -> None:
    assert fault_of(a_file(tmp_path, content)).fault is fault


def test_a_fault_in_a_row_names_the_row(tmp_path: Path) -> None:
    assert fault_of(a_file(tmp_path, csv_bytes([HEADINGS, a_pupil()]) + '王,"A12'.encode())).values == {"row": 3}


def test_a_file_that_is_changed_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    path = bureau_file(tmp_path, a_pupil())
    sheet = opened(path)
    bureau_file(tmp_path, a_pupil(name="華"))
    with pytest.raises(RosterFileError) as caught:
        list(sheet.rows())
    assert caught.value.fault is FileFault.CHANGED


def test_a_folder_is_unreadable_and_no_traceback(tmp_path: Path) -> None:
    assert fault_of(tmp_path).fault is FileFault.UNREADABLE


@given(
    st.binary(max_size=400)
    | st.builds(lambda rows: csv_bytes([HEADINGS, *rows]), st.lists(st.lists(st.text(max_size=12), max_size=9), max_size=5))
)
def test_any_bytes_are_a_roster_or_a_fault(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = a_file(Path(folder), content)
        try:
            roster = loaded(path)
        except RosterFileError:
            return
        numbers: Sequence[int] = [row.number for row in roster.rows]
        assert roster.count == len(list(roster.sheet.rows()))
        assert len(set(numbers)) == len(numbers)


@given(st.binary(min_size=4, max_size=400))
def test_any_bytes_after_a_workbooks_signature_are_a_fault(content: bytes) -> None:
    with TemporaryDirectory() as folder, pytest.raises(RosterFileError):
        loaded(a_file(Path(folder), b"PK\x03\x04" + content))
