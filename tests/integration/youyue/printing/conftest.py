"""A kiosk whose slips go to a printer on loopback."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import pytest
from PySide6.QtGui import QGuiApplication
from shiboken6 import delete

from drivers.escpos_links import open_link
from drivers.escpos_printer import EscposPrinter, Pace
from drivers.ports import DeviceHealth, DeviceState, PrinterEvent, Raster
from drivers.printer_address import parse_address
from drivers.virtual_printer import VirtualPrinter
from kiosk.view import Screen, View
from tests.contract.heard import LIMIT_S, Heard
from tests.integration.youyue.printing.visits import WEBSITE
from tests.ui.paper_world import CHINESE_FIRST
from ui.fonts import load_fonts
from ui.gallery.examples import a_place
from ui.viewmodels.kiosk import KioskViewModel
from youyue.clock import SystemClock
from youyue.printing import SlipPrinter, slip_printer
from youyue.settings import KioskSection, LibrarySettings, Settings


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@pytest.fixture
def slips() -> Heard[Raster]:
    return Heard()


@pytest.fixture
def paper(slips: Heard[Raster]) -> Iterator[VirtualPrinter]:
    printer = VirtualPrinter(slips)
    yield printer
    printer.close()


@pytest.fixture
def view_model(qapp: QGuiApplication) -> Iterator[KioskViewModel]:
    load_fonts()
    made = KioskViewModel(lambda _: None, SystemClock().monotonic, CHINESE_FIRST.main, CHINESE_FIRST.second)
    yield made
    delete(made)


@pytest.fixture
def states() -> list[DeviceState]:
    """What the printer said of itself, the newest last."""
    return []


@pytest.fixture
def printing(paper: VirtualPrinter, view_model: KioskViewModel, states: list[DeviceState]) -> Iterator[SlipPrinter]:
    device = EscposPrinter(
        partial(open_link, parse_address(paper.address)), monotonic=time.monotonic, pace=Pace(opening=LIMIT_S, answer=0.5, look_every=0.05)
    )
    settings = Settings(library=LibrarySettings(website=WEBSITE), kiosk=KioskSection(printer=paper.address, slip_seconds=5))
    printer = slip_printer(settings, device, view_model, CHINESE_FIRST, SystemClock())

    def heard(event: PrinterEvent) -> None:
        if isinstance(event, DeviceHealth):
            states.append(event.state)
        printer.heard(event)

    device.start(heard)
    yield printer
    device.stop()
    delete(printer)


@pytest.fixture
def revive(paper: VirtualPrinter) -> Iterator[Callable[[Heard[Raster]], None]]:
    """Switch a printer on where the first one was."""
    with ExitStack() as stack:

        def revive(slips: Heard[Raster]) -> None:
            stack.callback(VirtualPrinter(slips, port=paper.port).close)

        yield revive


@pytest.fixture
def show(qapp: QGuiApplication, view_model: KioskViewModel, printing: SlipPrinter) -> Callable[[Screen], None]:
    def show(screen: Screen) -> None:
        view = View(screen, a_place())
        view_model.show(view)
        printing.show(view)
        qapp.processEvents()

    return show
