"""How a page is put together: what eyes found on the contact sheets, where every text could be read and every target pressed."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPolygonF
from PySide6.QtQuick import QQuickItem

from tests.ui.bench import ORIENTATIONS, Bench, on_glass, visible_under, window_pane
from ui.gallery.glass import Look
from ui.gallery.views import VIEWS
from ui.window import ReaderSide

UNDER_A_BANNER = ("attract-offline-day", "attract-stopped", "attract-no-slips", "class-attract-offline", "check-offline")


def card_of(bench: Bench) -> QPolygonF:
    """Where the card lies that shows the way to the reader."""
    (journey,) = bench.of_type("CardJourney")
    (card,) = (item for item in visible_under(journey) if item.metaObject().className().startswith("QQuickImage") and item.width() == 500)
    corners = QRectF(0, 0, card.width(), card.height())
    return QPolygonF(
        [card.mapToScene(corner) for corner in (corners.topLeft(), corners.topRight(), corners.bottomRight(), corners.bottomLeft())]
    )


def meets(card: QPolygonF, item: QQuickItem) -> bool:
    place = on_glass(item)
    return card.intersects(QPolygonF([place.topLeft(), place.topRight(), place.bottomRight(), place.bottomLeft()]))


@pytest.mark.parametrize("language", ["zh_TW", "en"])
@pytest.mark.parametrize("view", UNDER_A_BANNER)
def test_the_card_shows_the_way_to_the_reader_also_under_a_banner(kiosk: Bench, view: str, language: str) -> None:
    kiosk.show(VIEWS[view])
    kiosk.look(language)
    assert len(kiosk.of_type("CardJourney")) == 1


@pytest.mark.parametrize("look", [Look.USUAL, Look.LARGE])
@pytest.mark.parametrize("side", list(ReaderSide))
@pytest.mark.parametrize("orientation", sorted(ORIENTATIONS))
def test_nothing_lies_on_the_card_that_shows_the_way(
    make_bench: Callable[..., Bench], orientation: str, side: ReaderSide, look: Look
) -> None:
    bench = make_bench(ORIENTATIONS[orientation], side)
    shown = 0
    for view in ("attract", "attract-waiting", "class-attract-waiting", "check", "attract-offline", *UNDER_A_BANNER):
        for language in ("zh_TW", "zh_TW-zhuyin", "en"):
            bench.show(VIEWS[view])
            bench.look(language, look)
            bench.settle()
            if bench.of_type("CardJourney"):
                card, shown = card_of(bench), shown + 1
                covering = [*bench.of_type("NoticeCard"), *bench.of_type("ActionBook"), *bench.of_type("TallyCard")]
                assert [item for item in covering if meets(card, item)] == [], (view, language)
    assert shown > 0


@pytest.mark.parametrize("view", ["return", "return-session", "return-not-taken"])
def test_where_to_put_the_newest_book_is_read_whole_at_low_reach(portrait: Bench, view: str) -> None:
    portrait.show(VIEWS[view])
    portrait.look("en", low_reach=True)
    portrait.picture_at_rest()
    newest = min(portrait.of_type("ReturnEntry"), key=lambda entry: on_glass(entry).top())
    pane = window_pane(newest)
    assert pane is not None
    assert pane.adjusted(0, -1, 0, 1).contains(on_glass(newest))


@pytest.mark.parametrize("view", ["pin-locked", "pin-none"])
def test_nobody_is_asked_for_a_pin_that_cannot_be_entered(kiosk: Bench, view: str) -> None:
    kiosk.show(VIEWS[view])
    kiosk.look()
    said = {text.property("said") for text in kiosk.of_type("PlainText")}
    assert "請輸入密碼" not in said
    assert {"pin-locked": "密碼鎖住了", "pin-none": "你還沒有密碼"}[view] in said


@pytest.mark.parametrize(
    ("view", "language", "look"),
    [
        ("home-everything", "en", Look.USUAL),
        ("home-suspended", "en", Look.USUAL),
        ("home-suspended", "zh_TW", Look.USUAL),
        ("home-suspended", "en", Look.LARGE),
        ("loss", "en", Look.USUAL),
    ],
)
def test_what_fits_the_page_needs_no_scrolling(kiosk: Bench, view: str, language: str, look: Look) -> None:
    kiosk.show(VIEWS[view])
    kiosk.look(language, look)
    kiosk.picture_at_rest()
    assert kiosk.of_type("Rail") == []


@pytest.mark.parametrize("look", [Look.USUAL, Look.CONTRAST])
def test_what_can_be_pressed_has_another_edge_than_what_only_lies_there(portrait: Bench, look: Look) -> None:
    portrait.show(VIEWS["home-notices"])
    portrait.look(look=look)
    pressed = {spine.property("edgeColor").name() for book in portrait.of_type("ActionBook") for spine in spines(book)}
    lying = {spine.property("edgeColor").name() for card in portrait.of_type("TallyCard") for spine in spines(card)}
    assert len(pressed) == len(lying) == 1
    assert pressed != lying


def test_a_slip_that_is_being_printed_can_not_be_asked_for_again_and_looks_so(portrait: Bench) -> None:
    portrait.kiosk.slip_printing.offer(can_print=True)
    portrait.show(VIEWS["goodbye"])
    (resting,) = (button for button in portrait.of_type("BookButton") if button.property("spoken") == "印出來")
    before = [spine.property("cover").name() for spine in spines(resting)]

    portrait.kiosk.slip_printing.ask()
    portrait.settle()

    assert not resting.isEnabled()
    assert [spine.property("cover").name() for spine in spines(resting)] != before


def spines(book: QQuickItem) -> list[QQuickItem]:
    return [item for item in visible_under(book) if item.metaObject().className().startswith("Spine")]


def test_an_animal_stands_beside_the_name_in_large_type_too(kiosk: Bench) -> None:
    kiosk.show(VIEWS["home-animal"])
    kiosk.look(look=Look.LARGE)
    assert len(kiosk.of_type("AnimalBadge")) == 1


def test_scrolling_rails_stand_beside_the_cards_not_on_them(kiosk: Bench) -> None:
    kiosk.show(VIEWS["home-all-in-the-way"])
    kiosk.look("en")
    kiosk.picture_at_rest()
    cards = [on_glass(card) for card in kiosk.of_type("BookCard")]
    rails = [on_glass(rail) for rail in kiosk.of_type("Rail")]
    assert rails
    assert not any(rail.intersects(card) for rail in rails for card in cards)
