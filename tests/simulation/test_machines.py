"""What a world takes for granted of its machines: time passes in a kiosk that nobody touches, and a law asks no more than a kiosk can know."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from circulation.cards import CardState
from kiosk.clock_watch import ClockWatch
from kiosk.events import ReturnChosen, Tick
from kiosk.store.replica_reader import ReplicaReader
from sync.memory import USUAL_MEMORY
from tests.simulation.clocks import _doubt, _has_been_in_doubt, _jumps
from tests.simulation.house import without_threads
from tests.simulation.laws import BrokenLawError
from tests.simulation.outsiders import old_snapshot
from tests.simulation.peopled import DAY, Size
from tests.simulation.times import MachineClock, Scheduler
from tests.simulation.world import World

HOUR = 3600.0


@pytest.fixture
def a_world() -> Iterator[Callable[..., World]]:
    worlds: list[World] = []
    folder = Path(tempfile.mkdtemp(prefix="youyue-world-", dir=USUAL_MEMORY))

    def make(kiosks: int = 1) -> World:
        world = World(1, Size(branches=1, kiosks=kiosks, people=8, books=4, days=1, facts=0, faults=0), folder, faults=())
        worlds.append(world)
        world.scheduler.run_until(600)
        return world

    with without_threads():
        yield make
        for world in worlds:
            for kiosk in world.kiosks:
                kiosk._die()
            world.house.close()
    shutil.rmtree(folder, ignore_errors=True)


def test_a_kiosk_that_nobody_touched_for_hours_has_counted_its_doubt_when_it_is_switched_off(a_world: Callable[..., World]) -> None:
    world = a_world()
    (kiosk,) = world.kiosks
    kiosk.cable(up=False)
    kiosk.jump(timedelta(hours=3))
    kiosk.say(Tick())
    world.scheduler.run_until(world.scheduler.seconds + 5 * HOUR)
    kiosk.switch_off()
    kiosk._boot()
    doubt = _doubt(kiosk)
    assert doubt is not None
    assert doubt > timedelta(hours=4, minutes=40)


def test_a_clock_that_was_right_in_between_need_not_have_been_doubted_all_the_time(a_world: Callable[..., World]) -> None:
    world = a_world()
    (kiosk,) = world.kiosks
    kiosk.jump(timedelta(hours=3))
    kiosk.say(Tick())
    since, boots = world.scheduler.seconds, kiosk.clock.boots
    world.scheduler.run_until(since + 12 * HOUR)
    kiosk.reboot(clock_wrong_by=timedelta())
    world.scheduler.run_until(since + 13 * HOUR)
    kiosk.jump(timedelta(hours=3))
    world.scheduler.run_until(since + 1.1 * DAY)
    _has_been_in_doubt(world, kiosk, kiosk.life, since, boots)


def test_a_clock_that_a_jump_puts_right_need_not_be_doubted(a_world: Callable[..., World]) -> None:
    world = a_world()
    (kiosk,) = world.kiosks
    kiosk.jump(timedelta(days=-365, minutes=-3))
    kiosk.say(Tick())
    kiosk.jump(timedelta(days=365))
    since, boots = world.scheduler.seconds, kiosk.clock.boots
    world.scheduler.run_until(since + 1.1 * DAY)
    assert _doubt(kiosk) is None
    _has_been_in_doubt(world, kiosk, kiosk.life, since, boots)


def test_a_jump_that_takes_back_an_earlier_one_is_still_doubted_because_a_kiosk_looks_once_a_minute(a_world: Callable[..., World]) -> None:
    world = a_world()
    (kiosk,) = world.kiosks
    kiosk.jump(timedelta(hours=-3))
    world.scheduler.run_until(world.scheduler.seconds + HOUR / 2)
    assert _jumps(kiosk, timedelta(hours=3))


def test_a_clock_that_was_wrong_all_day_and_is_believed_breaks_the_law(a_world: Callable[..., World]) -> None:
    world = a_world()
    (kiosk,) = world.kiosks
    kiosk.cable(up=False)
    since, boots = world.scheduler.seconds, kiosk.clock.boots
    kiosk.clock.wrong_by = timedelta(hours=3)
    kiosk._core._offline._watch = ClockWatch(kiosk.clock.now(), kiosk.clock.monotonic())
    world.scheduler.run_until(since + 1.1 * DAY)
    with pytest.raises(BrokenLawError, match="rule 10"):
        _has_been_in_doubt(world, kiosk, kiosk.life, since - 1, boots)


def test_a_clock_knows_when_it_was_last_right() -> None:
    scheduler = Scheduler()
    clock = MachineClock(scheduler)
    for at, wrong_by, last_right in ((10, 3, 10), (20, 8760, 10), (30, 0, 30), (40, 3, 40)):
        scheduler.run_until(at)
        clock.put(timedelta(hours=wrong_by))
        assert clock.last_right == last_right


def test_only_a_kiosk_at_which_a_card_was_reported_lost_must_refuse_it_for_good(a_world: Callable[..., World]) -> None:
    world = a_world(kiosks=2)
    assert world._borrow(world.kiosks[0], world.town.people[0], world.town.books[0])
    for _ in range(8):
        old_snapshot(world)
        world.scheduler.run_until(world.scheduler.seconds + 8 * HOUR)
    assert world.counts["old_snapshot"]
    assert sum(len(kiosk.stopped_cards) for kiosk in world.kiosks) == world.counts["fact card_reported_lost"]


def test_a_book_that_came_back_in_whichever_way_may_be_lent_again(a_world: Callable[..., World]) -> None:
    world = a_world(kiosks=2)
    one, other = world.kiosks
    book = world.town.books[0]
    assert world._borrow(one, world.town.people[0], book)
    assert list(one.mine.values()) == [(book, world.town.people[0])]
    other.say(ReturnChosen())
    other.scan(book.barcode)
    assert len(one.mine) == 1, "nobody has told it"
    one.say(ReturnChosen())
    one.scan(book.barcode)
    assert one.mine == {}


class LatestOfAll(Random):
    """Has every answer reach the core as late as any does."""

    def choice(self, seq: Any) -> Any:
        return seq[-1]


def test_what_came_on_the_line_counts_as_heard_when_the_core_has_taken_it_up(a_world: Callable[..., World]) -> None:
    world = a_world()
    (kiosk,) = world.kiosks
    kiosk._chance, world.net.chances.drop = LatestOfAll(1), 1e-9
    before, asked_at = kiosk.heard_at, world.scheduler.seconds
    kiosk._pull_turn()
    assert kiosk.heard_at == before < asked_at
    world.scheduler.run_until(asked_at + 41)
    assert kiosk.heard_at == asked_at


class SlowestOfAll(Random):
    """Has every change come as late by an open poll as any does."""

    def random(self) -> float:
        return 0.0

    def uniform(self, a: float, b: float) -> float:
        return max(a, b)


def test_a_change_puts_off_no_question_that_is_to_be_asked_sooner(a_world: Callable[..., World]) -> None:
    """A kiosk that was not answered asks again by itself; no poll of it is open that the change could answer."""
    world = a_world()
    (kiosk,) = world.kiosks
    kiosk._chance, world.net.chances.drop = SlowestOfAll(1), 1e-9
    now = world.scheduler.seconds
    kiosk._turn_in(kiosk._pull_turn, 600)
    kiosk.wake()
    world.scheduler.run_until(now + 700)
    assert kiosk.heard_at >= now + 600


def test_nobody_must_have_heard_of_a_loss_that_the_registry_has_forgotten(a_world: Callable[..., World], tmp_path: Path) -> None:
    world = a_world(kiosks=2)
    world.house.image(tmp_path / "backup")
    world._stuck_upload()
    world.scheduler.run_until(world.scheduler.seconds + DAY / 6 + 60)
    (reporter,) = (kiosk for kiosk in world.kiosks if kiosk.stopped_cards)
    (stuck,) = (kiosk for kiosk in world.kiosks if kiosk is not reporter)
    assert stuck.ledger.unanswered()
    reporter.cable(up=False)
    world.house.restore(tmp_path / "backup")
    world.house.registry.restored.begin(by="staff")
    world._break_polls()
    world.scheduler.run_until(world.scheduler.seconds + DAY / 4)
    assert not stuck.stopped_cards
    assert stuck._line.uploads


def test_who_has_only_heard_of_a_loss_must_refuse_the_card_then_and_not_for_good(a_world: Callable[..., World]) -> None:
    """A registry that is put back may forget it, and all kiosks with it."""
    world = a_world(kiosks=2)
    world._stuck_upload()
    world.scheduler.run_until(world.scheduler.seconds + DAY / 2)
    assert world.counts["stuck_upload"] == 1
    assert [len(kiosk.stopped_cards) for kiosk in world.kiosks if kiosk.stopped_cards] == [1]


def test_who_has_heard_of_a_loss_and_lets_the_card_in_breaks_the_law(
    a_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = a_world(kiosks=2)
    world._stuck_upload()
    sound = ReplicaReader.card
    monkeypatch.setattr(ReplicaReader, "card", lambda self, key: (known := sound(self, key)) and replace(known, state=CardState.ACTIVE))
    with pytest.raises(BrokenLawError, match="I3"):
        world.scheduler.run_until(world.scheduler.seconds + DAY / 2)
