"""What stands across every screen: no connection, a device that does not work, something for staff, another card, a scan that was nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from circulation.reasons import Reason
from drivers.ports import DeviceFault, DeviceHealth, DeviceState
from kiosk.offline import Limited, Weight
from kiosk.view import View
from kiosk.view_modes import CardCheck, CardChecked, ClassProgress
from texts.catalogue import Catalogue
from texts.dates import clock_time, short_date
from ui.speech import Phrase, Speech

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class Notice:
    """One banner. ``kind`` chooses its colour and icon.

    It is one of other_card, scan, device, staff, offline, offline_amber, offline_red, stopped, slips, mode.
    """

    kind: str
    title: Phrase
    note: Phrase

    def for_qml(self) -> dict[str, object]:
        """As a map for QML."""
        return {"kind": self.kind, "title": self.title.for_qml(), "note": self.note.for_qml()}


def notices(view: View, speech: Speech) -> tuple[Notice, ...]:
    """All banners, the most urgent first; a fault that two devices share is said once."""

    def found() -> Iterator[Notice]:
        if view.other_card:
            yield Notice("other_card", speech.phrase("banner.other_card"), speech.phrase("banner.other_card.do"))
        if view.scan_fault is not None:
            key = f"scan.{view.scan_fault.value}"
            yield Notice("scan", speech.phrase(key), speech.phrase(f"{key}.do"))
        for fault in dict.fromkeys(_fault(device) for device in view.devices if _keeps_somebody_from_borrowing(device, view)):
            yield Notice("device", speech.phrase(f"fault.{fault}"), speech.phrase(f"fault.{fault}.do"))
        if view.needs_staff:
            yield Notice("staff", speech.phrase("banner.needs_staff"), speech.phrase("banner.needs_staff.do"))
        if view.limited is not None:
            yield _limited(view.limited, speech)
        elif view.offline_since is not None:
            yield Notice("offline", speech.phrase("banner.offline"), _since_words(view.offline_since, view, speech))

    shown = tuple(found())
    # That there are no slips is worth saying only where the rest works: what works without them stands in the same breath.
    shown = shown or tuple(_without_slips(view, speech))
    return (*shown, *_of_mode(view, speech))


def _of_mode(view: View, speech: Speech) -> Iterator[Notice]:
    """What the kiosk is for just now, where that is not lending as on every day."""
    if isinstance(view.screen, CardChecked):
        return
    if isinstance(view.screen, CardCheck):
        yield Notice("mode", speech.phrase("banner.check"), speech.phrase("banner.check.do"))
    elif view.class_visit is not None:
        yield _class_notice(view.class_visit, speech)


def _class_notice(progress: ClassProgress, speech: Speech) -> Notice:
    """How far the class is, and that the next pupil need not wait."""
    pupils = speech.phrase("banner.class.pupils", count=progress.pupils)
    items = speech.phrase("banner.class.items", count=progress.items)
    note = speech.pair(
        speech.main.say("banner.class.next", pupils=pupils.main, items=items.main),
        speech.second.say("banner.class.next", pupils=pupils.second, items=items.second),
    )
    return Notice("mode", speech.phrase("banner.class", time=clock_time(progress.until)), note)


def _limited(limited: Limited, speech: Speech) -> Notice:
    """What the offline limits leave: to the patron who is here, else to everybody."""
    outlook = limited.outlook
    if outlook.stopped is not None:
        why = speech.phrase(f"banner.limited.why.{outlook.stopped.value}")
        do = speech.phrase("banner.limited.returns" if outlook.returns else "banner.limited.returns_not")
        kind = "offline_red" if outlook.stopped is Reason.OFFLINE_TOO_LONG else "stopped"
        return Notice(kind, speech.phrase("banner.limited.stopped"), _joined("banner.limited.why_and_do", speech, why, do))
    if limited.left is None:
        items = speech.phrase("banner.limited.anyone", items=outlook.items)
    elif limited.left:
        items = speech.phrase("banner.limited.left", items=limited.left)
    else:
        items = speech.phrase("banner.limited.none_left")
    kind = "offline" if outlook.weight is Weight.CALM else f"offline_{outlook.weight}"
    title = speech.phrase(f"banner.limited.{outlook.weight}")
    if limited.left == 0:
        return Notice(kind, title, items)
    renews = speech.phrase("banner.limited.renews" if outlook.renews else "banner.limited.renews_not")
    return Notice(kind, title, _joined("banner.limited.both", speech, items, renews))


def _joined(key: str, speech: Speech, one: Phrase, other: Phrase) -> Phrase:
    """Two short phrases in one line, as each language joins them."""
    return speech.pair(
        speech.main.say(key, one=one.main, other=other.main),
        speech.second.say(key, one=one.second, other=other.second),
    )


def _since_words(at: datetime, view: View, speech: Speech) -> Phrase:
    zone = view.place.local_time.tzinfo
    return speech.pair(_since(at, zone, speech.main), _since(at, zone, speech.second))


def scanner_works(view: View) -> bool:
    """Whether a book can be scanned now: one scanner is enough, and one that has not said anything yet is believed to work."""
    scanners = [device for device in view.devices if _is_scanner(device)]
    return not scanners or any(device.state is not DeviceState.MISSING for device in scanners)


def reader_works(view: View) -> bool:
    """Whether a card can be held to a reader now; one that has not said anything yet is believed to work."""
    return not any(device.device == "reader" and device.state is DeviceState.MISSING for device in view.devices)


def _is_scanner(device: DeviceHealth) -> bool:
    return device.device.startswith("scanner")


def _keeps_somebody_from_borrowing(device: DeviceHealth, view: View) -> bool:
    if _only_prints(device) or not _is_down(device):
        return False
    return not (_is_scanner(device) and device.state is DeviceState.MISSING and scanner_works(view))


def _without_slips(view: View, speech: Speech) -> Iterator[Notice]:
    """A roll that runs low still prints, and is staff's matter."""
    for device in view.devices:
        if _only_prints(device) and _is_down(device) and device.fault is not DeviceFault.PAPER_LOW:
            fault = _fault(device)
            yield Notice("slips", speech.phrase(f"fault.{fault}"), speech.phrase(f"fault.{fault}.do"))


def _is_down(device: DeviceHealth) -> bool:
    return device.state is not DeviceState.READY


def _only_prints(device: DeviceHealth) -> bool:
    return device.device == "printer"


def _fault(device: DeviceHealth) -> str:
    return device.fault.value if device.fault is not None else "driver_failed"


def _since(at: datetime, zone: tzinfo | None, catalogue: Catalogue) -> str:
    local = at.astimezone(zone)
    return catalogue.say("banner.offline.since", day=short_date(local.date(), catalogue), time=clock_time(local))


@QmlElement
class NoticesViewModel(QObject):
    """The banners, for QML."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Notice, ...] = ()

    def show(self, shown: tuple[Notice, ...]) -> None:
        """Take over what is to be shown."""
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def banners(self) -> list[dict[str, object]]:
        """Maps with ``kind``, ``title`` and ``note``."""
        return [notice.for_qml() for notice in self._shown]
