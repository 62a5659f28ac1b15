"""Goodbye: what was borrowed, returned and renewed in this visit."""

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from kiosk.view import Goodbye, LineState
from ui.speech import SILENT, Phrase, PhraseMap, Speech
from ui.viewmodels.lines import LinesModel
from ui.viewmodels.loan_lines import loan_shown
from ui.viewmodels.returning import returned_line
from ui.viewmodels.slip import slip_line

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class FarewellShown:
    """The sums in words, those of nothing left out."""

    title: Phrase = SILENT
    said: tuple[Phrase, ...] = ()
    remember: Phrase = SILENT
    lines: int = 0


NO_FAREWELL = FarewellShown()


def farewell_shown(screen: Goodbye, speech: Speech) -> FarewellShown:
    """Say what was done; the title is of the first that there is."""
    borrowed = sum(line.state is LineState.BORROWED for line in screen.lines)
    counts = {
        "borrowed": borrowed,
        "returned": sum(line.taken for line in screen.returned),
        "renewed": len(screen.renewed),
    }
    done = [what for what, count in counts.items() if count]
    if not done:
        return FarewellShown(speech.phrase("goodbye.title.none"), (speech.phrase("goodbye.none"),), speech.phrase("goodbye.remember.none"))
    return FarewellShown(
        title=speech.phrase(f"goodbye.title.{done[0] if len(done) == 1 else 'several'}"),
        said=tuple(speech.phrase(f"goodbye.count.{what}", count=counts[what]) for what in done),
        remember=speech.phrase("goodbye.remember" if borrowed else f"goodbye.remember.{done[0]}"),
        lines=len(screen.lines) + len(screen.returned) + len(screen.renewed),
    )


@QmlElement
class FarewellViewModel(QObject):
    """The goodbye slip, for QML."""

    changed = Signal()
    fixed = Signal()
    """Never emitted: the notifier of what never changes, since the description for qmllint knows no constants."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lists = LinesModel(self), LinesModel(self), LinesModel(self)
        self._shown = NO_FAREWELL

    def show(self, screen: Goodbye, speech: Speech) -> None:
        """Take over the slip."""
        borrowed, returned, renewed = self._lists
        borrowed.show([slip_line(line, speech) for line in screen.lines])
        returned.show([returned_line(line, speech) for line in screen.returned])
        renewed.show([loan_shown(line, speech) for line in screen.renewed])
        self._take(farewell_shown(screen, speech))

    def forget(self) -> None:
        """Nothing of this visit stays."""
        for model in self._lists:
            model.show(())
        self._take(NO_FAREWELL)

    def _take(self, shown: FarewellShown) -> None:
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    @Property(LinesModel, notify=fixed)
    def borrowed(self) -> LinesModel:
        """What was borrowed, newest first."""
        return self._lists[0]

    @Property(LinesModel, notify=fixed)
    def returned(self) -> LinesModel:
        """What came back, newest first."""
        return self._lists[1]

    @Property(LinesModel, notify=fixed)
    def renewed(self) -> LinesModel:
        """What was renewed."""
        return self._lists[2]

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def title(self) -> PhraseMap:
        """What was done, in a word."""
        return self._shown.title.for_qml()

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def said(self) -> list[PhraseMap]:
        """The sums as sentences."""
        return [phrase.for_qml() for phrase in self._shown.said]

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def remember(self) -> PhraseMap:
        """What not to forget."""
        return self._shown.remember.for_qml()

    @Property(int, notify=changed)
    def lines(self) -> int:
        """How many lines the slip has."""
        return self._shown.lines
