"""Cards beside items that come back without one: the next scan is never lent, and nothing that lies in the return box is forgotten."""

from pathlib import Path

import pytest

from circulation.facts import CheckedIn, LostCardShown
from drivers.ports import CardUnreadable
from kiosk.events import BackChosen
from kiosk.refusal import Refusal
from kiosk.view import CardRefused, Goodbye, Return, Sound
from tests.builders import a_loan, a_patron, an_item
from tests.kiosk_world import LIN, WANG, WANGS_IPASS, World, a_kiosk

TELEPHONE = "08A1B2C3"


def a_drop(folder: Path) -> World:
    wang = a_patron()
    books = [an_item(barcode=f"B{n}") for n in range(3)]
    loans = [a_loan(item=book.id, patron=wang.id, barcode=book.barcode) for book in books]
    world = a_kiosk(folder, cards={WANG: wang, WANGS_IPASS: wang}, lost=(WANGS_IPASS,), items=books, loans=loans)
    world.give_back("B0")
    return world


def came_back(world: World) -> list[str]:
    assert all(isinstance(envelope.fact, CheckedIn | LostCardShown) for envelope in world.facts)
    return [envelope.fact.barcode for envelope in world.facts if isinstance(envelope.fact, CheckedIn)]


def test_a_card_that_can_not_be_read_changes_nothing(tmp_path: Path) -> None:
    world = a_drop(tmp_path)
    before = world.screen
    assert world.say(CardUnreadable("reader", 0)) == before
    world.scan("B1")
    assert came_back(world) == ["B0", "B1"]


@pytest.mark.parametrize(("uid", "refusal"), [(TELEPHONE, Refusal.PHONE), (LIN, Refusal.UNKNOWN), (WANGS_IPASS, Refusal.LOST)])
def test_a_refused_card_is_told_so_and_the_return_screen_comes_back(tmp_path: Path, uid: str, refusal: Refusal) -> None:
    world = a_drop(tmp_path)
    before, sounds = world.screen, len(world.outlet.sounds)
    assert world.tap(uid) == CardRefused(refusal, world.clock.seconds + 8)
    assert world.wait(8) == before
    assert world.outlet.sounds[sounds:] == [Sound.REFUSED]
    world.scan("B1")
    assert came_back(world) == ["B0", "B1"]
    goodbye = world.finish()
    assert isinstance(goodbye, Goodbye)
    assert [line.barcode for line in goodbye.returned] == ["B1", "B0"]


def test_what_is_scanned_during_the_refusal_comes_back_at_once(tmp_path: Path) -> None:
    world = a_drop(tmp_path)
    world.tap(LIN)
    screen = world.scan("B1", "B2")
    assert isinstance(screen, Return)
    assert [line.barcode for line in screen.lines] == ["B2", "B1", "B0"]
    assert came_back(world) == ["B0", "B1", "B2"]


def test_by_hand_the_refusal_leads_back_too(tmp_path: Path) -> None:
    world = a_drop(tmp_path)
    before = world.screen
    world.tap(LIN)
    assert world.say(BackChosen()) == before


def test_the_return_screen_after_a_refusal_has_its_own_time_and_goes(tmp_path: Path) -> None:
    world = a_drop(tmp_path)
    world.tap(LIN)
    assert isinstance(world.wait(8 + 19), Return)
    assert not isinstance(world.wait(2), Return)


def test_a_known_card_goes_on_giving_back_in_its_own_session(tmp_path: Path) -> None:
    world = a_drop(tmp_path)
    screen = world.tap()
    assert isinstance(screen, Return)
    assert (screen.lines, screen.account is not None) == ((), True)
    world.scan("B1")
    assert came_back(world) == ["B0", "B1"]
    goodbye = world.finish()
    assert isinstance(goodbye, Goodbye)
    assert ([line.barcode for line in goodbye.returned], goodbye.lines) == (["B1"], ())


def test_a_known_card_after_a_refused_one_does_so_as_well(tmp_path: Path) -> None:
    world = a_drop(tmp_path)
    world.tap(LIN)
    assert isinstance(world.tap(), Return)
    world.scan("B1")
    assert came_back(world) == ["B0", "B1"]
