"""Slips come out of the views of a kiosk: when somebody asks, and for every item that goes to another branch."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from PySide6.QtGui import QGuiApplication
from shiboken6 import delete

from circulation.checkins import CheckinNote, Destination
from kiosk.refusal import Refusal
from kiosk.view import Attract, Home, Return, ReturnLine, Screen, StillHere, View
from kiosk.view_modes import CardChecked
from tests.ui.paper_world import CHINESE_FIRST, a_visit, lent, returned
from ui.gallery.examples import a_place, an_account
from ui.paper.raster import Roll
from ui.paper.sheet import PaperWidth
from ui.viewmodels.kiosk import KioskViewModel
from youyue.clock import SystemClock
from youyue.screened_kiosk import kiosk_slips
from youyue.settings import KioskSection, Settings

Shows = Callable[[Screen], None]


@pytest.fixture
def show(qapp: QGuiApplication, view_model: KioskViewModel, tmp_path: Path) -> Iterator[Shows]:
    printer = kiosk_slips(Settings(kiosk=KioskSection(slips_folder=str(tmp_path))), None, view_model, CHINESE_FIRST, SystemClock())
    assert printer is not None

    def show(screen: Screen) -> None:
        view = View(screen, a_place())
        view_model.show(view)
        printer.show(view)
        qapp.processEvents()

    yield show
    delete(printer)


def slips(folder: Path) -> list[str]:
    return sorted(path.name.partition("-")[0] for path in folder.iterdir())


def far(number: int, *, taken: bool = True, again: bool = False) -> ReturnLine:
    return ReturnLine(number, "小王子", "30234000517861", Destination.OTHER_BRANCH, "L12", taken=taken, again=again)


def test_the_visit_is_printed_when_somebody_asks_once(show: Shows, view_model: KioskViewModel, tmp_path: Path) -> None:
    show(a_visit(lent(1)))
    assert slips(tmp_path) == []
    view_model.slip_printing.ask()
    view_model.slip_printing.ask()
    assert slips(tmp_path) == ["loans"]
    (slip,) = tmp_path.iterdir()
    assert slip.read_bytes().startswith(b"%PDF")


def test_the_slip_of_a_bad_card_is_printed_when_somebody_asks_and_a_good_one_has_none(
    show: Shows, view_model: KioskViewModel, tmp_path: Path
) -> None:
    show(CardChecked(Refusal.LOST, 112, "c1"))
    assert slips(tmp_path) == []
    view_model.slip_printing.ask()
    assert slips(tmp_path) == ["check"]

    show(CardChecked(Refusal.UNKNOWN, 115, "c2"))
    view_model.slip_printing.ask()
    assert slips(tmp_path) == ["check", "check"]

    show(CardChecked(None, 119))
    view_model.slip_printing.ask()
    assert slips(tmp_path) == ["check", "check"]


def test_the_next_return_screen_counts_anew_and_its_first_item_gets_its_slip_too(show: Shows, tmp_path: Path) -> None:
    show(Return((far(1),), 1))
    show(StillHere(ends_at=9, seconds=5))
    show(Return((far(1),), 1))
    assert slips(tmp_path) == ["routing"]
    show(Home(an_account()))
    show(Return((far(1),), 1, an_account()))
    assert slips(tmp_path) == ["routing"] * 2


def test_a_slip_that_can_not_be_made_is_told_to_the_screen(show: Shows, view_model: KioskViewModel, tmp_path: Path) -> None:
    show(a_visit(lent(1)))
    tmp_path.rename(tmp_path.with_name("gone"))
    view_model.slip_printing.ask()
    assert view_model.slip_printing.property("failed")
    tmp_path.with_name("gone").rename(tmp_path)


def test_a_visit_that_is_over_is_printed_no_more(show: Shows, view_model: KioskViewModel, tmp_path: Path) -> None:
    show(a_visit(lent(1)))
    show(Attract())
    view_model.slip_printing.ask()
    assert slips(tmp_path) == []


def test_each_item_for_another_branch_gets_one_slip_by_itself(show: Shows, tmp_path: Path) -> None:
    show(Return((far(1),), 1))
    show(Return((far(1), returned(2), far(3), far(4, again=True), far(5, taken=False)), 3))
    assert slips(tmp_path) == ["routing", "routing"]
    show(Attract())
    show(Return((far(1),), 1))
    assert slips(tmp_path) == ["routing", "routing", "routing"]


def test_rule_holds_an_item_that_somebody_waits_for_gets_a_slip_for_the_desk_once(show: Shows, tmp_path: Path) -> None:
    wanted = ReturnLine(1, "小王子", "30234000517861", Destination.STAFF, notes=(CheckinNote.WANTED,))
    show(Return((wanted,), 1))
    show(Return((ReturnLine(2, "", "?", Destination.STAFF, notes=(CheckinNote.ITEM_UNKNOWN,)), wanted), 2))
    assert slips(tmp_path) == ["hold"]


def test_without_a_folder_nothing_is_offered(view_model: KioskViewModel) -> None:
    assert kiosk_slips(Settings(), None, view_model, CHINESE_FIRST, SystemClock()) is None
    assert view_model.slip_printing.property("can_print") is False


def test_a_kiosk_that_prints_nothing_loads_nothing_that_draws_codes() -> None:
    loaded = "import sys, youyue.kiosk_app; print(sorted({'PIL', 'qrcode', 'youyue.printing'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_settings_know_every_paper() -> None:
    assert set(get_args(get_type_hints(KioskSection)["slips_paper"])) == {str(width) for width in PaperWidth}
    assert set(get_args(get_type_hints(KioskSection)["printer_roll"])) == {str(roll) for roll in Roll}
