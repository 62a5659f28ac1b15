"""How much of a stretch of time is left: the log-out ring and the countdowns."""

import math
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from ui.speech import SILENT, Phrase, PhraseMap, Speech

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

_STEPS = 400
"""A ring moves in steps of its four hundredth part: finer than the eye sees, few repaints."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one instant to another, both monotonic seconds. ``steps``: in so many its ring falls."""

    begins: float
    ends: float
    steps: int = _STEPS

    def fraction_left(self, now: float) -> float:
        """1 at the beginning, 0 at the end and after it."""
        length = self.ends - self.begins
        left = (self.ends - now) / length if length > 0 else 0.0
        return math.ceil(round(min(1.0, max(0.0, left)) * self.steps, 6)) / self.steps

    def seconds_left(self, now: float) -> int:
        """Whole seconds, as a countdown says them: 10 during the first second of ten."""
        return max(0, math.ceil(round(self.ends - now, 3)))


@QmlElement
class TimeLeftViewModel(QObject):
    """The running stretch, for QML; no stretch is a full ring of nothing."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[bool, float, int, Phrase, Phrase] = (False, 0.0, 0, SILENT, SILENT)

    def show(self, stretch: Stretch | None, now: float, speech: Speech) -> None:
        """Take over what is left at this instant."""
        if stretch is None:
            shown = (False, 0.0, 0, SILENT, SILENT)
        else:
            seconds = stretch.seconds_left(now)
            unit, told = speech.phrase("still_here.seconds", count=seconds), speech.phrase("bar.time_left", count=seconds)
            shown = (True, stretch.fraction_left(now), seconds, unit, told)
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    @Property(bool, notify=changed)
    def running(self) -> bool:
        """Whether time is being counted."""
        return self._shown[0]

    @Property(float, notify=changed)
    def fraction(self) -> float:
        """What is left of the whole, 0 to 1."""
        return self._shown[1]

    @Property(int, notify=changed)
    def seconds(self) -> int:
        """What is left, in seconds."""
        return self._shown[2]

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def unit(self) -> PhraseMap:
        """The word for the seconds."""
        return self._shown[3].for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def told(self) -> PhraseMap:
        """What is left, as a sentence for the ear."""
        return self._shown[4].for_qml()
