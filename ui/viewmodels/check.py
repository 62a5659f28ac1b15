"""Cards are checked: how many worked, and what is said of the last one."""

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from kiosk.view_modes import CardCheck, CardChecked
from ui.card_codes import advice_for, bad_card
from ui.speech import SILENT, Phrase, PhraseMap, Speech

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class CheckShown:
    """What is said. ``kind`` chooses the icon; ``code`` is empty when no slip is of use."""

    good: int = 0
    other: int = 0
    works: bool = False
    kind: str = ""
    title: Phrase = SILENT
    do: Phrase = SILENT
    code: str = ""
    reference: Phrase = SILENT


NO_CHECK = CheckShown()


def check_shown(screen: CardCheck | CardChecked, speech: Speech) -> CheckShown:
    """Put a check into words."""
    if isinstance(screen, CardCheck):
        return CheckShown(screen.good, screen.other)
    refusal, told = screen.refusal, bad_card(screen)
    if refusal is None:
        return CheckShown(works=True, title=speech.phrase("check.works"), do=speech.phrase("check.works.do"))
    return CheckShown(
        kind=refusal.value,
        title=speech.phrase(f"refusal.{refusal.value}"),
        do=speech.phrase(advice_for(refusal)),
        code=told.code if told else "",
        reference=speech.phrase("check.reference", reference=told.reference) if told and told.reference else SILENT,
    )


@QmlElement
class CheckViewModel(QObject):
    """The check, for QML."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = NO_CHECK

    def show(self, shown: CheckShown) -> None:
        """Take over what is to be said; ``NO_CHECK`` forgets it."""
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    @Property(int, notify=changed)
    def good(self) -> int:
        """How many cards worked."""
        return self._shown.good

    @Property(int, notify=changed)
    def other(self) -> int:
        """How many did not."""
        return self._shown.other

    @Property(bool, notify=changed)
    def works(self) -> bool:
        """Whether this one does."""
        return self._shown.works

    @Property(str, notify=changed)
    def kind(self) -> str:
        """What is the matter with it: a value of ``Refusal``."""
        return self._shown.kind

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def title(self) -> PhraseMap:
        """What is said of it."""
        return self._shown.title.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def instruction(self) -> PhraseMap:
        """What to do."""
        return self._shown.do.for_qml()

    @Property(str, notify=changed)
    def code(self) -> str:
        """What the school is told; empty when it can't help."""
        return self._shown.code

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def reference(self) -> PhraseMap:
        """What finds the card in the logs."""
        return self._shown.reference.for_qml()
