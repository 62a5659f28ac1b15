"""A visit: one patron's open session with everything that belongs to it, and nothing that belongs to another."""

from dataclasses import dataclass, replace

from circulation.cards import CardUid
from circulation.ids import LoanId
from circulation.loans import Loan
from circulation.patrons import Patron
from kiosk.view import Line, LineState

MOST_LINES = 100
"""Lines kept; of more, the oldest refused ones go. What is borrowed always stays."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is here: the card that opened it, the patron, the open loans as this kiosk knows them, the lines of the slip, newest first.

    ``correlation`` follows the visit through all logs.
    """

    uid: CardUid
    card: bytes
    correlation: str
    patron: Patron
    loans: tuple[Loan, ...] = ()
    lines: tuple[Line, ...] = ()
    scanned: int = 0

    @property
    def borrowed(self) -> tuple[Line, ...]:
        """The lines that are still borrowed, newest first."""
        return tuple(line for line in self.lines if line.state is LineState.BORROWED)

    def line_of(self, loan: LoanId) -> Line | None:
        """The line of a loan made in this visit that is still borrowed."""
        return next((line for line in self.borrowed if line.loan == loan), None)

    def with_line(self, line: Line) -> "Visit":
        """The visit with one more line on top; a code that is refused again replaces its last refusal."""
        others = tuple(old for old in self.lines if not (old.state is LineState.REFUSED and old.barcode == line.barcode))
        lines = (line, *others)
        if len(lines) > MOST_LINES:
            oldest = max((i for i, old in enumerate(lines) if i and old.state is not LineState.BORROWED), default=None)
            lines = lines if oldest is None else (*lines[:oldest], *lines[oldest + 1 :])
        return replace(self, lines=lines, scanned=line.number)

    def with_put_back(self, loan: LoanId) -> "Visit":
        """The visit after an item was put back."""
        lines = tuple(replace(line, state=LineState.PUT_BACK) if line.loan == loan else line for line in self.lines)
        return replace(self, lines=lines, loans=tuple(one for one in self.loans if one.id != loan))
