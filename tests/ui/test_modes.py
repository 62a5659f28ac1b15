"""A class and a check of cards on the real screens with the real core: cards are laid down, buttons are touched."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from circulation.blocks import BlockCode
from kiosk.events import ModeChosen
from kiosk.modes import Mode
from kiosk.refusal import Refusal
from kiosk.view import Attract, Borrow, Goodbye, Home
from kiosk.view_modes import CardCheck, CardChecked
from tests.builders import a_block, a_loan, a_patron, an_item
from tests.kiosk_world import LIN, WANG, World, a_kiosk
from tests.ui.bench import ORIENTATIONS, Bench
from tests.ui.core_on_glass import CoreOnGlass
from tests.ui.fingers import said

WANG_IS, LIN_IS = a_patron(masked_name="王○○"), a_patron(masked_name="林○○", blocks=(a_block(BlockCode.FEES),))
BOOKS = [an_item(barcode=f"B{n}", title=f"第{n}號書") for n in range(1, 5)]
CHEN = "04C0FFEE"


@pytest.fixture(params=sorted(ORIENTATIONS))
def bench(request: pytest.FixtureRequest, make_bench: Callable[..., Bench]) -> Bench:
    return make_bench(ORIENTATIONS[request.param])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    cards = {WANG: WANG_IS, CHEN: a_patron(masked_name="陳○○"), LIN: LIN_IS}
    made = a_kiosk(tmp_path, cards=cards, items=BOOKS, loans=[a_loan(patron=WANG_IS.id, title="老師的書")], lost=["04AAAAAA"])
    yield made
    made.core.close()


def test_a_class_borrows_one_after_the_other_without_a_touch_and_sees_nothing_of_each_other(world: World, bench: Bench) -> None:
    kiosk = CoreOnGlass(world, bench)
    kiosk.say(ModeChosen(Mode.CLASS_VISIT))
    assert isinstance(kiosk.screen(), Attract)

    kiosk.tap(WANG)
    kiosk.scan("B1", "B2")
    assert "第2號書" in said(bench)
    kiosk.tap(CHEN)

    assert isinstance(kiosk.screen(), Borrow)
    assert not [text for text in said(bench) if "號書" in text or "○" in text]
    kiosk.scan("B3")
    assert [text for text in said(bench) if text.startswith("2 位同學，3 本書")]

    kiosk.touch("完成")
    assert isinstance(kiosk.screen(), Goodbye)
    kiosk.wait(5)
    assert isinstance(kiosk.screen(), Attract)
    assert "2 位" in said(bench)


def test_a_pupil_who_may_not_borrow_is_told_why_and_is_called_by_no_name(world: World, bench: Bench) -> None:
    kiosk = CoreOnGlass(world, bench)
    kiosk.say(ModeChosen(Mode.CLASS_VISIT))

    kiosk.tap(LIN)

    assert isinstance(kiosk.screen(), Home)
    assert "你好" in said(bench)
    assert not [text for text in said(bench) if "林" in text]
    kiosk.touch("我知道了")
    kiosk.wait(5)
    assert isinstance(kiosk.screen(), Attract)


def test_a_card_that_works_and_one_that_does_not(world: World, bench: Bench) -> None:
    kiosk = CoreOnGlass(world, bench)
    kiosk.say(ModeChosen(Mode.CARD_CHECK))
    assert "0" in said(bench)

    kiosk.tap(WANG)
    assert "這張卡可以借書" in said(bench)
    assert not [text for text in said(bench) if "王" in text or "老師的書" in text]

    kiosk.tap("04DEADBE")
    checked = kiosk.screen()
    assert isinstance(checked, CardChecked)
    assert checked.refusal is Refusal.UNKNOWN
    assert "A1" in said(bench)
    assert f"查詢號 {checked.reference}" in said(bench)

    kiosk.touch("下一張")
    assert kiosk.screen() == CardCheck(good=1, other=1)
    assert said(bench).count("1") == 2
    kiosk.scan("B1")
    assert kiosk.screen() == CardCheck(good=1, other=1)


def test_there_is_no_door_to_anything_else_while_cards_are_checked(world: World, bench: Bench) -> None:
    kiosk = CoreOnGlass(world, bench)
    kiosk.say(ModeChosen(Mode.CARD_CHECK))

    spoken = {str(one.property("spoken")) for one in bench.of_type("Pressable")}
    assert spoken - {"放低"} == {"中文", "注音", "English", "大字", "對比", "聲音"}


def test_what_was_asked_to_be_printed_of_one_card_is_not_asked_for_the_next(world: World, bench: Bench) -> None:
    bench.kiosk.slip_printing.offer(can_print=True)
    kiosk = CoreOnGlass(world, bench)
    kiosk.say(ModeChosen(Mode.CARD_CHECK))
    kiosk.tap("04DEADBE")
    kiosk.touch("印出來")
    assert bench.kiosk.slip_printing.property("asked")

    kiosk.tap("04DEADBF")

    assert not bench.kiosk.slip_printing.property("asked")


def test_an_animal_is_chosen_by_touch_and_stands_on_the_patrons_own_screen_at_the_next_visit(world: World, bench: Bench) -> None:
    kiosk = CoreOnGlass(world, bench)
    kiosk.tap(CHEN)
    kiosk.touch("選我的動物")
    kiosk.touch("石虎")

    assert pictures(bench) == ["leopard_cat"]
    kiosk.touch("離開")
    kiosk.tap(WANG)
    assert pictures(bench) == []
    kiosk.touch("離開")
    kiosk.tap(CHEN)
    assert pictures(bench) == ["leopard_cat"]
    kiosk.touch("換我的動物")
    assert [bool(one.property("animal")["chosen"]) for one in bench.of_type("AnimalButton")].count(True) == 1


def pictures(bench: Bench) -> list[str]:
    """The animals that can be seen."""
    return [str(one.property("animal")) for one in bench.of_type("AnimalBadge")]
