"""A file as rows of cells, whatever it is: CSV or XLSX, with caps on everything."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry.rosters.csv_sheet import FIRST_ROWS, csv_rows
from registry.rosters.encodings import Encoding, find_encoding
from registry.rosters.headings import Layout, known_headings
from registry.rosters.problems import FileFault, RosterFileError
from registry.rosters.xlsx_guard import Caps
from registry.rosters.xlsx_sheet import MAX_XLSX_BYTES, Cell, xlsx_rows

MAX_CSV_BYTES = 48 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 100
MAX_CELLS = 1_500_000
_CAPS = Caps(rows=MAX_ROWS, columns=MAX_COLUMNS, cells=MAX_CELLS)
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_FEWEST_HEADINGS = 2


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it came. ``number`` counts from 1 as a spreadsheet shows it."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file whose bytes have been looked at: what it is, and the SHA-256 it must still have when its rows are read."""

    path: Path
    layout: Layout
    sha256: bytes
    encoding: Encoding | None
    heading_row: int
    headings: tuple[str, ...]

    def rows(self) -> Iterator[RawRow]:
        """Every row below the headings that is not blank.

        Raises:
            RosterFileError: too many rows or cells, broken quotes, or the file has changed.
            OSError: it can't be read.

        """
        count = 0
        for row in _rows(self.path, self.layout, self.sha256):
            if row.number <= self.heading_row or _is_blank(row.cells):
                continue
            count += 1
            if count > MAX_ROWS:
                raise RosterFileError(FileFault.TOO_MANY_ROWS, limit=MAX_ROWS)
            if count * len(self.headings) > MAX_CELLS:
                raise RosterFileError(FileFault.TOO_MANY_CELLS, limit=MAX_CELLS)
            if len(row.cells) > MAX_COLUMNS:
                raise RosterFileError(FileFault.TOO_MANY_COLUMNS, columns=len(row.cells), limit=MAX_COLUMNS)
            yield row
        if not count:
            raise RosterFileError(FileFault.NO_ROWS)


def open_sheet(path: Path, layout: Layout) -> Sheet:
    """Look at a file and find its headings.

    Raises:
        RosterFileError: it is no table, or larger than a roster is.
        OSError: it can't be read.

    """
    encoding, sha256 = _looked_at(path)
    first: RawRow | None = None
    for row in _rows(path, layout, sha256):
        if row.number > FIRST_ROWS:
            break
        if len(row.cells) > MAX_COLUMNS:
            raise RosterFileError(FileFault.TOO_MANY_COLUMNS, columns=len(row.cells), limit=MAX_COLUMNS)
        if first is None and not _is_blank(row.cells):
            first = row
        if known_headings(layout, _texts(row.cells)) >= _FEWEST_HEADINGS:
            return Sheet(path, layout, sha256, encoding, row.number, _texts(row.cells))
    if first is None:
        raise RosterFileError(FileFault.EMPTY)
    return Sheet(path, layout, sha256, encoding, first.number, _texts(first.cells))


def _looked_at(path: Path) -> tuple[Encoding | None, bytes]:
    size = path.stat().st_size
    with path.open("rb") as file:
        beginning = file.read(8)
    if not beginning.strip():
        raise RosterFileError(FileFault.EMPTY)
    if beginning.startswith(_OLD_EXCEL):
        raise RosterFileError(FileFault.OLD_EXCEL)
    limit = MAX_XLSX_BYTES if beginning.startswith(_ZIP) else MAX_CSV_BYTES
    if size > limit:
        raise RosterFileError(FileFault.TOO_LARGE, megabytes=-(-size // 1_048_576), limit=limit // 1_048_576)
    if beginning.startswith(_ZIP):
        return None, hashlib.sha256(path.read_bytes()).digest()
    found = find_encoding(path)
    return found.encoding, found.sha256


def _rows(path: Path, layout: Layout, sha256: bytes) -> Iterator[RawRow]:
    with path.open("rb") as file:
        if file.read(4) == _ZIP:
            content = path.read_bytes()
            if hashlib.sha256(content).digest() != sha256:
                raise RosterFileError(FileFault.CHANGED)
            cells: Iterator[Sequence[Cell]] = xlsx_rows(content, _CAPS)
        else:
            text = find_encoding(path)
            if text.sha256 != sha256:
                raise RosterFileError(FileFault.CHANGED)
            cells = csv_rows(path, text, lambda row: known_headings(layout, row))
    for number, row in enumerate(cells, start=1):
        yield RawRow(number, tuple(row))


def _is_blank(cells: tuple[Cell, ...]) -> bool:
    return all(isinstance(cell, str) and not cell.strip() for cell in cells)


def _texts(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    return tuple(cell if isinstance(cell, str) else str(cell) for cell in cells)
