"""Old images: of a kiosk's disk, of the registry, and of one after the other."""

from collections.abc import Callable
from functools import partial

from tests.simulation.kiosk import Kiosk
from tests.simulation.peopled import DAY, FORGETFUL_REGISTRY, IMAGE_THEN_BACKUP, TRIES, PeopledWorld

_HOUR = DAY / 24


def old_image(world: PeopledWorld) -> None:
    """Keep an image now, restore it some hours later."""
    kiosk = world.chance.choice(world.kiosks)
    _keep(kiosk)
    world.scheduler.after(DAY * world.chance.uniform(0.05, 0.3), partial(_put_back, world, kiosk, "old_image"))


def registry_restore(world: PeopledWorld, *, told: bool = True) -> None:
    """Back up the registry now, and put the backup in its place some hours later. Machines enrolled meanwhile are taken away."""
    backup = world._folder / f"backup-{world.scheduler.events}"
    world.house.image(backup)
    known = set(world.kiosks)

    def restore() -> None:
        world.ended |= world._ended_now()
        world.house.restore(backup)
        if told:  # else polls rest, so that facts come first
            world._break_polls()
            world.house.registry.restored.begin(by="staff")
        world.counts["registry_restore" if told else FORGETFUL_REGISTRY] += 1
        world.net.reused = 0
        for kiosk in [one for one in world.kiosks if one not in known]:
            world._retire(kiosk, "the registry does not know it any more")

    world.scheduler.after(DAY * world.chance.uniform(0.1, 0.4), restore)


def image_then_backup(world: PeopledWorld) -> None:
    """Between a backup and its return a kiosk lends and is answered, and then its disk is put back: those loans are of an epoch that ended."""
    registry_restore(world)
    kiosk = world.chance.choice(world.kiosks)
    if not kiosk.online or kiosk.revoked or kiosk.needs_staff:
        return

    def image() -> None:
        if kiosk in world.kiosks:
            _keep(kiosk)
            _lend(world, kiosk)
            world.scheduler.after(_HOUR / 2, partial(_put_back, world, kiosk, IMAGE_THEN_BACKUP))

    if _lend(world, kiosk):
        world.scheduler.after(_HOUR, image)


IMAGES: dict[str, Callable[[PeopledWorld], None]] = {
    "old_image": old_image,
    "registry_restore": registry_restore,
    FORGETFUL_REGISTRY: partial(registry_restore, told=False),
    IMAGE_THEN_BACKUP: image_then_backup,
}


def _keep(kiosk: Kiosk) -> None:
    kiosk.go_home()
    kiosk.keep_image()


def _put_back(world: PeopledWorld, kiosk: Kiosk, counted: str) -> None:
    if kiosk in world.kiosks:
        kiosk.mine.clear()
        kiosk.restore_image()
        world.counts[counted] += 1


def _lend(world: PeopledWorld, kiosk: Kiosk) -> bool:
    kiosk.go_home()
    lent = any(world._borrow(kiosk, world.chance.choice(world.town.people), world._book(kiosk)) for _ in range(TRIES))
    kiosk.go_home()
    return lent
