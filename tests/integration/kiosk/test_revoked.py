"""A kiosk whose rights were taken away: it knows nobody any more, and keeps its facts."""

from pathlib import Path

from kiosk.core import Core
from kiosk.enrolled import Enrolled
from kiosk.events import ReturnChosen, RightsTaken, SnapshotFetched
from kiosk.ports import Outside
from kiosk.store.opening import open_ledger
from kiosk.view import OutOfService
from tests.builders import a_patron, an_item
from tests.kiosk_world import (
    CARD_SECRET,
    LEDGER_KEY,
    WANG,
    RecordingOutlet,
    World,
    a_kiosk,
    a_replica_file,
    library_rows,
    shelf_of,
)

REVOKED = OutOfService("revoked")


def a_revoked_kiosk(folder: Path) -> World:
    """With one loan that was not sent; somebody stands before it."""
    world = a_kiosk(folder, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.tap()
    world.scan("B1")
    assert world.say(RightsTaken()) == REVOKED
    return world


def replicas(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith("replica")]


def test_the_replica_is_gone_and_the_facts_are_there(tmp_path: Path) -> None:
    world = a_revoked_kiosk(tmp_path)
    assert replicas(tmp_path) == []
    assert [fact.seq for fact in world.facts] == [1]
    assert world.tap() == world.say(ReturnChosen()) == world.wait(3600) == REVOKED


def test_the_bytes_of_the_replica_are_overwritten_before_it_goes(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    with (tmp_path / "replica-1.db").open("rb") as held:
        world.say(RightsTaken())
        assert set(held.read()) == {0}


def test_a_snapshot_that_was_under_way_is_wiped_too(tmp_path: Path) -> None:
    world = a_revoked_kiosk(tmp_path)
    path = a_replica_file(world.files.next_path(), library_rows({}), version=9)
    assert world.say(SnapshotFetched(path)) == REVOKED
    assert replicas(tmp_path) == []


def test_after_a_restart_it_stays_out_of_service_and_wipes_what_a_power_cut_left(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    world.core.close()
    outlet, ledger = (
        RecordingOutlet(),
        open_ledger(tmp_path / "ledger.db", LEDGER_KEY, new_epoch=world.keys.new_epoch, now=world.clock.now()),
    )
    core = Core(
        Outside(world.clock, world.keys, outlet),
        world.settings,
        ledger,
        shelf_of(tmp_path),
        Enrolled(CARD_SECRET, b"", bytes(32), revoked=True),
    )
    core.start()
    assert outlet.views[-1].screen == REVOKED
    assert outlet.pulls == []
    assert replicas(tmp_path) == []
    core.close()
