"""Files that nobody should send: bombs, rubbish and things that only look like rosters."""

import io
import struct
import zipfile
from pathlib import Path

from tests.unit.registry.rosters.roster_files import HEADINGS, a_pupil, csv_bytes, xlsx_file

_SHEET = '<?xml version="1.0"?>{doctype}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_END = "</sheetData></worksheet>"
_SHEET_PART = "xl/worksheets/sheet1.xml"
_SHARED_RELATIONSHIP = (
    b'<Relationship Id="rIdTexts" Target="texts.xml" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
)
MEGABYTE = 1 << 20


def two_hundred_megabytes(folder: Path) -> Path:
    path = folder / "large.csv"
    with path.open("wb") as file:
        file.write(csv_bytes([HEADINGS, a_pupil()]))
        file.truncate(200 * MEGABYTE)
    return path


def one_endless_line(folder: Path) -> Path:
    path = folder / "line.csv"
    path.write_bytes(csv_bytes([HEADINGS]) + b"x" * (40 * MEGABYTE))
    return path


def an_open_quote(folder: Path) -> Path:
    path = folder / "quote.csv"
    path.write_bytes(csv_bytes([HEADINGS]) + b'"' + b"x,\n" * (12 * MEGABYTE))
    return path


def a_thousand_columns(folder: Path) -> Path:
    path = folder / "columns.csv"
    path.write_bytes(csv_bytes([[f"c{n}" for n in range(1000)], *[["x"] * 1000] * 2000]))
    return path


def a_thousand_columns_in_a_workbook(folder: Path) -> Path:
    return xlsx_file(folder, [[f"c{n}" for n in range(1000)], ["x"] * 1000], name="columns.xlsx")


def rubbish(folder: Path) -> Path:
    path = folder / "rubbish.csv"
    path.write_bytes(b"\x7fELF" + bytes(range(256)) * 4096)
    return path


def headings_twice(folder: Path) -> Path:
    path = folder / "twice.csv"
    path.write_bytes(csv_bytes([[*HEADINGS, "生日"], [*a_pupil(), "0990315"]]))
    return path


def empty(folder: Path) -> Path:
    path = folder / "empty.csv"
    path.touch()
    return path


def a_deflated_bomb(folder: Path) -> Path:
    """A third of a megabyte that is three hundred when it is unpacked."""
    path = folder / "bomb.xlsx"
    with (
        zipfile.ZipFile(xlsx_file(folder, [HEADINGS], name="plain.xlsx")) as plain,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for part in plain.infolist():
            if part.filename != _SHEET_PART:
                bomb.writestr(part, plain.read(part))
        with bomb.open(_SHEET_PART, "w", force_zip64=True) as sheet:
            sheet.write(_SHEET.format(doctype="").encode())
            for _ in range(300):
                sheet.write(b" " * MEGABYTE)
            sheet.write(_END.encode())
    return path


def a_bomb_that_lies_about_its_size(folder: Path) -> Path:
    """As before, but its directory says that there is hardly anything inside."""
    content = bytearray(a_deflated_bomb(folder).read_bytes())
    place = content.rfind(_SHEET_PART.encode()) - 46
    struct.pack_into("<I", content, place + 24, 1000)
    path = folder / "lies.xlsx"
    path.write_bytes(content)
    return path


def _with_sheet(folder: Path, name: str, sheet: str, *, shared: str | None = None) -> Path:
    path = folder / name
    out = io.BytesIO()
    with (
        zipfile.ZipFile(xlsx_file(folder, [HEADINGS], name="plain.xlsx")) as plain,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for part in plain.infolist():
            if part.filename == _SHEET_PART:
                made.writestr(part, sheet)
            elif part.filename == "xl/_rels/workbook.xml.rels":
                made.writestr(part, plain.read(part).replace(b"</Relationships>", _SHARED_RELATIONSHIP + b"</Relationships>"))
            else:
                made.writestr(part, plain.read(part))
        made.writestr("xl/texts.xml", shared or '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>')
    path.write_bytes(out.getvalue())
    return path


def one_cell_far_away(folder: Path) -> Path:
    """A reader that lays out the whole table needs 17 thousand million cells."""
    cell = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return _with_sheet(folder, "far.xlsx", _SHEET.format(doctype="") + cell + _END)


def one_cell_far_away_in_small_letters(folder: Path) -> Path:
    """Not how a place is written, but a reader may understand it."""
    return _with_sheet(folder, "small.xlsx", _SHEET.format(doctype="") + '<row r="1"><c r="aaaaaxfd1"><v>1</v></c></row>' + _END)


def one_row_far_away(folder: Path) -> Path:
    return _with_sheet(folder, "deep.xlsx", _SHEET.format(doctype="") + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>' + _END)


def one_text_in_every_cell(folder: Path) -> Path:
    """One text of 30,000 characters, named by 100,000 cells."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 90_000))
    shared = (
        f'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"長" * 30_000}</t></si></sst>'
    )
    return _with_sheet(folder, "texts.xlsx", _SHEET.format(doctype="") + rows + _END, shared=shared)


def texts_that_multiply(folder: Path) -> Path:
    """A billion laughs: ten entities, each ten times the one before."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE worksheet [<!ENTITY e0 "ha">{entities}]>'
    cell = '<row r="1"><c r="A1" t="str"><v>&e9;</v></c></row>'
    return _with_sheet(folder, "laughs.xlsx", _SHEET.format(doctype=doctype) + cell + _END)


def a_table_that_boasts(folder: Path) -> Path:
    """Says that it is as large as can be, and has nothing inside."""
    sheet = _SHEET.format(doctype="").replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    return _with_sheet(folder, "boast.xlsx", sheet + _END)


def too_many_cells(folder: Path) -> Path:
    row = "<row>" + "<c/>" * 100 + "</row>"
    return _with_sheet(folder, "cells.xlsx", _SHEET.format(doctype="") + row * 20_000 + _END)


def a_workbook_with_a_password(folder: Path) -> Path:
    """A spreadsheet puts an encrypted workbook into the box of its older formats: the signature, then the streams by name."""
    path = folder / "password.xlsx"
    path.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + "EncryptionInfo\0EncryptedPackage".encode("utf-16-le") + b"\x8f" * 4096
    )
    return path


def utf_16_without_its_mark(folder: Path) -> Path:
    path = folder / "unmarked.csv"
    path.write_bytes(csv_bytes([HEADINGS, a_pupil()], encoding="utf-16-le"))
    return path


def utf_16_cut_inside_a_character(folder: Path) -> Path:
    path = folder / "cut.csv"
    path.write_bytes(csv_bytes([HEADINGS, a_pupil()], encoding="utf-16")[:-1])
    return path


def no_workbook(folder: Path) -> Path:
    path = folder / "none.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    return path


def a_workbook_cut_short(folder: Path) -> Path:
    path = folder / "short.xlsx"
    path.write_bytes(xlsx_file(folder, [HEADINGS, a_pupil()], name="plain.xlsx").read_bytes()[:-200])
    return path
