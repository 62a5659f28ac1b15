"""The fixed sentences, for QML."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtQml import QmlElement

from ui.speech import PhraseMap, Speech

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class Words(QObject):
    """The catalogue in one order of languages. Another order is another object, so bindings follow it."""

    def __init__(self, speech: Speech, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.speech = speech

    @Slot(str, result="QVariantMap")
    def phrase(self, key: str) -> PhraseMap:
        """The sentence in both languages."""
        return self.speech.phrase(key).for_qml()

    @Slot(str, result=str)
    def say(self, key: str) -> str:
        """The sentence in the main language."""
        return self.speech.main.say(key)
