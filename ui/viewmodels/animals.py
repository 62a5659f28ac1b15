"""Which animal are you? All there are, and the one that is chosen."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.animals import Animal
from kiosk.events import AnimalChosen, Choice
from kiosk.view import Animals
from ui.speech import Phrase, Speech

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class ShownAnimal:
    """One animal; ``picture`` names its drawing."""

    picture: str
    name: Phrase
    chosen: bool

    def for_qml(self) -> dict[str, object]:
        """As a map for QML."""
        return {"picture": self.picture, "name": self.name.for_qml(), "chosen": self.chosen}


@QmlElement
class AnimalsViewModel(QObject):
    """The animals, for QML; ``post`` takes the choice."""

    changed = Signal()

    def __init__(self, post: Callable[[Choice], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._post = post
        self._shown: tuple[ShownAnimal, ...] = ()

    def show(self, screen: Animals, speech: Speech) -> None:
        """Take over what is to be shown."""
        self._take(tuple(ShownAnimal(one.value, speech.phrase(f"animal.{one.value}"), one is screen.chosen) for one in Animal))

    def forget(self) -> None:
        """Whose animal it is, is no matter of the next one."""
        self._take(())

    def _take(self, shown: tuple[ShownAnimal, ...]) -> None:
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    @Slot(str)
    def choose(self, picture: str) -> None:
        """That's me."""
        self._post(AnimalChosen(Animal(picture)))

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def animals(self) -> list[dict[str, object]]:
        """Maps with ``picture``, ``name`` and ``chosen``."""
        return [one.for_qml() for one in self._shown]
