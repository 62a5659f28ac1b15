"""XLSX: the first sheet that is shown, by python-calamine, once ``xlsx_guard`` has measured the file."""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineSheet, SheetTypeEnum, SheetVisibleEnum, load_workbook

from registry.rosters.problems import FileFault, RosterFileError
from registry.rosters.xlsx_guard import Caps, check_workbook

Cell = str | float | bool | date | datetime | time | timedelta
"""What a spreadsheet holds; a CSV holds text only."""

MAX_XLSX_BYTES = 24 * 1024 * 1024


def xlsx_rows(content: bytes, caps: Caps) -> Iterator[Sequence[Cell]]:
    """Every row of the first visible sheet, blank ones too, from the sheet's first row on.

    Raises:
        RosterFileError: the workbook is damaged, locked by a password, or larger inside than a roster.

    """
    check_workbook(content, caps)
    try:
        sheet = _first_shown(content)
    except (CalamineError, ValueError, OSError):
        raise RosterFileError(FileFault.XLSX_DAMAGED) from None
    if sheet is None or sheet.start is None:
        return
    above, left = sheet.start
    for _ in range(above):
        yield ()
    # calamine leaves out the empty rows and columns before the data
    for row in sheet.to_python():
        yield [*[""] * left, *row]


def _first_shown(content: bytes) -> CalamineSheet | None:
    workbook = load_workbook(io.BytesIO(content))
    for place, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            return workbook.get_sheet_by_index(place)
    return None
