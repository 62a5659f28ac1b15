"""What lies on the demo's card tray, and what a click on it does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import structlog

from circulation.cards import CardUid
from drivers.ports import DeviceError
from drivers.virtual_scanner import send_scan
from drivers.vpcd import VirtualCard
from registry.enrolment.names import NameStyle, masked
from ui.viewmodels.card_tray import CardTrayViewModel, TrayBook, TrayCard
from ui.window import TrayWindow
from youyue.demo.stage import FIRST_BRANCH, Stage
from youyue.devices import scanner_socket
from youyue.screened_kiosk import ScreenedKiosk

_log = structlog.get_logger()
_LIES_THERE_S = 1.2
_BOOKS = 8
_UNKNOWN = CardUid.from_hex("0499AA01")
_PHONE = CardUid.from_hex("08C0FFEE")


@contextmanager
def open_tray(stage: Stage, port: int | None, kiosk: ScreenedKiosk) -> Iterator[TrayWindow]:
    """Show the tray while the context lasts. Without a virtual reader (``port``) only the books are on it."""

    def tap(uid: str) -> None:
        if port is not None:
            Thread(target=_lay, args=(CardUid.from_hex(uid), port), name="tray-card", daemon=True).start()

    def scan(barcode: str) -> None:
        try:
            send_scan(scanner_socket(1), barcode)
        except DeviceError as error:
            _log.warning("tray_scan_failed", problem=str(error))

    books = [TrayBook(copy.barcode, copy.title) for copy in list(stage.city.copies_of(FIRST_BRANCH))[:_BOOKS]]
    say = kiosk.main.say
    view_model = CardTrayViewModel(tray_cards(stage, say) if port is not None else [], books, tap, scan, kiosk.main, kiosk.second)
    window = TrayWindow(view_model)
    try:
        yield window
    finally:
        window.close()


def _lay(uid: CardUid, port: int) -> None:
    try:
        with VirtualCard(uid, port=port) as card:
            card.wait_until_read(_LIES_THERE_S)
    except DeviceError as error:
        _log.warning("tray_tap_failed", problem=str(error))


def tray_cards(stage: Stage, say: Callable[[str], str]) -> list[TrayCard]:
    """One card for every way a tap can end."""
    pupils = stage.city.pupils
    shown = [
        (stage.pupil(), "tray.card.pupil"),
        (next(pupil for pupil in pupils if not pupil.contact_complete), "tray.card.contact"),
        (next(pupil for pupil in pupils if pupil.card_lost), "tray.card.lost"),
    ]
    cards = [TrayCard(pupil.uid.hex, masked(pupil.full_name, NameStyle.SURNAME), say(key)) for pupil, key in shown]
    cards.append(TrayCard(_UNKNOWN.hex, say("tray.card.stranger"), say("tray.card.unknown")))
    cards.append(TrayCard(_PHONE.hex, say("tray.card.device"), say("tray.card.phone")))
    return cards
