"""The registry's work of a quiet hour: changes are forgotten, loans and facts lose their patrons, while all else goes on."""

from functools import partial

from tests.simulation.kiosk import Kiosk
from tests.simulation.peopled import DAY, PeopledWorld

UPKEEP = "upkeep"
_HOURS_AWAY = DAY / 6


def upkeep(world: PeopledWorld) -> None:
    """A kiosk without a network comes to stand before what is kept, and is sent for a snapshot (sync rule 8). Retries are compared with digests."""
    kiosk = world.chance.choice(world.kiosks)
    kiosk.cable(up=False)
    world.scheduler.after(_HOURS_AWAY, partial(_keep_up, world, kiosk))


def _keep_up(world: PeopledWorld, kiosk: Kiosk) -> None:
    world.house.keep_up()
    ((kept,),) = world.house.rows("SELECT kept_from FROM feed_head")
    if kiosk in world.kiosks and (replica := kiosk._core._feed.in_use) is not None:
        world.counts[UPKEEP] += replica.state.cursor < kept
    kiosk.cable(up=True)
