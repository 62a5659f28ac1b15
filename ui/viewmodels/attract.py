"""Nobody is here: what waits for a card."""

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from kiosk.view import Attract
from kiosk.view_modes import ClassProgress
from texts.dates import clock_time
from ui.speech import SILENT, Phrase, PhraseMap, Speech

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class AttractShown:
    """What the attract screen says.

    ``lends``: anybody may borrow here now; ``reads``: there is a reader to hold a card to; ``pupils`` and ``items``: how far a class is, if
    one is here.
    """

    waiting: int = 0
    notice: Phrase = SILENT
    lends: bool = True
    reads: bool = True
    class_here: bool = False
    pupils: Phrase = SILENT
    items: Phrase = SILENT


NOTHING = AttractShown()


def attract_shown(screen: Attract, speech: Speech, *, lends: bool, reads: bool, progress: ClassProgress | None) -> AttractShown:
    """Put into words what waits for a card."""
    notice = speech.phrase("attract.waiting", count=screen.waiting) if screen.waiting else SILENT
    if progress is None:
        return AttractShown(screen.waiting, notice, lends, reads)
    pupils = speech.phrase("attract.class.pupils", count=progress.pupils)
    items = speech.phrase("attract.class.items", count=progress.items, time=clock_time(progress.until))
    return AttractShown(screen.waiting, notice, lends, reads, class_here=True, pupils=pupils, items=items)


@QmlElement
class AttractViewModel(QObject):
    """The attract screen, for QML."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = NOTHING

    def show(self, shown: AttractShown) -> None:
        """Take over what is to be shown; ``NOTHING`` forgets it."""
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    @Property(bool, notify=changed)
    def lends(self) -> bool:
        """Whether anybody may borrow here now: else nobody is invited to."""
        return self._shown.lends

    @Property(bool, notify=changed)
    def reads(self) -> bool:
        """Whether there is a reader: else nobody is asked for a card."""
        return self._shown.reads

    @Property(bool, notify=changed)
    def class_here(self) -> bool:
        """Whether a class is here."""
        return self._shown.class_here

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def pupils(self) -> PhraseMap:
        """How many of it have borrowed."""
        return self._shown.pupils.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def items(self) -> PhraseMap:
        """How much they have borrowed."""
        return self._shown.items.for_qml()

    @Property(int, notify=changed)
    def waiting(self) -> int:
        """How many items were scanned before any card."""
        return self._shown.waiting

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def waiting_notice(self) -> PhraseMap:
        """The same as a sentence."""
        return self._shown.notice.for_qml()
