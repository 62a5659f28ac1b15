"""Scanning, and the goodbye after it: the slip and its counts."""

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from kiosk.view import Borrow, Goodbye, LineState
from ui.speech import SILENT, Phrase, PhraseMap, Speech
from ui.viewmodels.slip import SlipModel, slip_line

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class Counts:
    """How many, in figures and in words."""

    borrowed: int = 0
    borrowed_words: Phrase = SILENT
    left: Phrase = SILENT
    said: Phrase = SILENT


NOTHING = Counts()


def borrow_counts(screen: Borrow, speech: Speech) -> Counts:
    """Count on the borrow screen."""
    left = screen.account.left
    return Counts(
        borrowed=screen.borrowed,
        borrowed_words=speech.phrase("borrow.done", count=screen.borrowed),
        left=speech.phrase("borrow.left", left=left) if left > 0 else speech.phrase("borrow.left.none"),
        said=speech.phrase("goodbye.count", count=screen.borrowed),
    )


def goodbye_counts(screen: Goodbye, speech: Speech) -> Counts:
    """Count on the goodbye screen."""
    borrowed = sum(line.state is LineState.BORROWED for line in screen.lines)
    said = speech.phrase("goodbye.count", count=borrowed) if borrowed else speech.phrase("goodbye.none")
    return Counts(borrowed=borrowed, borrowed_words=speech.phrase("borrow.done", count=borrowed), said=said)


@QmlElement
class SlipViewModel(QObject):
    """The slip of this visit with its counts, for QML: on the borrow screen and on the goodbye screen."""

    changed = Signal()
    fixed = Signal()
    """Never emitted: the notifier of what never changes, since the description for qmllint knows no constants."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines = SlipModel(self)
        self._counts = NOTHING

    @property
    def model(self) -> SlipModel:
        """The lines."""
        return self._lines

    def show_borrow(self, screen: Borrow, speech: Speech) -> None:
        """Take over the borrow screen."""
        self._lines.show([slip_line(line, speech) for line in screen.lines])
        self._count(borrow_counts(screen, speech))

    def show_goodbye(self, screen: Goodbye, speech: Speech) -> None:
        """Take over the goodbye screen."""
        self._lines.show([slip_line(line, speech) for line in screen.lines])
        self._count(goodbye_counts(screen, speech))

    def forget(self) -> None:
        """Nothing of this visit stays."""
        self._lines.show(())
        self._count(NOTHING)

    def _count(self, counts: Counts) -> None:
        if counts != self._counts:
            self._counts = counts
            self.changed.emit()

    @Property(SlipModel, notify=fixed)
    def lines(self) -> SlipModel:
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
    def said(self) -> PhraseMap:
        """The count as a sentence."""
        return self._counts.said.for_qml()
