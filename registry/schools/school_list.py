"""The list of schools as a file (CSV or XLSX): each school's code, name and phone, and the branch it sends its data to (Q3-1a)."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from registry.rosters.headings import Columns, Field, Layout, map_headings
from registry.rosters.problems import FileFault, Problem, ProblemCode, RosterFileError
from registry.rosters.rows import BadRow
from registry.rosters.sheet import RawRow, Sheet, open_sheet
from registry.rosters.values import ValueProblemError, read_name, read_phone, read_school_code
from registry.rosters.xlsx_sheet import Cell

LAYOUT = Layout((Field.SCHOOL_CODE, Field.SCHOOL_NAME, Field.BRANCH), (Field.PHONE, Field.SCHOOL_PHONE))
"""A column 電話 is the school's, whichever of its names it has."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class ListedSchool:
    """A row of the list. ``branch`` is a code."""

    number: int
    code: str
    name: str
    phone: str | None
    branch: str


@dataclass(frozen=True, slots=True)
class SchoolList:
    """A list that was read: every row stands in one of the three places."""

    sheet: Sheet
    columns: Columns
    rows: tuple[ListedSchool, ...]
    bad: tuple[BadRow, ...]
    repeated: tuple[int, ...]

    @property
    def count(self) -> int:
        """All rows below the headings that are not blank."""
        return len(self.rows) + len(self.bad) + len(self.repeated)


def load_school_list(path: Path, *, branches: Mapping[str, str]) -> SchoolList:
    """Read a list to its end; ``branches`` are the names of the library's branches by their codes.

    Raises:
        RosterFileError: it is no list of schools; nothing of it can be taken.

    """
    try:
        sheet = open_sheet(path, LAYOUT)
        columns = map_headings(sheet.headings, LAYOUT)
        read = _Reader(columns, branches).read
        readings = [read(raw) for raw in sheet.rows()]
    except OSError as error:
        raise RosterFileError(FileFault.UNREADABLE, problem=error.strerror or type(error).__name__) from None
    good = [one for one in readings if isinstance(one, ListedSchool)]
    once: dict[ListedSchool, ListedSchool] = {}
    repeated = [one.number for one in good if once.setdefault(replace(one, number=0), one) is not one]
    contradicting = dict(_contradictions(once.values(), columns.heading(Field.SCHOOL_CODE)))
    bad = [one for one in readings if isinstance(one, BadRow)]
    bad += [BadRow(number, (problem,), consented=True) for number, problem in contradicting.items()]
    rows = tuple(one for one in once.values() if one.number not in contradicting)
    return SchoolList(sheet, columns, rows, tuple(sorted(bad, key=lambda one: one.number)), tuple(repeated))


def _contradictions(good: Iterable[ListedSchool], column: str) -> Iterator[tuple[int, Problem]]:
    """Rows with one code that say different things: none of them is taken."""
    first_of: dict[str, ListedSchool] = {}
    for one in good:
        first = first_of.setdefault(one.code, one)
        if first is not one:
            yield first.number, Problem(ProblemCode.ROW_CONTRADICTS, column, first.code, one.number)
            yield one.number, Problem(ProblemCode.ROW_CONTRADICTS, column, one.code, first.number)


class _Reader:
    """Reads rows by the columns of one file."""

    def __init__(self, columns: Columns, branches: Mapping[str, str]) -> None:
        self._columns = columns
        self._phone = Field.SCHOOL_PHONE if Field.SCHOOL_PHONE in columns.places else Field.PHONE
        self._branches = {_plain(code): code for code in branches}
        for code, name in branches.items():
            self._branches.setdefault(_plain(name), code)

    def read(self, raw: RawRow) -> ListedSchool | BadRow:
        problems: list[Problem] = []

        def cell(field: Field, read: Callable[[Cell], Value]) -> Value | None:
            place = self._columns.places.get(field, len(raw.cells))
            try:
                return read(raw.cells[place] if place < len(raw.cells) else "")
            except ValueProblemError as error:
                problems.append(Problem(error.code, self._columns.heading(field), error.shown))
                return None

        code = cell(Field.SCHOOL_CODE, _needed_code)
        name = cell(Field.SCHOOL_NAME, read_name)
        phone = cell(self._phone, read_phone)
        branch = cell(Field.BRANCH, self._branch)
        if code is None or name is None or branch is None or problems:
            return BadRow(raw.number, tuple(problems), consented=True)
        return ListedSchool(raw.number, code, name, phone, branch)

    def _branch(self, cell: Cell) -> str:
        written = read_name(cell)
        found = self._branches.get(_plain(written))
        if found is None:
            raise ValueProblemError(ProblemCode.BRANCH_UNKNOWN, written[:20])
        return found


def _needed_code(cell: Cell) -> str:
    code = read_school_code(cell)
    if code is None:
        raise ValueProblemError(ProblemCode.VALUE_MISSING)
    return code


def _plain(text: str) -> str:
    """A branch's code or name without the differences that mean nothing."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
