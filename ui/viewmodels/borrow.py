"""Scanning: the slip and its counts."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from circulation.ids import LoanId
from kiosk.events import Choice, PutBackChosen
from kiosk.view import Account, Borrow
from ui.speech import SILENT, Phrase, PhraseMap, Speech
from ui.viewmodels.lines import LinesModel
from ui.viewmodels.slip import slip_line

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class Counts:
    """How many, in figures and in words, and what to do next. ``advice`` stands on the empty slip; ``scanning``: the next scan may be lent."""

    borrowed: int = 0
    borrowed_words: Phrase = SILENT
    left: Phrase = SILENT
    prompt: Phrase = SILENT
    advice: Phrase = SILENT
    scanning: bool = False


NOTHING = Counts()


def borrow_counts(screen: Borrow, speech: Speech, *, scanner: bool) -> Counts:
    """Count on the borrow screen. ``scanner``: whether a book can be scanned."""
    left = screen.account.left
    stop = _stop(screen.account, scanner=scanner)
    if stop:
        prompt, advice = (f"borrow.{stop}" if screen.borrowed else f"borrow.{stop}.none"), f"borrow.{stop}.do"
    else:
        prompt, advice = ("borrow.scan_next" if screen.lines else "borrow.scan_first"), "borrow.empty.do"
    return Counts(
        borrowed=screen.borrowed,
        borrowed_words=speech.phrase("borrow.done", count=screen.borrowed),
        left=speech.phrase("borrow.left", left=left)
        if left > 0
        else speech.phrase("borrow.left.none" if screen.account.is_full else "borrow.left.paused"),
        prompt=speech.phrase(prompt),
        advice=speech.phrase(advice),
        scanning=not stop,
    )


def _stop(account: Account, *, scanner: bool) -> str:
    """Why no further scan can help; empty: one can."""
    if not scanner:
        return "no_scanner"
    if account.left > 0:
        return ""
    return "full" if account.is_full else "paused"


@QmlElement
class SlipViewModel(QObject):
    """The slip of this visit with its counts, for QML. ``post`` takes what the patron puts back."""

    changed = Signal()
    fixed = Signal()
    """Never emitted: the notifier of what never changes, since the description for qmllint knows no constants."""

    def __init__(self, post: Callable[[Choice], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._post = post
        self._lines = LinesModel(self)
        self._loans: dict[int, LoanId] = {}
        self._counts = NOTHING

    @property
    def model(self) -> LinesModel:
        """The lines."""
        return self._lines

    def show(self, screen: Borrow, speech: Speech, *, scanner: bool) -> None:
        """Take over the borrow screen. ``scanner``: whether a book can be scanned."""
        lines = [slip_line(line, speech) for line in screen.lines]
        self._loans = {line.number: line.loan for line in lines if line.loan is not None}
        self._lines.show(lines)
        self._count(borrow_counts(screen, speech, scanner=scanner))

    def forget(self) -> None:
        """Nothing of this visit stays."""
        self._loans = {}
        self._lines.show(())
        self._count(NOTHING)

    def _count(self, counts: Counts) -> None:
        if counts != self._counts:
            self._counts = counts
            self.changed.emit()

    @Slot(int)
    def put_back(self, number: int) -> None:
        """The patron does not want the item of this line after all."""
        loan = self._loans.get(number)
        if loan is not None:
            self._post(PutBackChosen(loan))

    @Property(LinesModel, notify=fixed)
    def lines(self) -> LinesModel:
        """The lines, newest first."""
        return self._lines

    @Property(int, notify=changed)
    def borrowed(self) -> int:
        """Items borrowed in this visit."""
        return self._counts.borrowed

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def borrowed_words(self) -> PhraseMap:
        """What stands below that figure."""
        return self._counts.borrowed_words.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def left(self) -> PhraseMap:
        """How many more are allowed."""
        return self._counts.left.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def prompt(self) -> PhraseMap:
        """What to do next on the borrow screen."""
        return self._counts.prompt.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def advice(self) -> PhraseMap:
        """How to do it, while the slip is empty."""
        return self._counts.advice.for_qml()

    @Property(bool, notify=changed)
    def scanning(self) -> bool:
        """Whether the next scan may be lent."""
        return self._counts.scanning
