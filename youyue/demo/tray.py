"""The demo's tray: cards that tap, books that are scanned, a printer that shows its slips."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import structlog

from drivers.ports import DeviceError
from drivers.virtual_scanner import send_scan
from ui.viewmodels.card_tray import CardTrayViewModel
from ui.viewmodels.tray_printer import TrayPrinterViewModel
from ui.window import TrayWindow
from youyue.demo.stage import Stage
from youyue.demo.tray_cards import TrayTap, tray_taps
from youyue.demo.tray_scans import tray_scans
from youyue.devices import scanner_socket
from youyue.screened_kiosk import ScreenedKiosk

_log = structlog.get_logger()


@contextmanager
def open_tray(stage: Stage, port: int | None, kiosk: ScreenedKiosk, printer: TrayPrinterViewModel | None = None) -> Iterator[TrayWindow]:
    """Show the tray while the context lasts. Without a virtual reader (``port``) there are no cards on it, without a ``printer`` no slips."""
    taps = {tap.card.key: tap for tap in tray_taps(stage, kiosk.main.say)} if port is not None else {}

    def tap(key: str) -> None:
        if port is not None:
            Thread(target=_play, args=(taps[key], port), name="tray-card", daemon=True).start()

    def scan(barcode: str) -> None:
        try:
            send_scan(scanner_socket(1), barcode)
        except DeviceError as error:
            _log.warning("tray_scan_failed", problem=str(error))

    scans = tray_scans(stage, kiosk.main.say)
    view_model = CardTrayViewModel([one.card for one in taps.values()], scans, tap, scan, kiosk.main, kiosk.second, printer)
    window = TrayWindow(view_model)
    try:
        yield window
    finally:
        window.close()


def _play(tap: TrayTap, port: int) -> None:
    try:
        tap.play(port)
    except DeviceError as error:
        _log.warning("tray_tap_failed", problem=str(error))
