"""The kiosk tells how its parts are: devices as they report, the registry and the disk as the core sees them."""

from datetime import timedelta
from pathlib import Path

from drivers.ports import DeviceFault, DeviceHealth, DeviceState
from kiosk.device_book import Standing
from kiosk.events import BatchRefused, RegistryLost, Tick
from tests.kiosk_world import NOON, World, a_kiosk


def standings(world: World) -> dict[str, tuple[DeviceState, str | None]]:
    return {one.device: (one.state, one.fault) for one in world.view.standings}


def standing(world: World, device: str) -> Standing:
    return next(one for one in world.view.standings if one.device == device)


def test_a_kiosk_at_which_all_is_well_says_so(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    assert standings(world) == dict.fromkeys(("registry", "disk", "replica"), (DeviceState.READY, None))


def test_a_device_is_down_since_it_said_so(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    world.core.handle(DeviceHealth("printer", DeviceState.DEGRADED, DeviceFault.PAPER_OUT))
    since = standing(world, "printer").since
    world.clock.pass_by(600)
    world.core.handle(Tick())
    assert standing(world, "printer") == Standing("printer", DeviceState.DEGRADED, since, "paper_out")
    world.core.handle(DeviceHealth("printer", DeviceState.READY))
    assert standing(world, "printer").since > since


def test_a_lost_registry_is_missing_since_it_was_last_heard(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    world.core.handle(RegistryLost("no route"))
    lost = standing(world, "registry")
    assert (lost.state, lost.fault, lost.since) == (DeviceState.MISSING, "registry_lost", world.view.offline_since)


def test_a_registry_that_refuses_wants_a_person(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    world.core.handle(BatchRefused("key reused"))
    assert standings(world)["registry"] == (DeviceState.DEGRADED, "registry_refuses")


def test_a_disk_with_less_room_than_loans_need_is_degraded(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    world.core._offline._disk_free = lambda: 100 * 2**20
    world.core.handle(Tick())
    assert standings(world)["disk"] == (DeviceState.DEGRADED, "disk_low")
    assert timedelta(0) <= standing(world, "disk").since - NOON < timedelta(days=1)
