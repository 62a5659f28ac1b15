"""A lost card on the reader: the branch is told, and whoever holds the card learns nothing (R5, Q6-4)."""

from pathlib import Path

from circulation.facts import LostCardShown
from circulation.offline import OfflineLimits
from kiosk.refusal import Refusal
from kiosk.settings import KioskSettings
from kiosk.view import CardRefused
from tests.builders import a_patron
from tests.kiosk_world import LIN, WANG, World, a_kiosk, key_of

HOUR = 3600


def a_kiosk_that_knows_a_lost_card(folder: Path, *, room: int = 10_000) -> World:
    limits = OfflineLimits(most_unsent_returns=room)
    cards = {WANG: a_patron(), LIN: a_patron()}
    return a_kiosk(folder, cards=cards, lost=(WANG, LIN), settings=KioskSettings(offline=limits))


def finds(world: World) -> list[bytes]:
    return [one.fact.card for one in world.facts if isinstance(one.fact, LostCardShown)]


def shown(world: World, uid: str = WANG) -> None:
    screen = world.tap(uid)
    assert isinstance(screen, CardRefused)
    assert screen.refusal is Refusal.LOST
    world.wait(9)


def test_r5_a_lost_card_that_is_shown_is_written_down_and_sent_at_once(tmp_path: Path) -> None:
    world = a_kiosk_that_knows_a_lost_card(tmp_path)
    shown(world)
    assert finds(world) == [key_of(WANG)]
    assert len(world.outlet.batches) == 1


def test_a_card_that_is_shown_again_and_again_is_one_find_an_hour(tmp_path: Path) -> None:
    world = a_kiosk_that_knows_a_lost_card(tmp_path)
    for _ in range(5):
        shown(world)
    shown(world, LIN)
    assert finds(world) == [key_of(WANG), key_of(LIN)]
    world.wait(HOUR)
    shown(world)
    assert finds(world) == [key_of(WANG), key_of(LIN), key_of(WANG)]


def test_without_a_network_it_is_kept_until_there_is_one(tmp_path: Path) -> None:
    world = a_kiosk_that_knows_a_lost_card(tmp_path)
    world.offline()
    shown(world)
    assert finds(world) == [key_of(WANG)]


def test_the_room_that_is_left_for_returns_is_not_taken_by_finds(tmp_path: Path) -> None:
    world = a_kiosk_that_knows_a_lost_card(tmp_path, room=1)
    world.offline()
    shown(world, LIN)
    shown(world)
    assert finds(world) == [key_of(LIN)]


def test_a_card_that_works_or_is_unknown_is_no_find(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()})
    world.tap()
    world.finish()
    world.tap("04BADBAD")
    assert world.facts == []
