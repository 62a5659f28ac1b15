"""A whole file read: good rows, bad rows, rows without consent, rows that repeat or contradict each other. Nothing is stored here."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from circulation.cards import NumberForm
from registry.rosters.arrival import Arrival, ConsentDeclaration
from registry.rosters.card_numbers import check_form
from registry.rosters.given import GivenRows, ages_counted_at
from registry.rosters.headings import LAYOUTS, Columns, Field, Layout, RosterKind, map_headings
from registry.rosters.problems import FileFault, Problem, RosterFileError
from registry.rosters.row_reader import RowReader, Terms
from registry.rosters.rows import BadRow, NotConsented, RosterRow
from registry.rosters.senders import SenderFormat, check_mapping, check_same
from registry.rosters.sheet import RawRow, Sheet, open_sheet
from registry.rosters.sorting import sorted_out

_TELL_EVERY = 1000
"""Rows between two words to whoever waits."""


@dataclass(frozen=True, slots=True)
class RosterOrder:
    """What is to be loaded and how.

    ``school_year`` is in years of the Republic, such as 114. ``sender`` is the Bureau or a school's code: whose own headings are known.
    ``own_headings`` are the headings that this sender writes and what they mean, by their folded form; ``saved`` is how it wrote
    before: a file with other headings is refused.
    """

    kind: RosterKind
    path: Path
    school_year: int
    number_form: NumberForm = NumberForm.HEX
    declaration: ConsentDeclaration | None = None
    sender: str | None = None
    own_headings: Mapping[str, Field] = field(default_factory=dict)
    saved: SenderFormat | None = None

    @property
    def layout(self) -> Layout:
        """The columns of this kind of file, with the sender's own headings."""
        return replace(LAYOUTS[self.kind], own=self.own_headings)

    @property
    def school_begins(self) -> date:
        """The first of September of the school year: ages are counted at this day."""
        return ages_counted_at(self.school_year)


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
    def sender_format(self) -> SenderFormat | None:
        """What this file shows of its sender; none when nobody said whose it is."""
        order = self.order
        if order.sender is None:
            return None
        return SenderFormat.of(order.sender, order.kind, order.number_form, self.columns, order.own_headings)

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
        check_mapping(sheet.headings, order.layout, LAYOUTS[order.kind])
        if order.saved is not None:
            check_same(sheet.headings, order.saved)
        columns = map_headings(sheet.headings, order.layout)
        terms = Terms(today, order.school_begins, order.number_form, frozenset(schools))
        reader = RowReader(columns, terms)
        read = reader.of(order.kind)
        readings = [read(raw) for raw in _counted(sheet.rows(), told)]
    except OSError as error:
        raise RosterFileError(FileFault.UNREADABLE, problem=error.strerror or type(error).__name__) from None
    found = sorted_out(readings, columns)
    return LoadedRoster(order, sheet, columns, found.rows, found.bad, found.warnings, found.not_consented, found.repeated)


def _counted(rows: Iterable[RawRow], told: Callable[[int], None]) -> Iterator[RawRow]:
    for count, row in enumerate(rows, start=1):
        yield row
        if count % _TELL_EVERY == 0:
            told(count)
