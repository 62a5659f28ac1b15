"""A visit: one patron's open session with everything that belongs to it, and nothing that belongs to another."""

from dataclasses import dataclass, replace

from circulation.holds import Hold
from circulation.ids import LoanId
from circulation.loans import Loan
from circulation.patrons import Patron
from kiosk.animals import Animal
from kiosk.opener import Opener
from kiosk.overlay import by_due_date
from kiosk.returned import with_return
from kiosk.view import Line, LineState, LoanLine, RenewalState, ReturnLine

MOST_LINES = 100
"""Lines kept; of more, the oldest refused ones go. What is borrowed always stays."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is here: what opened it, the patron, the open loans as this kiosk knows them, the lines of the slip, newest first.

    ``card`` is the key of the card that opened it, none for a mobile card. ``correlation`` follows the visit through all logs. ``renewals`` is what became of each loan that was to be renewed, newest first.
    ``animal`` is what the patron chose here. ``titles_shown``: the PIN was right, or is not wanted. ``wrong_pins`` counts those of this visit,
    ``open_pins`` those that were asked about and have had no answer (yet): who goes away before it comes has tried all the same.
    """

    opener: Opener
    card: bytes | None
    correlation: str
    patron: Patron
    loans: tuple[Loan, ...] = ()
    lines: tuple[Line, ...] = ()
    scanned: int = 0
    holds: tuple[Hold, ...] = ()
    returned: tuple[ReturnLine, ...] = ()
    renewals: tuple[LoanLine, ...] = ()
    titles_shown: bool = False
    wrong_pins: int = 0
    open_pins: int = 0
    animal: Animal | None = None

    @property
    def borrowed(self) -> tuple[Line, ...]:
        """The lines that are still borrowed, newest first."""
        return tuple(line for line in self.lines if line.state is LineState.BORROWED)

    @property
    def renewed(self) -> tuple[LoanLine, ...]:
        """What was renewed in this visit, newest first; without titles unless they are shown (R21)."""
        lines = (line for line in self.renewals if line.renewal is RenewalState.RENEWED)
        return tuple(line if self.titles_shown else replace(line, title="") for line in lines)

    def loan(self, loan: LoanId) -> Loan | None:
        """An open loan of the patron."""
        return next((one for one in self.loans if one.id == loan), None)

    def is_renewed(self, loan: LoanId) -> bool:
        """Whether this loan was renewed in this visit."""
        return any(line.loan == loan for line in self.renewed)

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

    def with_return(self, line: ReturnLine, ended: tuple[Loan, ...]) -> "Visit":
        """The visit after an item came back: a loan that is over is neither borrowed nor renewed any more."""
        over = {loan.id for loan in ended}
        return replace(
            self,
            returned=with_return(self.returned, line),
            loans=tuple(one for one in self.loans if one.id not in over),
            lines=tuple(replace(old, state=LineState.PUT_BACK) if old.loan in over else old for old in self.lines),
            renewals=tuple(old for old in self.renewals if old.loan not in over),
        )

    def with_renewal(self, loan: Loan, line: LoanLine) -> "Visit":
        """The visit after a loan was to be renewed: the loan as it is now, and what became of it."""
        loans = by_due_date(loan if one.id == loan.id else one for one in self.loans)
        return replace(self, loans=loans, renewals=(line, *(old for old in self.renewals if old.loan != loan.id)))
