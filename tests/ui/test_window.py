"""The windows themselves: made, fitted, photographed, closed."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickItem
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.ui.bench import ORIENTATIONS, Bench, on_glass, with_ancestors
from tests.ui.test_every_screen import contrast_faults, overlaps, require_none, target_faults, text_faults, texts
from texts.catalogue import open_catalogue
from ui.gallery.views import VIEWS
from ui.viewmodels.card_tray import CardTrayViewModel, TrayBook, TrayCard
from ui.viewmodels.visit import PAGES
from ui.window import ReaderSide, TrayWindow, WindowError

CARDS = (
    TrayCard("04A32B1C", "王○○", "小學生 A pupil"),
    TrayCard("04D1", "撿到的卡", "已掛失 Reported lost"),
    TrayCard("08", "手機", "A phone"),
)
BOOKS = (TrayBook("1", "小王子"), TrayBook("2", "<img src='http://127.0.0.1:9/x'>" * 500, "hostile"), TrayBook("3", "𠮷野家的故事"))


def running_animations(bench: Bench) -> list[str]:
    """The types of the animations that run, in the whole window, whether they move something that is seen or not."""
    waiting: list[QObject] = [bench.window.contentItem()]
    seen: set[QObject] = set()
    while waiting:
        thing = waiting.pop()
        if thing not in seen:
            seen.add(thing)
            waiting += thing.children()
            waiting += thing.childItems() if isinstance(thing, QQuickItem) else []
    kinds = {thing: [kind.className() for kind in with_ancestors(thing.metaObject())] for thing in seen if thing.property("running")}
    return sorted(names[0] for names in kinds.values() if "QQuickAbstractAnimation" in names)


@pytest.mark.parametrize("side", list(ReaderSide))
@pytest.mark.parametrize("orientation", sorted(ORIENTATIONS))
@pytest.mark.parametrize("view", ["attract", "attract-waiting", "attract-no-reader"])
def test_the_reader_may_be_on_any_side(make_bench: Callable[..., Bench], view: str, orientation: str, side: ReaderSide) -> None:
    bench = make_bench(ORIENTATIONS[orientation], side)
    bench.show(VIEWS[view])
    picture = bench.picture()
    glass = on_glass(bench.window.contentItem())
    shown = texts(bench)

    faults = [*text_faults(shown, glass), *contrast_faults(shown, picture), *overlaps(shown), *target_faults(bench, glass)]

    require_none(faults, picture, f"{view}.{orientation}.reader-{side}")


@pytest.mark.parametrize("size", [QSize(540, 960), QSize(2160, 3840), QSize(900, 1400), QSize(1366, 768)])
def test_the_page_fits_into_any_glass(make_bench: Callable[..., Bench], size: QSize) -> None:
    bench = make_bench(size)
    bench.show(VIEWS["home"])

    (stage,) = (item for item in bench.items() if item.objectName() == "stage")
    glass = on_glass(bench.window.contentItem())
    page = stage.mapRectToScene(stage.boundingRect())

    assert glass.adjusted(-1, -1, 1, 1).contains(page)
    assert page.width() == pytest.approx(size.width(), abs=1) or page.height() == pytest.approx(size.height(), abs=1)


def test_every_page_of_the_view_model_has_a_screen(portrait: Bench) -> None:
    shown = set()
    for view in VIEWS.values():
        portrait.show(view)
        (page,) = (item for item in portrait.items() if item.objectName() == "page")
        assert page.childItems()
        shown.add(portrait.kiosk.property("page"))

    assert shown == set(PAGES.values())


def test_things_move_without_a_word_from_qt(make_bench: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make_bench(reduced_motion=False)
    bench.show(VIEWS["attract"])
    first = bench.picture()

    qtbot.waitUntil(lambda: bench.picture() != first, timeout=5000)
    for view in ("home", "borrow", "still-here", "goodbye", "attract"):
        bench.show(VIEWS[view])
        bench.picture()


def test_a_page_comes_in_on_the_colour_of_the_paper(make_bench: Callable[..., Bench], qtbot: QtBot) -> None:
    """What moves is a picture without transparency, which Qt leaves black where nothing was drawn."""
    bench = make_bench(reduced_motion=False)
    bench.show(VIEWS["borrow"])
    sheet = bench.window.findChild(QQuickItem, "sheet")
    assert sheet is not None
    margins, places = [], []

    def seen() -> None:
        picture = bench.window.screen().grabWindow(bench.window.winId()).toImage()
        margins.append(QColor(picture.pixel(20, bench.size.height() // 2)).lightness())
        places.append(sheet.x())

    bench.window.frameSwapped.connect(seen)
    bench.show(VIEWS["home"])
    qtbot.waitUntil(lambda: max(places, default=0) > 0 and sheet.x() == 0, timeout=5000)
    bench.window.frameSwapped.disconnect(seen)

    paper = QColor(bench.picture().pixel(20, bench.size.height() // 2)).lightness()
    assert len(margins) > 2
    assert margins == pytest.approx([paper] * len(margins), abs=2)


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_with_reduced_motion_nothing_moves(portrait: Bench, view: str) -> None:
    portrait.show(VIEWS[view])

    assert running_animations(portrait) == []


def test_without_reduced_motion_a_running_animation_is_found(make_bench: Callable[..., Bench]) -> None:
    """A control: what the test above looks for is there to be found."""
    bench = make_bench(reduced_motion=False)
    bench.show(VIEWS["attract"])

    assert "QQuickSequentialAnimation" in running_animations(bench)


@pytest.mark.parametrize("view", ["attract", "attract-waiting", "home", "borrow", "goodbye", "card-lost", "still-here"])
def test_a_second_window_in_the_process_says_the_same_as_the_first(make_bench: Callable[..., Bench], view: str) -> None:
    """The demo shows two kiosks. A word from Qt fails the test, from the moment on when a page has not all its items yet."""
    first, second = make_bench(), make_bench()
    for bench in (first, second):
        bench.show(VIEWS["out-of-service"])
        bench.show(VIEWS[view])

    words = [[text.property("said") for text in bench.of_type("PlainText")] for bench in (first, second)]

    assert len(words[0]) > 3
    assert words[1] == words[0]


def test_a_screenshot_is_the_window(portrait: Bench, tmp_path: Path) -> None:
    portrait.show(VIEWS["home"])

    portrait.grab(tmp_path / "deep" / "home.png")

    assert QImage(str(tmp_path / "deep" / "home.png")).size() == ORIENTATIONS["portrait"]


def test_a_screenshot_that_cannot_be_written_is_an_error(portrait: Bench, tmp_path: Path) -> None:
    with pytest.raises(WindowError, match="could not be written"):
        portrait.grab(tmp_path / "no such format.xyz")


def test_closing_leaves_nothing_behind(fonts: None) -> None:
    bench = Bench(ORIENTATIONS["portrait"])
    bench.show(VIEWS["borrow"])
    kiosk = weakref.ref(bench.kiosk)

    bench.close()
    bench.close()
    with pytest.raises(WindowError, match="closed"):
        _ = bench.window
    del bench
    gc.collect()

    assert kiosk() is None


def test_what_a_closed_window_showed_is_gone_at_once_for_garbage_is_found_in_any_thread(fonts: None) -> None:
    bench = Bench(ORIENTATIONS["portrait"])
    bench.show(VIEWS["borrow"])
    shown = [bench.kiosk, *bench.kiosk.findChildren(QObject)]
    assert any(isinstance(one, QTimer) for one in shown)

    bench.close()

    assert [one for one in shown if isValid(one)] == []


def test_the_card_tray_taps_and_scans(fonts: None, qtbot: QtBot) -> None:
    tapped: list[str] = []
    scanned: list[str] = []
    tray = CardTrayViewModel(CARDS, BOOKS, tapped.append, scanned.append, open_catalogue("zh_TW"), open_catalogue("en"))
    window = TrayWindow(tray, QSize(720, 1280))
    bench_pictures = Path(__file__).parents[2] / "build" / "screens"
    window.grab(bench_pictures / "card-tray.png")

    tray.tap("04A32B1C")
    tray.tap("04D1")
    tray.scan("1")
    window.grab(bench_pictures / "card-tray-tapped.png")
    assert tray.property("busy") == "04A32B1C"
    qtbot.waitUntil(lambda: tray.property("busy") == "", timeout=5000)
    tray.tap("04D1")
    window.close()

    assert tapped == ["04A32B1C", "04D1"]
    assert scanned == ["1"]


@pytest.mark.parametrize(("view", "invited"), [("attract", True), ("attract-offline-day", True), ("attract-stopped", False)])
def test_nobody_is_invited_to_borrow_where_nothing_is_lent(portrait: Bench, view: str, *, invited: bool) -> None:
    portrait.look()
    portrait.show(VIEWS[view])

    said = [str(text.property("said")) for text in portrait.of_type("PlainText") if text.isVisible()]
    assert any("開始借書" in one for one in said) is invited
