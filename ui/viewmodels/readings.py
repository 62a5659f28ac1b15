"""The readings beside the characters, for QML."""

from functools import lru_cache

from PySide6.QtCore import QObject, Slot
from PySide6.QtQml import QmlElement

from texts.readings import open_readings

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

_KEPT = 1024


@lru_cache(maxsize=_KEPT)
def _annotated(text: str) -> str:
    return open_readings().annotated(text)


@QmlElement
class ReadingsViewModel(QObject):
    """Writes the reading (注音) beside each character, titles from outside among them. Opens its tables when it is first asked."""

    @Slot(str, result=str)
    def annotated(self, text: str) -> str:
        """The same text with readings, for the screens' font; whoever reads aloud or compares takes the text itself."""
        return _annotated(text)
