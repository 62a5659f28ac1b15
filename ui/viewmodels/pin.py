"""The PIN pad. What is typed lives here until it is sent, and nowhere longer: QML sees how many digits, never which."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.events import Choice, PinEntered
from kiosk.view import PinPad, PinProblem, Place
from texts.catalogue import Catalogue
from texts.dates import clock_time, short_date
from ui.speech import SILENT, Phrase, PhraseMap, Speech

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

LEAST, MOST = 4, 8
"""Digits of a PIN; the registry gives no other."""

_USELESS = frozenset({PinProblem.LOCKED, PinProblem.NONE})
"""Another try can't help."""


@dataclass(frozen=True, slots=True)
class PinShown:
    """What is said around the keys. ``usable``: whether typing can help."""

    problem: Phrase = SILENT
    advice: Phrase = SILENT
    checking: bool = False
    usable: bool = True


NO_PIN = PinShown()


def pin_shown(screen: PinPad, place: Place, speech: Speech) -> PinShown:
    """Put the pad's state into words; a lock's end in the library's local time."""
    problem = screen.problem
    usable = not screen.checking and problem not in _USELESS
    if problem is None or screen.checking:
        return PinShown(checking=screen.checking, usable=usable)
    return PinShown(speech.phrase(f"problem.{problem.value}"), _advice(screen, place, speech), usable=usable)


def _advice(screen: PinPad, place: Place, speech: Speech) -> Phrase:
    match screen:
        case PinPad(problem=PinProblem.LOCKED, locked_until=datetime() as until):
            zone, today = place.local_time.tzinfo, place.local_time
            return speech.pair(_until(until, zone, today, speech.main), _until(until, zone, today, speech.second))
        case PinPad(problem=PinProblem.WRONG, tries_left=int(left)) if left > 0:
            return speech.phrase("problem.pin_wrong.tries", count=left)
        case PinPad(problem=PinProblem() as problem):
            return speech.phrase(f"problem.{problem.value}.do")
        case _:
            return SILENT


def _until(until: datetime, zone: tzinfo | None, now: datetime, catalogue: Catalogue) -> str:
    local = until.astimezone(zone)
    if local.date() == now.date():
        return catalogue.say("problem.pin_locked.until", time=clock_time(local))
    return catalogue.say("problem.pin_locked.until_day", day=short_date(local.date(), catalogue), time=clock_time(local))


@QmlElement
class PinViewModel(QObject):
    """The pad, for QML. ``post`` takes the PIN and keeps it nowhere."""

    changed = Signal()

    def __init__(self, post: Callable[[Choice], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._post = post
        self._shown = NO_PIN
        self.__typed = ""
        self._told = SILENT

    def show(self, screen: PinPad, place: Place, speech: Speech) -> None:
        """Take over the pad's state."""
        shown = pin_shown(screen, place, speech)
        told = speech.phrase("pin.typed", count=len(self.__typed))
        if (shown, told) != (self._shown, self._told):
            self._shown, self._told = shown, told
            self.changed.emit()

    def forget(self) -> None:
        """Nothing of what was typed stays."""
        if self.__typed or self._shown != NO_PIN:
            self._shown, self._told = NO_PIN, SILENT
            self._type("")

    def _type(self, typed: str) -> None:
        self.__typed = typed
        self.changed.emit()

    @Slot(str)
    def press(self, key: str) -> None:
        """One digit more. Anything else is no key of this pad."""
        if self._shown.usable and len(key) == 1 and key in "0123456789" and len(self.__typed) < MOST:
            self._type(self.__typed + key)

    @Slot()
    def delete(self) -> None:
        """Take the last digit away."""
        self._type(self.__typed[:-1])

    @Slot()
    def enter(self) -> None:
        """Send what was typed, and forget it at once."""
        if self._may_enter():
            pin = self.__typed
            self._type("")
            self._post(PinEntered(pin))

    def _may_enter(self) -> bool:
        return self._shown.usable and len(self.__typed) >= LEAST

    @Property(int, notify=changed)
    def length(self) -> int:
        """How many digits were typed."""
        return len(self.__typed)

    @Property(bool, notify=changed)
    def can_enter(self) -> bool:
        """Whether that may be a PIN."""
        return self._may_enter()

    @Property(bool, notify=changed)
    def usable(self) -> bool:
        """Whether typing can help now."""
        return self._shown.usable

    @Property(bool, notify=changed)
    def checking(self) -> bool:
        """Whether the registry is being asked."""
        return self._shown.checking

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def problem(self) -> PhraseMap:
        """Why the last one did not help."""
        return self._shown.problem.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def advice(self) -> PhraseMap:
        """What to do about it."""
        return self._shown.advice.for_qml()
