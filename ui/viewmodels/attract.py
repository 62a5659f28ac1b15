"""Nobody is here: what waits for a card."""

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from kiosk.view import Attract
from ui.speech import SILENT, Phrase, PhraseMap, Speech

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class AttractViewModel(QObject):
    """The attract screen, for QML."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting = 0
        self._notice = SILENT
        self._lends = True

    def show(self, screen: Attract, speech: Speech, *, lends: bool) -> None:
        """Take over what is to be shown. ``lends``: anybody may borrow here now."""
        notice = speech.phrase("attract.waiting", count=screen.waiting) if screen.waiting else SILENT
        self._take(screen.waiting, notice, lends=lends)

    def forget(self) -> None:
        """Nothing waits any more."""
        self._take(0, SILENT, lends=True)

    def _take(self, waiting: int, notice: Phrase, *, lends: bool) -> None:
        if (waiting, notice, lends) != (self._waiting, self._notice, self._lends):
            self._waiting, self._notice, self._lends = waiting, notice, lends
            self.changed.emit()

    @Property(bool, notify=changed)
    def lends(self) -> bool:
        """Whether anybody may borrow here now: else nobody is invited to."""
        return self._lends

    @Property(int, notify=changed)
    def waiting(self) -> int:
        """How many items were scanned before any card."""
        return self._waiting

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def waiting_notice(self) -> PhraseMap:
        """The same as a sentence."""
        return self._notice.for_qml()
