"""A kiosk's slips on a receipt printer that answers on loopback: printed, or the patron is told and staff print them again."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from circulation.facts import CheckedOut
from drivers.ports import DeviceState, Raster
from drivers.virtual_printer import Condition, VirtualPrinter
from kiosk.view import Attract, Return, Screen
from kiosk.view_devices import Devices
from tests.builders import a_patron, an_item
from tests.contract.heard import Heard
from tests.integration.youyue.printing.visits import FAR, VISIT, WAIT_MS, WEBSITE, dots, said
from tests.kiosk_world import LIN, WANG, a_kiosk
from tests.ui.paper_world import CHINESE_FIRST, ENGLISH_FIRST
from ui.gallery.examples import a_place
from ui.paper.kept import SlipFate, SlipKind
from ui.paper.raster import Roll, raster_of
from ui.paper.slips import routing_slip, trial_slip
from ui.viewmodels.kiosk import KioskViewModel
from youyue.printing import SlipPrinter


def test_a_slip_that_was_asked_for_comes_out_and_the_screen_says_so(
    show: Callable[[Screen], None], view_model: KioskViewModel, slips: Heard[Raster], qtbot: QtBot
) -> None:
    show(VISIT)
    view_model.slip_printing.ask()
    assert slips.next() == dots()
    qtbot.waitUntil(lambda: said(view_model) == "goodbye.print.printed", timeout=WAIT_MS)


@pytest.mark.parametrize(
    "condition",
    [
        Condition(paper_out=True),
        Condition(cover_open=True),
        Condition(silent=True),
        Condition(seconds_a_byte=1.0),
        Condition(hangs_up_after=0),
        Condition(hangs_up_after=20),
        Condition(hangs_up_after=5000),
        "off",
    ],
    ids=["paper out", "cover open", "silent", "a byte a second", "hangs up at once", "hangs up early", "hangs up late", "off"],
)
def test_a_slip_that_does_not_come_out_is_told_and_printed_again_by_staff(  # noqa: PLR0913, PLR0917 - the parts of a kiosk
    show: Callable[[Screen], None],
    view_model: KioskViewModel,
    printing: SlipPrinter,
    paper: VirtualPrinter,
    slips: Heard[Raster],
    condition: Condition | str,
    qtbot: QtBot,
    revive: Callable[[Heard[Raster]], None],
    states: list[DeviceState],
) -> None:
    assert printing.roll is not None
    show(VISIT)
    if isinstance(condition, Condition):
        paper.become(condition)
        view_model.slip_printing.ask()
        qtbot.waitUntil(lambda: said(view_model) == "goodbye.print.failed", timeout=WAIT_MS)
        paper.become(Condition())
        again = slips
    else:
        paper.close()
        view_model.slip_printing.ask()
        qtbot.waitUntil(lambda: said(view_model) == "goodbye.print.failed", timeout=WAIT_MS)
        again = Heard[Raster]()
        revive(again)
    for speech in (CHINESE_FIRST, ENGLISH_FIRST):
        assert speech.main.say("goodbye.print.not_printed")
    [kept] = printing.roll.kept()
    assert (kept.kind, kept.fate) == (SlipKind.LOANS, SlipFate.NOT_PRINTED)
    assert slips.rest() == []
    show(Attract())
    qtbot.waitUntil(lambda: states[-1] is DeviceState.READY, timeout=WAIT_MS)
    assert printing.roll.reprint() is not None
    qtbot.waitUntil(lambda: printing.roll is not None and printing.roll.kept()[0].fate is SlipFate.PRINTED, timeout=WAIT_MS)
    assert again.rest()[-1] == dots()


@pytest.mark.parametrize(
    "condition",
    [
        Condition(paper_out=True),
        Condition(cover_open=True),
        Condition(silent=True),
        Condition(seconds_a_byte=1.0),
        *(Condition(hangs_up_after=end) for end in (0, 1, 11, 12, 13, 14, 100, 20_000)),
    ],
    ids=str,
)
def test_whatever_the_printer_does_the_loan_stands_and_the_next_patron_is_served(  # noqa: PLR0913, PLR0917 - the parts of a kiosk
    show: Callable[[Screen], None],
    view_model: KioskViewModel,
    paper: VirtualPrinter,
    condition: Condition,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    wang, lin = a_patron(), a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang, LIN: lin}, items=[an_item(barcode="B1"), an_item(barcode="B2")])
    paper.become(condition)
    world.tap(WANG)
    world.scan("B1")
    show(world.finish())
    view_model.slip_printing.ask()
    world.tap(LIN)  # at once: nobody waits for paper
    world.scan("B2")
    qtbot.waitUntil(lambda: said(view_model) == "goodbye.print.failed", timeout=WAIT_MS)
    lent = [fact.fact for fact in world.facts]
    assert [(fact.patron, type(fact)) for fact in lent if isinstance(fact, CheckedOut)] == [(wang.id, CheckedOut), (lin.id, CheckedOut)]


def test_what_became_of_the_last_patrons_slip_is_not_told_to_the_next(
    show: Callable[[Screen], None], view_model: KioskViewModel, printing: SlipPrinter, paper: VirtualPrinter, qtbot: QtBot
) -> None:
    assert printing.roll is not None
    paper.become(Condition(silent=True))
    show(VISIT)
    view_model.slip_printing.ask()
    show(Attract())
    show(VISIT)
    qtbot.waitUntil(lambda: printing.roll is not None and printing.roll.kept()[0].fate is SlipFate.NOT_PRINTED, timeout=WAIT_MS)
    assert said(view_model) == "goodbye.print"


def test_slips_of_items_come_out_by_themselves_when_there_is_paper_again(
    show: Callable[[Screen], None], printing: SlipPrinter, paper: VirtualPrinter, slips: Heard[Raster], qtbot: QtBot
) -> None:
    assert printing.roll is not None
    paper.become(Condition(paper_out=True))
    show(Return((FAR,), 1))
    qtbot.waitUntil(lambda: printing.roll is not None and printing.roll.kept()[0].fate is SlipFate.NOT_PRINTED, timeout=WAIT_MS)
    paper.become(Condition())
    qtbot.waitUntil(lambda: printing.roll is not None and printing.roll.kept()[0].fate is SlipFate.PRINTED, timeout=WAIT_MS)
    assert slips.rest() == [raster_of(routing_slip(FAR, a_place(), CHINESE_FIRST), Roll.MM80)]


def test_staff_print_a_test_slip_which_takes_no_other_ones_place(
    show: Callable[[Screen], None], view_model: KioskViewModel, printing: SlipPrinter, slips: Heard[Raster], qtbot: QtBot
) -> None:
    assert printing.roll is not None
    wishes = view_model.staff_printing_wishes
    show(VISIT)
    view_model.slip_printing.ask()
    assert slips.next() == dots()
    show(Devices())

    wishes.try_it()

    qtbot.waitUntil(lambda: wishes.property("state") == "printed", timeout=WAIT_MS)
    assert slips.next() == raster_of(trial_slip(a_place().local_time, CHINESE_FIRST, WEBSITE), Roll.MM80)
    assert [slip.kind for slip in printing.roll.kept()] == [SlipKind.LOANS]
    wishes.repeat()
    assert slips.next() == dots()
    qtbot.waitUntil(lambda: wishes.property("state") == "printed", timeout=WAIT_MS)


def test_staff_hear_that_a_test_slip_did_not_come_out_and_that_there_is_nothing_to_repeat(
    show: Callable[[Screen], None], view_model: KioskViewModel, printing: SlipPrinter, paper: VirtualPrinter, qtbot: QtBot
) -> None:
    wishes = view_model.staff_printing_wishes
    show(Devices())
    wishes.repeat()
    assert wishes.property("state") == "nothing"
    paper.become(Condition(paper_out=True))

    wishes.try_it()

    assert wishes.property("state") == "asked"
    qtbot.waitUntil(lambda: wishes.property("state") == "failed", timeout=WAIT_MS)
    show(Attract())
    assert wishes.property("state") == "ready"
    assert printing.roll is not None
    assert printing.roll.kept() == ()
