"""A patron with several cards, and one of them reported lost."""

from pathlib import Path

from circulation.cards import CardKind
from kiosk.events import LossChosen, LossConfirmed, LostCardChosen
from kiosk.refusal import Refusal
from kiosk.view import CardRefused, LossReported
from tests.builders import a_patron, an_item
from tests.kiosk_world import LIN, WANG, WANGS_IPASS, World, a_kiosk

WANGS_CHIP = "04A32B1CBB66BB"
KINDS = {WANGS_IPASS: CardKind.IPASS, WANGS_CHIP: CardKind.CHIP}
ME = a_patron()


def a_family_of_cards(folder: Path, *, lost: tuple[str, ...] = (), books: int = 0) -> World:
    cards = {WANG: ME, WANGS_CHIP: ME, WANGS_IPASS: ME, LIN: a_patron(masked_name="林○○")}
    return a_kiosk(folder, cards=cards, kinds=KINDS, lost=lost, items=[an_item(barcode=f"B{n}") for n in range(books)])


def report(world: World, number: int = 1) -> LossReported:
    world.say(LossChosen(), LostCardChosen(number))
    screen = world.say(LossConfirmed())
    assert isinstance(screen, LossReported)
    return screen


def refused(world: World, uid: str = WANGS_IPASS) -> bool:
    world.wait(60)
    return world.tap(uid) == CardRefused(Refusal.LOST, world.clock.seconds + 8)
