"""A screen that says one thing and what to do: a refused card, a kiosk out of service."""

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from kiosk.view import CardRefused, OutOfService
from ui.speech import SILENT, Phrase, PhraseMap, Speech

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class Message:
    """What is said. ``kind`` chooses the icon."""

    kind: str = ""
    title: Phrase = SILENT
    do: Phrase = SILENT


NO_MESSAGE = Message()


def message_of(screen: CardRefused | OutOfService, speech: Speech) -> Message:
    """Put a refusal or a problem into words; a problem nobody knows is said in general."""
    if isinstance(screen, CardRefused):
        key = f"refusal.{screen.refusal.value}"
        return Message(screen.refusal.value, speech.phrase(key), speech.phrase(f"{key}.do"))
    key = speech.known(f"out_of_service.{screen.problem}", otherwise="out_of_service.other")
    return Message("out_of_service", speech.phrase(key), speech.phrase(f"{key}.do"))


@QmlElement
class MessageViewModel(QObject):
    """The message, for QML."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = NO_MESSAGE

    def show(self, shown: Message) -> None:
        """Take over what is to be said."""
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    @Property(str, notify=changed)
    def kind(self) -> str:
        """What it is about."""
        return self._shown.kind

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def title(self) -> PhraseMap:
        """What happened."""
        return self._shown.title.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def instruction(self) -> PhraseMap:
        """What to do."""
        return self._shown.do.for_qml()
