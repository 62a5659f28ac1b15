"""Roster files for tests: each builder writes an ordinary one, a test names only what matters to it."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import openpyxl

from circulation.cards import NumberForm
from registry.rosters.arrival import ConsentDeclaration
from registry.rosters.headings import RosterKind
from registry.rosters.loading import LoadedRoster, RosterOrder, load_roster

TODAY = date(2025, 9, 20)
SCHOOL_YEAR = 114
HEADINGS = ("姓名", "身分證字號", "出生年月日", "戶籍地址", "學校電話", "悠遊卡號", "同意")
CONTACT_HEADINGS = ("姓名", "身分證字號", "生日", "通訊地址", "通訊電話", "行動電話")


def a_pupil(  # noqa: PLR0913 - one optional argument a column
    *,
    name: str = "王小明",
    national_id: str = "A123456789",
    born: str = "0990315",
    address: str = "臺北市虛構路1號",
    phone: str = "02-2345-6789",
    card: str = "04A32B1C",
    consent: str = "是",
) -> tuple[str, ...]:
    """Make a row of the Bureau's file."""
    return (name, national_id, born, address, phone, card, consent)


def a_contact(  # noqa: PLR0913 - one optional argument a column
    *,
    name: str = "王小明",
    national_id: str = "A123456789",
    born: str = "2010-03-15",
    address: str = "臺北市虛構路2號",
    phone: str = "02-2345-1234",
    mobile: str = "0912345678",
) -> tuple[str, ...]:
    """Make a row of a school's file."""
    return (name, national_id, born, address, phone, mobile)


def csv_bytes(rows: Iterable[Sequence[str]], *, encoding: str = "utf-8", delimiter: str = ",", line_end: str = "\r\n") -> bytes:
    """Write rows as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return out.getvalue().encode(encoding)


def bureau_file(folder: Path, *pupils: Sequence[str], headings: Sequence[str] = HEADINGS, name: str = "bureau.csv") -> Path:
    """Write the Bureau's file with these pupils."""
    path = folder / name
    path.write_bytes(csv_bytes([headings, *pupils]))
    return path


def contact_file(folder: Path, *contacts: Sequence[str], headings: Sequence[str] = CONTACT_HEADINGS) -> Path:
    """Write a school's file with these contacts."""
    path = folder / "contacts.csv"
    path.write_bytes(csv_bytes([headings, *contacts]))
    return path


def xlsx_file(folder: Path, rows: Iterable[Sequence[object]], *, name: str = "bureau.xlsx") -> Path:
    """Write rows into the first sheet of a workbook."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    path = folder / name
    workbook.save(path)
    return path


def rewritten(path: Path, before: str, after: str) -> Path:
    """Change what stands in the first sheet of a workbook, for what no spreadsheet writes."""
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as workbook:
        parts = {name: workbook.read(name) for name in workbook.namelist()}
    assert before.encode() in parts[sheet]
    parts[sheet] = parts[sheet].replace(before.encode(), after.encode())
    with zipfile.ZipFile(path, "w") as workbook:
        for name, part in parts.items():
            workbook.writestr(name, part)
    return path


def an_order(
    path: Path,
    kind: RosterKind = RosterKind.BUREAU_STUDENTS,
    *,
    number_form: NumberForm = NumberForm.HEX,
    declaration: ConsentDeclaration | None = None,
    school_year: int = SCHOOL_YEAR,
) -> RosterOrder:
    """Order a file to be loaded for school year 114."""
    return RosterOrder(kind, path, school_year, number_form, declaration)


def loaded(path: Path, kind: RosterKind = RosterKind.BUREAU_STUDENTS, *, schools: Iterable[str] = ()) -> LoadedRoster:
    """Read a file on 20 September 2025."""
    return load_roster(an_order(path, kind), today=TODAY, schools=frozenset(schools))


def bad_rows(roster: LoadedRoster) -> list[tuple[int, str, str]]:
    """Row, column and code of every problem."""
    return [(bad.number, problem.column, problem.code.value) for bad in roster.bad for problem in bad.problems]


def warnings(roster: LoadedRoster) -> list[tuple[int, str, str]]:
    """Row, column and code of every warning."""
    return [(number, problem.column, problem.code.value) for number, problem in roster.warnings]
