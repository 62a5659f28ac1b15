"""A whole file read: good rows, bad rows, rows without consent, rows that repeat or contradict each other. Nothing is stored here."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import msgspec

from circulation.cards import NumberForm
from registry.rosters.arrival import Arrival, ConsentDeclaration
from registry.rosters.card_numbers import check_form
from registry.rosters.given import GivenRows
from registry.rosters.headings import LAYOUTS, Columns, Field, Layout, RosterKind, map_headings
from registry.rosters.problems import FileFault, Problem, ProblemCode, RosterFileError
from registry.rosters.row_reader import RowReader, Terms
from registry.rosters.rows import BadRow, BureauRow, ContactRow, GoodRow, LeavingRow, LossRow, NotConsented, ReissueRow, RosterRow
from registry.rosters.sheet import RawRow, Sheet, open_sheet

_REPUBLIC_BEGINS = 1911
_TELL_EVERY = 1000
"""Rows between two words to whoever waits."""


@dataclass(frozen=True, slots=True)
class RosterOrder:
    """What is to be loaded and how.

    ``school_year`` is in years of the Republic, such as 114. ``sender`` is the Bureau or a school's code: whose own headings are known.
    ``own_headings`` are the headings that this sender writes and what they mean, by their folded form.
    """

    kind: RosterKind
    path: Path
    school_year: int
    number_form: NumberForm = NumberForm.HEX
    declaration: ConsentDeclaration | None = None
    sender: str | None = None
    own_headings: Mapping[str, Field] = field(default_factory=dict)

    @property
    def layout(self) -> Layout:
        """The columns of this kind of file, with the sender's own headings."""
        return replace(LAYOUTS[self.kind], own=self.own_headings)

    @property
    def school_begins(self) -> date:
        """The first of September of the school year: ages are counted at this day."""
        return date(self.school_year + _REPUBLIC_BEGINS, 9, 1)


@dataclass(frozen=True, slots=True)
class LoadedRoster:
    """A file's rows, sorted out; every row stands in one of the five places."""

    order: RosterOrder
    sheet: Sheet
    columns: Columns
    rows: tuple[RosterRow, ...]
    bad: tuple[BadRow, ...]
    warnings: tuple[tuple[int, Problem], ...]
    not_consented: tuple[NotConsented, ...]
    repeated: tuple[int, ...]

    @property
    def count(self) -> int:
        """All rows below the headings that are not blank."""
        return len(self.rows) + len(self.bad) + len(self.not_consented) + len(self.repeated)

    @property
    def given(self) -> GivenRows:
        """The rows as the pipeline takes them."""
        return GivenRows(
            *(self.order.kind, self.order.school_year, self.rows, self.not_consented),
            *(len(self.bad), len(self.repeated), len(self.warnings)),
        )

    @property
    def arrival(self) -> Arrival:
        """The rows as they came in this file."""
        return Arrival(self.given, self.sheet.sha256, self.names_consent, self.order.declaration, self.order.sender)

    @property
    def names_consent(self) -> bool:
        """Whether there is a consent column or a declaration: without, nothing may be committed (Q3-2b)."""
        return (
            Field.CONSENT in self.columns.places or self.order.declaration is not None or self.order.kind is not RosterKind.BUREAU_STUDENTS
        )


def load_roster(order: RosterOrder, *, today: date, schools: Collection[str], told: Callable[[int], None] = lambda _: None) -> LoadedRoster:
    """Read a file to its end. ``told`` hears now and then how many rows have been read.

    Raises:
        RosterFileError: it is no such roster; nothing of it can be taken.
        NumberFormError: numbers of this form can't bind cards.

    """
    check_form(order.number_form)
    try:
        sheet = open_sheet(order.path, order.layout)
        columns = map_headings(sheet.headings, order.layout)
        terms = Terms(today, order.school_begins, order.number_form, frozenset(schools))
        reader = RowReader(columns, terms)
        read = reader.of(order.kind)
        readings = [read(raw) for raw in _counted(sheet.rows(), told)]
    except OSError as error:
        raise RosterFileError(FileFault.UNREADABLE, problem=error.strerror or type(error).__name__) from None
    return _sorted_out(order, sheet, columns, readings)


def _counted(rows: Iterable[RawRow], told: Callable[[int], None]) -> Iterator[RawRow]:
    for count, row in enumerate(rows, start=1):
        yield row
        if count % _TELL_EVERY == 0:
            told(count)


def _sorted_out(order: RosterOrder, sheet: Sheet, columns: Columns, readings: Iterable[GoodRow | BadRow | NotConsented]) -> LoadedRoster:
    good: list[GoodRow] = []
    bad: list[BadRow] = []
    refused: list[NotConsented] = []
    for reading in readings:
        match reading:
            case GoodRow():
                good.append(reading)
            case BadRow():
                bad.append(reading)
            case NotConsented():
                refused.append(reading)
    once, repeated = _each_once(good)
    contradicting = dict(_contradictions(once, refused, columns))
    bad += [BadRow(number, (problem,), consented=True) for number, problem in contradicting.items()]
    kept = [one for one in once if one.row.number not in contradicting]
    return LoadedRoster(
        order,
        sheet,
        columns,
        tuple(one.row for one in kept),
        tuple(sorted(bad, key=lambda one: one.number)),
        tuple((one.row.number, warning) for one in kept for warning in one.warnings),
        tuple(refused),
        tuple(repeated),
    )


def _each_once(good: Iterable[GoodRow]) -> tuple[list[GoodRow], list[int]]:
    """The same row twice is one row (R15)."""
    seen: set[RosterRow] = set()
    once: list[GoodRow] = []
    repeated: list[int] = []
    for one in good:
        same = msgspec.structs.replace(one.row, number=0)
        if same in seen:
            repeated.append(one.row.number)
        else:
            seen.add(same)
            once.append(one)
    return once, repeated


def _contradictions(good: Iterable[GoodRow], refused: Iterable[NotConsented], columns: Columns) -> Iterator[tuple[int, Problem]]:
    """Rows with one ID or one card and different words: none of them is taken. A "no" outweighs a "yes"."""
    said_no = {one.national_id: one.number for one in refused if one.national_id is not None}
    first_of: dict[object, int] = {}
    for one in good:
        row = one.row
        if row.national_id in said_no:
            yield row.number, _contradiction(columns, Field.NATIONAL_ID, said_no[row.national_id])
        for column, key in _keys(row):
            first = first_of.setdefault(key, row.number)
            if first != row.number:
                yield first, _contradiction(columns, column, row.number)
                yield row.number, _contradiction(columns, column, first)


def _keys(row: RosterRow) -> Iterator[tuple[Field, object]]:
    """What may stand in one row of a file only: a person, or a person's event of one day, and a new card."""
    match row:
        case BureauRow() | ContactRow():
            if row.national_id:
                yield Field.NATIONAL_ID, row.national_id
        case ReissueRow():
            yield Field.NATIONAL_ID, (row.national_id, row.issued_on)
        case LeavingRow():
            yield Field.NATIONAL_ID, (row.national_id, row.left_on)
        case LossRow():
            yield Field.NATIONAL_ID, (row.national_id, row.lost_on)
    if isinstance(row, BureauRow | ReissueRow):
        yield Field.NEW_CARD_NUMBER if isinstance(row, ReissueRow) else Field.CARD_NUMBER, row.card


def _contradiction(columns: Columns, field: Field, other: int) -> Problem:
    return replace(Problem(ProblemCode.ROW_CONTRADICTS, columns.heading(field)), other_row=other)
