"""The demo's tray with its printer: what is clicked, and the slip that comes out as the printer got it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem
from pytestqt.qtbot import QtBot

from drivers.ports import Raster
from tests.ui.bench import is_a, visible_under
from tests.ui.paper_world import CHINESE_FIRST, ENGLISH_FIRST, a_visit, lent, renewed
from texts.catalogue import languages, open_catalogue
from ui.fonts import load_fonts
from ui.gallery.examples import a_place
from ui.paper.raster import Roll, raster_of
from ui.paper.slips import loan_slip
from ui.viewmodels.card_tray import CardTrayViewModel, TrayBook, TrayCard
from ui.viewmodels.tray_printer import TrayPrinterViewModel, picture_of
from ui.window import TrayWindow
from youyue.demo.tray_printer import CONDITIONS, OFF, choices

PICTURES = Path(__file__).parents[2] / "build" / "screens"


@pytest.fixture(params=languages())
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def chosen() -> list[str]:
    return []


@pytest.fixture
def printer(qapp: QGuiApplication, language: str, chosen: list[str]) -> TrayPrinterViewModel:
    load_fonts()
    return TrayPrinterViewModel(choices(open_catalogue(language).say), chosen.append)


@pytest.fixture
def window(language: str, printer: TrayPrinterViewModel) -> Iterator[TrayWindow]:
    main, second = open_catalogue(language), open_catalogue(next(other for other in languages() if other != language))
    keys = ("pupil", "long", "ipass", "contact", "lost", "unknown", "phone", "broken", "two")
    cards = [TrayCard(key, "王○○", main.say(f"tray.card.{key}")) for key in keys]
    made = TrayWindow(
        CardTrayViewModel(cards, [TrayBook("1", "小王子")], lambda _: None, lambda _: None, main, second, printer), QSize(720, 2400)
    )
    yield made
    made.close()


def slip(language: str) -> Raster:
    speech = CHINESE_FIRST if language == "zh_TW" else ENGLISH_FIRST
    return raster_of(loan_slip(a_visit(lent(1), renewed=(renewed(2),)), a_place(), speech, "tpml.gov.taipei"), Roll.MM80)


def items(window: TrayWindow, kind: str) -> list[QQuickItem]:
    return [item for item in visible_under(window.window.contentItem()) if is_a(item, kind)]


def test_the_slip_that_came_out_is_shown_dot_by_dot(window: TrayWindow, printer: TrayPrinterViewModel, language: str, qtbot: QtBot) -> None:
    window.grab(PICTURES / f"card-tray-printer.{language}.png")
    assert printer.property("slip") == ""
    printer.show(slip(language))
    qtbot.waitUntil(lambda: printer.property("slip") == "image://slip/1", timeout=30_000)
    window.grab(PICTURES / f"card-tray-slip.{language}.png")
    assert printer.property("slip_shape") == pytest.approx(slip(language).height / slip(language).width)
    printer.show(slip(language))
    qtbot.waitUntil(lambda: printer.property("slip") == "image://slip/2", timeout=30_000)


def test_a_picture_of_a_slip_has_its_dots() -> None:
    made = picture_of(Raster(16, bytes([0b1000_0000, 0b0000_0001, 0, 0])))
    black = [(x, y) for y in range(2) for x in range(16) if made.pixelColor(x, y).lightness() == 0]
    assert (made.width(), made.height(), black) == (16, 2, [(0, 0), (15, 0)])


def test_every_condition_of_the_printer_can_be_chosen_and_is_told_once(printer: TrayPrinterViewModel, chosen: list[str]) -> None:
    for condition in (*CONDITIONS, OFF, OFF, "well"):
        printer.choose(condition)
    assert chosen == [*list(CONDITIONS)[1:], OFF, "well"]
    assert printer.property("condition") == "well"


def test_no_word_on_the_tray_is_cut_off(window: TrayWindow, printer: TrayPrinterViewModel) -> None:
    window.grab(PICTURES / "card-tray-words.png")
    words = items(window, "PlainText")
    assert len(words) > 20
    assert [text.property("text") for text in words if text.property("truncated")] == []


def test_a_tray_without_a_printer_has_no_room_for_one(qapp: QGuiApplication) -> None:
    load_fonts()
    tray = CardTrayViewModel([], [], lambda _: None, lambda _: None, open_catalogue("zh_TW"), open_catalogue("en"))
    bare = TrayWindow(tray, QSize(720, 1280))
    bare.grab(PICTURES / "card-tray-bare.png")
    assert items(bare, "PrinterSection") == []
    bare.close()
