"""Low reach: on a page that stands everything that can be pressed is in its lower half, for small children and from a wheelchair."""

from collections.abc import Iterator

import pytest
from PySide6.QtQuick import QQuickItem

from kiosk.events import FinishChosen
from tests.ui.bench import ORIENTATIONS, Bench, on_glass, window_pane
from tests.ui.fingers import choices, touch
from tests.ui.test_every_screen import check_everything
from ui.gallery.glass import Look
from ui.gallery.views import VIEWS
from ui.window import ReaderSide

HALF = ORIENTATIONS["portrait"].height() / 2
PEOPLE = [("zh_TW", Look.USUAL), ("zh_TW-zhuyin", Look.USUAL), ("en", Look.BOTH)]


@pytest.fixture(scope="module")
def kiosk(fonts: None) -> Iterator[Bench]:
    bench = Bench(ORIENTATIONS["portrait"])
    yield bench
    bench.close()


def too_high(bench: Bench) -> list[str]:
    """What can be pressed above the middle of the glass."""
    return [str(one.property("spoken")) for one in bench.of_type("Pressable") if top_of(one) < HALF - 1]


def top_of(target: QQuickItem) -> float:
    pane = window_pane(target)
    place = on_glass(target) if pane is None else on_glass(target).intersected(pane)
    return HALF if place.isEmpty() else place.top()


@pytest.mark.parametrize(("language", "look"), PEOPLE)
@pytest.mark.parametrize("view", sorted(VIEWS))
def test_everything_that_can_be_pressed_is_in_the_lower_half_and_can_be_read(kiosk: Bench, view: str, language: str, look: Look) -> None:
    kiosk.show(VIEWS[view])
    kiosk.look(language, look, low_reach=True)

    check_everything(kiosk, f"{view}.low.{language}.{look}")

    assert too_high(kiosk) == []


def test_a_touch_puts_everything_low_and_another_one_back(fonts: None) -> None:
    bench = Bench(ORIENTATIONS["portrait"])
    bench.show(VIEWS["home"])
    assert "離開" in too_high(bench)

    touch(bench, "放低")
    bench.settle()
    assert too_high(bench) == []
    touch(bench, "離開")
    assert choices(bench) == [FinishChosen()]

    touch(bench, "放低")
    assert "離開" in too_high(bench)
    bench.close()


@pytest.mark.parametrize("side", list(ReaderSide))
@pytest.mark.parametrize("view", ["attract", "attract-waiting", "check", "class-attract-offline"])
def test_where_the_reader_is_changes_nothing_about_it(fonts: None, view: str, side: ReaderSide) -> None:
    bench = Bench(ORIENTATIONS["portrait"], side=side)
    bench.show(VIEWS[view])
    bench.look(low_reach=True)

    check_everything(bench, f"{view}.low.{side}")

    assert too_high(bench) == []
    bench.close()


def test_a_page_that_lies_is_low_as_it_is_and_offers_no_button_for_it(fonts: None) -> None:
    bench = Bench(ORIENTATIONS["landscape"])
    bench.show(VIEWS["home"])
    before = bench.picture_at_rest()

    bench.look(low_reach=True)

    assert bench.picture_at_rest() == before
    assert "放低" not in {str(one.property("spoken")) for one in bench.of_type("Pressable")}
    bench.close()


def test_the_birth_date_is_typed_in_the_lower_half_too(fonts: None) -> None:
    bench = Bench(ORIENTATIONS["portrait"])
    bench.show(VIEWS["loss-by-id"])
    bench.look(low_reach=True)
    for key in "A123456789":
        touch(bench, key)
    touch(bench, "下一步")
    bench.settle()

    check_everything(bench, "loss-by-id-birth.low")

    assert too_high(bench) == []
    assert {"民國", "西元"} <= {str(one.property("spoken")) for one in bench.of_type("Pressable")}
    bench.close()


def test_the_next_one_finds_everything_where_it_usually_is(fonts: None) -> None:
    bench = Bench(ORIENTATIONS["portrait"])
    bench.show(VIEWS["home"])
    bench.look(low_reach=True)

    bench.show(VIEWS["attract"])

    assert not bench.kiosk.comfort_choices.property("low_reach")
    bench.close()
