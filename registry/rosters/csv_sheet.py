"""CSV as it comes: comma, semicolon or tab, quotes, any line ends; read a row at a time."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from registry.rosters.encodings import FoundText
from registry.rosters.problems import FileFault, RosterFileError

DELIMITERS = (",", ";", "\t")
LONGEST_LINE = 1 << 16
"""Characters. A row of a roster has some hundred; a line without an end must not fill the memory."""


def csv_rows(path: Path, text: FoundText, known_headings: Callable[[list[str]], int]) -> Iterator[list[str]]:
    """Every row with its cells, blank ones too, so that the rows are counted as a spreadsheet counts them.

    ``known_headings`` says how many cells of a row are headings: the delimiter is the one that finds most.

    Raises:
        RosterFileError: ``QUOTES`` or ``LINE_TOO_LONG``, with the row.
        OSError: it can't be read.

    """
    delimiter = _delimiter(path, text, known_headings)
    row = 0
    with _opened(path, text) as file:
        reader = csv.reader(_lines(file, lambda: row), delimiter=delimiter, strict=True)
        while True:
            try:
                cells = next(reader, None)
            except csv.Error:
                raise RosterFileError(FileFault.QUOTES, row=row + 1) from None
            if cells is None:
                return
            row += 1
            yield cells


def _opened(path: Path, text: FoundText) -> io.TextIOWrapper:
    return path.open(encoding=text.encoding.codec, errors=text.encoding.errors, newline="")


def _lines(file: io.TextIOWrapper, row: Callable[[], int]) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise RosterFileError(FileFault.LINE_TOO_LONG, row=row() + 1)
        yield line


def _delimiter(path: Path, text: FoundText, known_headings: Callable[[list[str]], int]) -> str:
    """Try each on the first lines: headings may stand below a title."""
    with _opened(path, text) as file:
        beginning = [file.readline(LONGEST_LINE) for _ in range(FIRST_ROWS)]

    def found(delimiter: str) -> int:
        try:
            return max((known_headings(cells) for cells in csv.reader(beginning, delimiter=delimiter)), default=0)
        except csv.Error:
            return 0

    return max(DELIMITERS, key=found)


FIRST_ROWS = 5
"""Headings stand within the first rows: lists often begin with a title."""
