"""Where and when: the library's name, the clock, the opening hours of today."""

from dataclasses import dataclass
from datetime import time, timedelta

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from circulation.opening_days import Hours
from kiosk.view import Place
from texts.dates import clock_time, long_date
from ui.plain import plain
from ui.speech import SILENT, Phrase, PhraseMap, Speech

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

_LONGEST_BRANCH = 14


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """What the top bar and the attract screen say."""

    branch: Phrase = SILENT
    clock: str = ""
    day: Phrase = SILENT
    hours_title: Phrase = SILENT
    hours_note: Phrase = SILENT
    hours_span: str = ""
    open_now: bool = False


def place_shown(place: Place, since: timedelta, speech: Speech) -> PlaceShown:
    """Say where it is and what time it is, ``since`` after the place was told."""
    at = place.local_time + since
    state, opens, closes = _hours(place.hours, at.time())
    return PlaceShown(
        branch=branch_name(place.branch, speech),
        clock=clock_time(at),
        day=speech.pair(long_date(at.date(), speech.main), long_date(at.date(), speech.second)),
        hours_title=speech.phrase(f"hours.{state}"),
        hours_note=speech.phrase(f"hours.{state}.until", opens=opens, closes=closes),
        hours_span=speech.main.say("hours.span", opens=opens, closes=closes) if place.hours else "",
        open_now=state == "open",
    )


def _hours(hours: Hours | None, now: time) -> tuple[str, str, str]:
    if hours is None:
        return "closed", "", ""
    span = clock_time(hours.opens), clock_time(hours.closes)
    if now < hours.opens:
        return "before", *span
    return ("open" if now < hours.closes else "after"), *span


def branch_name(name: str, speech: Speech) -> Phrase:
    """A branch as people call it: 稻香 becomes 稻香分館; 總館 and names in Latin letters stay."""
    told = plain(name, longest=_LONGEST_BRANCH)
    if not told or told.endswith("館") or told.isascii():
        return Phrase(told, told)
    return speech.phrase("place.branch", branch=told)


@QmlElement
class PlaceViewModel(QObject):
    """The place, for QML."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = PlaceShown()

    def show(self, shown: PlaceShown) -> None:
        """Take over what is to be shown."""
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def branch(self) -> PhraseMap:
        """The branch's name."""
        return self._shown.branch.for_qml()

    @Property(str, notify=changed)
    def clock(self) -> str:
        """Hours and minutes."""
        return self._shown.clock

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def day(self) -> PhraseMap:
        """Today."""
        return self._shown.day.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def hours_title(self) -> PhraseMap:
        """Whether it is open."""
        return self._shown.hours_title.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def hours_note(self) -> PhraseMap:
        """Until when."""
        return self._shown.hours_note.for_qml()

    @Property(str, notify=changed)
    def hours_span(self) -> str:
        """From when to when; empty on a closed day."""
        return self._shown.hours_span

    @Property(bool, notify=changed)
    def open_now(self) -> bool:
        """Whether the library is open at this minute."""
        return self._shown.open_now
