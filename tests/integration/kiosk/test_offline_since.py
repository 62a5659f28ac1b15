"""Since when the kiosk's numbers are old: the newest word of the registry that it knows of."""

from pathlib import Path

from kiosk.events import RegistryLost
from tests.kiosk_world import a_kiosk


def test_after_a_restart_the_feeds_own_time_counts_when_it_is_newer_than_what_was_remembered(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    world.say(RegistryLost("no route"))
    world.clock.pass_by(3 * 24 * 3600)
    heard = world.clock.wall
    world.receive()
    world.clock.pass_by(3600)
    world.restart()
    world.say(RegistryLost("no route"))
    assert world.view.offline_since == heard
