"""Scanning, and the goodbye after it: the slip and its counts."""

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from kiosk.view import Account, Borrow, Goodbye, LineState
from ui.speech import SILENT, Phrase, PhraseMap, Speech
from ui.viewmodels.slip import SlipModel, slip_line

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class Counts:
    """How many, in figures and in words, and what to do next. ``advice`` stands on the empty slip; ``scanning``: the next scan may be lent."""

    borrowed: int = 0
    borrowed_words: Phrase = SILENT
    left: Phrase = SILENT
    said: Phrase = SILENT
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
        said=speech.phrase("goodbye.count", count=screen.borrowed),
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

    def show_borrow(self, screen: Borrow, speech: Speech, *, scanner: bool) -> None:
        """Take over the borrow screen. ``scanner``: whether a book can be scanned."""
        self._lines.show([slip_line(line, speech) for line in screen.lines])
        self._count(borrow_counts(screen, speech, scanner=scanner))

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
