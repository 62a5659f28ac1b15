"""A whole kiosk while a class is here, and while cards are checked."""

from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from circulation.blocks import BlockCode
from circulation.facts import CheckedOut, LostCardShown
from drivers.ports import CardUnreadable
from kiosk.events import BackChosen, LossChosen, ModeChosen, ReturnChosen
from kiosk.modes import Mode
from kiosk.refusal import Refusal
from kiosk.settings import KioskSettings
from kiosk.view import Attract, Borrow, Goodbye, Home, Sound, StillHere
from kiosk.view_modes import CardCheck, CardChecked, ClassProgress
from tests.builders import a_block, a_loan, a_patron, an_item
from tests.kiosk_world import LIN, WANG, World, a_kiosk, a_mobile_code

WANG_IS, LIN_IS = a_patron(), a_patron(masked_name="林○○")
BOOKS = [an_item(barcode=f"B{n}", title=f"第{n}號書") for n in range(1, 5)]


def a_class(folder: Path) -> World:
    world = a_kiosk(folder, cards={WANG: WANG_IS, LIN: LIN_IS}, items=BOOKS)
    world.say(ModeChosen(Mode.CLASS_VISIT))
    return world


def a_check(folder: Path, *, lost: Collection[str] = ()) -> World:
    cards, loans = {WANG: WANG_IS, LIN: LIN_IS}, [a_loan(patron=WANG_IS.id, title="老師的書")]
    world = a_kiosk(folder, cards=cards, items=BOOKS, loans=loans, lost=lost)
    world.say(ModeChosen(Mode.CARD_CHECK))
    return world


def borrowers(world: World) -> list[UUID]:
    """Whose loans are in the ledger, oldest first."""
    return [envelope.fact.patron for envelope in world.facts if isinstance(envelope.fact, CheckedOut)]


def progress(world: World) -> tuple[int, int]:
    shown = world.view.class_visit
    assert shown is not None
    return shown.pupils, shown.items


def test_the_next_card_ends_the_turn_and_what_was_borrowed_stays_borrowed(tmp_path: Path) -> None:
    world = a_class(tmp_path)
    assert isinstance(world.tap(WANG), Borrow)
    world.scan("B1", "B2")
    assert progress(world) == (1, 2)

    world.tap(LIN)

    assert isinstance(world.screen, Borrow)
    assert world.screen.lines == ()
    world.scan("B3")
    assert progress(world) == (2, 3)
    assert borrowers(world) == [WANG_IS.id, WANG_IS.id, LIN_IS.id]


def test_nothing_of_a_pupil_is_on_the_next_ones_screen_and_no_name_on_any(tmp_path: Path) -> None:
    world = a_class(tmp_path)
    world.tap(WANG)
    world.scan("B1")
    seen = len(world.outlet.views)
    world.tap(LIN)
    world.scan("B3")
    world.finish()

    assert "第1號書" not in repr(world.outlet.views[seen:])
    assert not {"王", "林"} & set(repr(world.outlet.views[1:]))


def test_a_slip_stands_for_five_seconds_and_the_next_card_does_not_wait_for_it(tmp_path: Path) -> None:
    world = a_class(tmp_path)
    world.tap(WANG)
    world.scan("B1")
    bye = world.finish()
    assert isinstance(bye, Goodbye)
    assert bye.ends_at == world.clock.seconds + 5

    assert isinstance(world.tap(LIN), Borrow)
    world.finish()
    assert world.wait(5) == Attract()


def test_a_book_scanned_in_the_countdown_is_the_next_pupils(tmp_path: Path) -> None:
    world = a_class(tmp_path)
    world.tap(WANG)
    assert isinstance(world.wait(21), StillHere)
    world.scan("B1")

    world.tap(LIN)

    assert world.line.title == "第1號書"
    assert borrowers(world) == [LIN_IS.id]


def test_an_unknown_card_ends_the_turn_too_and_the_class_goes_on(tmp_path: Path) -> None:
    world = a_class(tmp_path)
    world.tap(WANG)
    world.scan("B1")
    world.tap("04DEADBE")
    assert progress(world) == (1, 1)

    assert isinstance(world.tap(LIN), Borrow)


def test_who_may_not_borrow_is_told_why_without_a_name(tmp_path: Path) -> None:
    suspended = a_patron(blocks=(a_block(BlockCode.SUSPENDED, until=date(2099, 1, 1)),))
    world = a_kiosk(tmp_path, cards={WANG: suspended})
    world.say(ModeChosen(Mode.CLASS_VISIT))

    screen = world.tap(WANG)

    assert isinstance(screen, Home)
    assert (screen.account.masked_name, len(screen.account.blocks)) == ("", 1)


