"""The page of devices: how each part is, what was tried, the search for the form of a source's numbers. For staff, in one language."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import reduce

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from circulation.calibration import CalibrationOutcome
from circulation.cards import NumberForm
from drivers.ports import DeviceState
from kiosk.device_book import INNER_PARTS, Standing
from kiosk.events import BackChosen, Choice, FormSearchChosen, NumberEntered, StaffChoice
from kiosk.view import View
from kiosk.view_devices import CardTried, CodeKind, CodeTried, Compared, Devices, FormSought
from texts.catalogue import Catalogue
from texts.dates import clock_time, short_date
from texts.device_words import device_word, fault_word, repair_word
from ui.plain import plain

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

LONGEST_NUMBER = 24
"""Characters: ten bytes in the longest form, with something to spare for what is typed wrong."""
KEYS = "0123456789ABCDEF,"
"""What a number on file is made of."""
_LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class PartShown:
    """One part. ``state`` is a value of ``DeviceState``; ``why`` and ``do`` are empty when it is well."""

    state: str
    name: str
    word: str
    since: str
    why: str = ""
    do: str = ""


@dataclass(frozen=True, slots=True)
class ToldShown:
    """What came of something. ``mood``: good, bad, or wait, where something more is wanted."""

    mood: str = "wait"
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SoughtShown:
    """The search. ``typing``: a number may be typed; ``laid`` is another one for another card; ``command`` keeps what was found."""

    question: str = ""
    told: ToldShown | None = None
    compared: tuple[str, ...] = ()
    typing: bool = False
    over: bool = False
    command: str = ""
    laid: int = 0


@dataclass(frozen=True, slots=True)
class DevicesShown:
    """The page in words."""

    summary: ToldShown = ToldShown()
    parts: tuple[PartShown, ...] = ()
    card: ToldShown = ToldShown()
    code: ToldShown = ToldShown()
    sought: SoughtShown | None = None


NO_DEVICES = DevicesShown()


def devices_shown(screen: Devices, view: View, say: Catalogue) -> DevicesShown:
    """Put the page into words. ``view``: the whole of which the screen is a part."""
    unwell = sum(standing.state is not DeviceState.READY for standing in view.standings)
    summary = ToldShown("bad", say.say("devices.unwell", count=unwell)) if unwell else ToldShown("good", say.say("devices.well"))
    parts = sorted(view.standings, key=lambda one: (one.state is DeviceState.READY, one.device in INNER_PARTS))
    return DevicesShown(
        summary,
        tuple(_part(one, view.place.local_time, say) for one in parts),
        ToldShown(title=say.say("devices.card.lay")) if screen.card is None else _card(screen.card, say),
        ToldShown(title=say.say("devices.code.scan")) if screen.code is None else _code(screen.code, say),
        None if screen.sought is None else _sought(screen.sought, say),
    )


def _part(standing: Standing, now: datetime, say: Catalogue) -> PartShown:
    since = standing.since.astimezone(now.tzinfo)
    told = say.say("devices.since", day=short_date(since.date(), say), time=clock_time(since))
    state, name = standing.state.value, device_word(standing.device, say)
    named = name[:1].upper() + name[1:]
    if standing.state is DeviceState.READY:
        return PartShown(state, named, say.say(f"devices.state.{state}"), told)
    return PartShown(
        state, named, say.say(f"devices.state.{state}"), told, fault_word(standing.fault, say), repair_word(standing.fault, say)
    )


def _card(tried: CardTried, say: Catalogue) -> ToldShown:
    if tried.fault is not None:
        return ToldShown("bad", say.say(f"devices.card.{tried.fault.value}"), say.say(f"devices.card.{tried.fault.value}.do"))
    kind = say.say(
        "devices.card.kind" if tried.kind else "devices.card.kind.none", kind=say.say(f"card.{tried.kind.value}") if tried.kind else ""
    )
    known = {True: "devices.card.known", False: "devices.card.not_known", None: "devices.card.no_copy"}[tried.known]
    note = say.say("devices.card.note", kind=kind, octets=say.say("devices.card.octets", count=tried.octets), known=say.say(known))
    return ToldShown("good", say.say("devices.card.read", card=tried.shown), note)


def _code(tried: CodeTried, say: Catalogue) -> ToldShown:
    if tried.kind is None:
        key = "unreadable" if tried.fault is None else tried.fault.value
        return ToldShown("bad", say.say(f"scan.{key}"), say.say(f"devices.code.fault.{key}"))
    if tried.kind is CodeKind.ITEM:
        return ToldShown("good", say.say("devices.code.item"), plain(tried.text, longest=_LONGEST_CODE))
    return ToldShown("good", say.say(f"devices.code.{tried.kind.value}"), say.say("devices.code.hidden"))


def _sought(sought: FormSought, say: Catalogue) -> SoughtShown:
    asked = sought.asked
    question = (
        say.say("devices.form.type", card=asked) if asked else say.say("devices.form.lay_next" if sought.compared else "devices.form.lay")
    )
    found = sought.is_over and sought.last is not None and sought.last.found.outcome is CalibrationOutcome.FOUND
    return SoughtShown(
        "" if sought.is_over else question,
        _told(sought, say),
        tuple(say.say("devices.form.compared", card=card) for card in sought.compared),
        typing=asked is not None,
        over=sought.is_over,
        command=say.say("devices.form.command") if found else "",
        laid=sought.laid,
    )


def _told(sought: FormSought, say: Catalogue) -> ToldShown | None:
    if sought.fault is not None:
        return ToldShown("bad", say.say(f"devices.card.{sought.fault.value}"), say.say(f"devices.card.{sought.fault.value}.do"))
    return None if sought.last is None else _outcome(sought.last, say)


def _outcome(last: Compared, say: Catalogue) -> ToldShown:
    found = last.found
    words = {"card": last.shown, "forms": _forms(found.forms, say), "apart": _forms(found.apart, say)}
    mood = "good" if found.outcome is CalibrationOutcome.FOUND else "wait" if found.outcome is CalibrationOutcome.SEVERAL_FIT else "bad"
    key = f"devices.form.{found.outcome.value}"
    return ToldShown(mood, say.say(key, **words), say.say(f"{key}.do", **words))


def _forms(forms: tuple[NumberForm, ...], say: Catalogue) -> str:
    """Each in words, and as commands and files write it."""
    named = [say.say("devices.form.named", word=say.say(f"form.{form.value}"), form=form.value) for form in forms]
    return reduce(lambda one, other: say.say("devices.form.both", one=one, other=other), named) if named else ""


@QmlElement
class DevicesViewModel(QObject):
    """The page, for QML. What is typed goes with its card, and with the page."""

    changed = Signal()

    def __init__(self, post: Callable[[Choice | StaffChoice], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._post = post
        self._shown = NO_DEVICES
        self._typed = ""

    def show(self, shown: DevicesShown) -> None:
        """Take over what is to be said; ``NO_DEVICES`` forgets everything."""
        if shown == self._shown:
            return
        before = self._sought
        self._shown = shown
        if (before.laid, before.typing) != (self._sought.laid, self._sought.typing):
            self._typed = ""
        self.changed.emit()

    def forget(self) -> None:
        """Nothing of what was tried or typed stays."""
        self.show(NO_DEVICES)

    @property
    def _sought(self) -> SoughtShown:
        return self._shown.sought or SoughtShown()

    @Slot()
    def seek(self) -> None:
        """Look for a form, from the beginning."""
        self._post(FormSearchChosen())

    @Slot()
    def back(self) -> None:
        """From the search to the list."""
        self._post(BackChosen())

    @Slot(str)
    def press(self, key: str) -> None:
        """One key more."""
        if self._sought.typing and len(self._typed) < LONGEST_NUMBER:
            self._typed += key
            self.changed.emit()

    @Slot()
    def delete(self) -> None:
        """Take the last character away."""
        self._typed = self._typed[:-1]
        self.changed.emit()

    @Slot()
    def enter(self) -> None:
        """Compare what was typed."""
        if self._sought.typing and self._typed:
            typed, self._typed = self._typed, ""
            self._post(NumberEntered(typed))
            self.changed.emit()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def summary(self) -> dict[str, str]:
        """Whether all is well: ``mood``, ``title``, ``note``."""
        return asdict(self._shown.summary)

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def parts(self) -> list[dict[str, str]]:
        """Every part, those that need somebody first, then what is plugged in: maps with the fields of ``PartShown``."""
        return [asdict(part) for part in self._shown.parts]

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def card(self) -> dict[str, str]:
        """The card that was laid down last: ``mood``, ``title``, ``note``."""
        return asdict(self._shown.card)

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def code(self) -> dict[str, str]:
        """The code that was scanned last: ``mood``, ``title``, ``note``."""
        return asdict(self._shown.code)

    @Property(bool, notify=changed)
    def seeking(self) -> bool:
        """Whether the search stands there."""
        return self._shown.sought is not None

    @Property(str, notify=changed)
    def question(self) -> str:
        """What is wanted now; empty when nothing more is."""
        return self._sought.question

    @Property(bool, notify=changed)
    def has_told(self) -> bool:
        """Whether something is said of the last card."""
        return self._sought.told is not None

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def told(self) -> dict[str, str]:
        """What is said of the last card: ``mood``, ``title``, ``note``."""
        return asdict(self._sought.told or ToldShown())

    @Property("QStringList", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def compared(self) -> list[str]:
        """The cards that count so far."""
        return list(self._sought.compared)

    @Property(bool, notify=changed)
    def typing(self) -> bool:
        """Whether a number is to be typed."""
        return self._sought.typing

    @Property(bool, notify=changed)
    def over(self) -> bool:
        """Whether another card can add nothing."""
        return self._sought.over

    @Property(str, notify=changed)
    def command(self) -> str:
        """What to do to keep what was found; empty before."""
        return self._sought.command

    @Property(str, notify=changed)
    def typed(self) -> str:
        """The number so far."""
        return self._typed

    @Property(str, notify=changed)
    def keys(self) -> str:
        """The keys that are of use."""
        return KEYS if self._sought.typing else ""
