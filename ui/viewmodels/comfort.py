"""What a person may change about the screen: language, contrast, size of the letters. Kept for one visit only."""

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from texts.catalogue import Catalogue
from ui.speech import Speech
from ui.viewmodels.words import Words

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class ComfortViewModel(QObject):
    """The choices, for QML. ``main`` and ``second`` are the kiosk's languages in their usual order."""

    changed = Signal()
    fixed = Signal()
    """Never emitted: the notifier of what never changes, since the description for qmllint knows no constants."""

    def __init__(self, main: Catalogue, second: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._orders = (Words(Speech(main, second), self), Words(Speech(second, main), self))
        self._swapped = False
        self._high_contrast = False
        self._large_type = False

    @property
    def speech(self) -> Speech:
        """Both languages, in the order in which they stand on the screen now."""
        return self._orders[self._swapped].speech

    def reset(self) -> None:
        """Back to the kiosk's own settings: the next person is another one."""
        self._set(swapped=False, high_contrast=False, large_type=False)

    def choose(self, language: str, *, high_contrast: bool, large_type: bool) -> None:
        """Choose all at once; a language that is not offered changes none."""
        self.choose_language(language)
        self._set(swapped=self._swapped, high_contrast=high_contrast, large_type=large_type)

    def _set(self, *, swapped: bool, high_contrast: bool, large_type: bool) -> None:
        if (swapped, high_contrast, large_type) != (self._swapped, self._high_contrast, self._large_type):
            self._swapped, self._high_contrast, self._large_type = swapped, high_contrast, large_type
            self.changed.emit()

    @Slot(str)
    def choose_language(self, language: str) -> None:
        """Put this language first."""
        for swapped, words in enumerate(self._orders):
            if words.speech.main.language == language:
                self._set(swapped=bool(swapped), high_contrast=self._high_contrast, large_type=self._large_type)

    @Slot()
    def swap_languages(self) -> None:
        """Put the other language first."""
        self._set(swapped=not self._swapped, high_contrast=self._high_contrast, large_type=self._large_type)

    @Slot()
    def toggle_contrast(self) -> None:
        """White on black, or the paper again."""
        self._set(swapped=self._swapped, high_contrast=not self._high_contrast, large_type=self._large_type)

    @Slot()
    def toggle_type(self) -> None:
        """Larger letters, or the usual ones again."""
        self._set(swapped=self._swapped, high_contrast=self._high_contrast, large_type=not self._large_type)

    @Property(Words, notify=changed)
    def words(self) -> Words:
        """The sentences in the order chosen."""
        return self._orders[self._swapped]

    @Property(str, notify=changed)
    def language(self) -> str:
        """The code of the main language."""
        return self.speech.main.language

    @Property("QVariantList", notify=fixed)  # type: ignore[arg-type] # Qt takes type names
    def languages(self) -> list[dict[str, str]]:
        """The languages in their usual order: ``code`` and their own ``name``."""
        catalogues = (words.speech.main for words in self._orders)
        return [{"code": catalogue.language, "name": catalogue.say("language.name")} for catalogue in catalogues]

    @Property(str, notify=changed)
    def other_language(self) -> str:
        """The other language's own name."""
        return self.speech.second.say("language.name")

    @Property(bool, notify=changed)
    def high_contrast(self) -> bool:
        """Whether all is white on black."""
        return self._high_contrast

    @Property(bool, notify=changed)
    def large_type(self) -> bool:
        """Whether letters are larger."""
        return self._large_type
