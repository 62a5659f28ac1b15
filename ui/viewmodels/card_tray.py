"""The demo's tray: cards to tap and books to scan, for a machine without a reader and a scanner."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from texts.catalogue import Catalogue
from ui.plain import plain
from ui.speech import Speech
from ui.viewmodels.tray_printer import TrayPrinterViewModel
from ui.viewmodels.words import Words

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

_SHOWN_MS = 1000


@dataclass(frozen=True, slots=True)
class TrayCard:
    """One card. ``key`` goes back to ``tap``; ``name`` is masked; ``shows`` says what it demonstrates."""

    key: str
    name: str
    shows: str = ""


@dataclass(frozen=True, slots=True)
class TrayBook:
    """One book. ``key`` goes back to ``scan``, such as its barcode."""

    key: str
    title: str
    shows: str = ""


@QmlElement
class CardTrayViewModel(QObject):
    """The tray, for QML. ``tap`` and ``scan`` get the key that was clicked and return at once; ``tap`` also takes the card away again."""

    busy_changed = Signal()
    fixed = Signal()
    """Never emitted: the notifier of what never changes, since the description for qmllint knows no constants."""

    def __init__(  # noqa: PLR0913, PLR0917 - what lies on the tray, what a click does, the two languages
        self,
        cards: Sequence[TrayCard],
        books: Sequence[TrayBook],
        tap: Callable[[str], None],
        scan: Callable[[str], None],
        main: Catalogue,
        second: Catalogue,
        printer: TrayPrinterViewModel | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._cards = [{"key": card.key, "name": plain(card.name), "shows": plain(card.shows)} for card in cards]
        self._books = [{"key": book.key, "name": plain(book.title), "shows": plain(book.shows)} for book in books]
        self.pictures = printer.pictures if printer is not None else None
        self._printer = printer
        self._tap = tap
        self._scan = scan
        self._words = Words(Speech(main, second), self)
        self._busy = ""
        self._away = QTimer(self)
        self._away.setSingleShot(True)
        self._away.setInterval(_SHOWN_MS)
        self._away.timeout.connect(self._free)

    @Slot()
    def _free(self) -> None:
        self._busy = ""
        self.busy_changed.emit()

    @Slot(str)
    def tap(self, key: str) -> None:
        """Lay the card on the reader, unless one lies there."""
        if self._busy == "":
            self._busy = key
            self.busy_changed.emit()
            self._away.start()
            self._tap(key)

    @Slot(str)
    def scan(self, key: str) -> None:
        """Hold the book under the scanner."""
        self._scan(key)

    @Property("QVariantList", notify=fixed)  # type: ignore[arg-type] # Qt takes type names
    def cards(self) -> list[dict[str, str]]:
        """Maps with ``key``, ``name`` and ``shows``."""
        return self._cards

    @Property("QVariantList", notify=fixed)  # type: ignore[arg-type] # Qt takes type names
    def books(self) -> list[dict[str, str]]:
        """Maps with ``key``, ``name`` and ``shows``."""
        return self._books

    @Property(TrayPrinterViewModel, notify=fixed)
    def printer(self) -> TrayPrinterViewModel | None:
        """The printer; null where there is none."""
        return self._printer

    @Property(Words, notify=fixed)
    def words(self) -> Words:
        """The sentences."""
        return self._words

    @Property(str, notify=busy_changed)
    def busy(self) -> str:
        """The card that lies on the reader now."""
        return self._busy