@pytest.mark.parametrize("expires", [date(2001, 1, 1), None])
def test_an_expired_account_is_told_so_too(tmp_path: Path, expires: date | None) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron(expires=expires)})
    world.say(ModeChosen(Mode.CLASS_VISIT))

    assert isinstance(world.tap(WANG), Borrow if expires is None else Home)


def test_a_class_visit_is_over_after_forty_minutes_but_not_in_the_middle_of_a_turn(tmp_path: Path) -> None:
    world = a_class(tmp_path)
    until = (world.clock.wall + timedelta(minutes=40)).astimezone(world.settings.zone).replace(second=0, microsecond=0)
    assert world.view.class_visit == ClassProgress(0, 0, until)
    world.wait(2390)
    world.tap(WANG)

    world.wait(15)
    assert progress(world) == (0, 0)
    assert "王" not in repr(world.view)

    assert world.wait(20) == Attract()
    assert "ClassProgress" not in repr(world.view)
    assert isinstance(world.tap(WANG), Home)


def test_staff_may_end_a_class_visit_sooner(tmp_path: Path) -> None:
    world = a_class(tmp_path)
    world.say(ModeChosen(Mode.LENDING))

    assert world.view.class_visit is None
    assert isinstance(world.tap(WANG), Home)


def test_a_class_visit_is_over_when_its_time_passed_while_nothing_happened(tmp_path: Path) -> None:
    """The clock jumps in one step, without a tick before the tap."""
    world = a_class(tmp_path)
    world.clock.pass_by(2400)

    assert isinstance(world.tap(WANG), Home)


def test_a_card_that_works_is_green_and_nothing_else_is_said(tmp_path: Path) -> None:
    world = a_check(tmp_path)
    assert world.screen == CardCheck()

    assert world.tap(WANG) == CardChecked(None, world.clock.seconds + 4)

    assert world.outlet.sounds == [Sound.GOOD]
    assert not {"王", "師"} & set(repr(world.outlet.views[2:]))
    assert world.wait(4) == CardCheck(good=1)
    assert world.facts == []


def test_each_card_of_a_hand_is_checked_one_after_the_other(tmp_path: Path) -> None:
    world = a_check(tmp_path, lost=[LIN])
    assert isinstance(world.tap(WANG), CardChecked)
    lost = world.tap(LIN)
    assert isinstance(lost, CardChecked)
    assert (lost.refusal, bool(lost.reference)) == (Refusal.LOST, True)
    unknown = world.tap("04DEADBE")
    assert isinstance(unknown, CardChecked)
    assert unknown.refusal is Refusal.UNKNOWN
    assert unknown.reference != lost.reference
    assert world.say(CardUnreadable("reader", 0)) == CardChecked(Refusal.UNREADABLE, world.clock.seconds + 12)
    assert world.say(BackChosen()) == CardCheck(good=1, other=3)
    assert world.outlet.sounds == [Sound.GOOD, Sound.REFUSED, Sound.REFUSED, Sound.REFUSED]


def test_r5_the_branch_hears_of_a_lost_card_that_was_checked(tmp_path: Path) -> None:
    world = a_check(tmp_path, lost=[LIN])
    world.tap(LIN)

    assert isinstance(world.fact, LostCardShown)


def test_nothing_is_lent_returned_or_reported_while_cards_are_checked(tmp_path: Path) -> None:
    world = a_check(tmp_path)
    world.scan("B1")
    world.say(ReturnChosen(), LossChosen())
    world.tap(WANG)
    world.scan("B1")
    world.say(ReturnChosen(), LossChosen())

    assert isinstance(world.screen, CardChecked)
    assert world.facts == []


def test_r14_a_mobile_card_is_checked_too(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: WANG_IS})
    world.say(ModeChosen(Mode.CARD_CHECK))

    world.scan(a_mobile_code(WANG_IS.id))

    assert world.screen == CardChecked(None, world.clock.seconds + 4)


def test_a_visit_that_is_open_ends_before_cards_are_checked(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: WANG_IS}, items=BOOKS)
    world.tap(WANG)
    world.say(ModeChosen(Mode.CARD_CHECK))
    world.scan("B1")
    assert isinstance(world.screen, Borrow)

    world.finish()
    assert world.wait(8) == CardCheck()


def test_a_kiosk_may_begin_with_checking_cards_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: WANG_IS}, settings=KioskSettings(mode=Mode.CARD_CHECK))
    assert world.screen == CardCheck()

    world.restart()

    assert isinstance(world.tap(WANG), CardChecked)


def test_a_check_of_cards_ends_after_its_time(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: WANG_IS})
    world.say(ModeChosen(Mode.CARD_CHECK, 600))
    assert world.wait(599) == CardCheck()

    assert world.wait(1) == Attract()
