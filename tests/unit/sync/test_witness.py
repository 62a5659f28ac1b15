"""What the registry told last is kept for a new start, and written seldom."""

from pathlib import Path
from random import Random
from typing import NoReturn
from uuid import UUID, uuid4

import msgspec

from circulation.wire import ChangesPage, PushAnswer, PushBatch
from sync.outage import Outage
from sync.plan import PUSH_PACE
from sync.pull import Cursor, Puller
from sync.push import Pusher
from sync.witness import EVERY_SECONDS, LastWitness
from tests.unit.sync.values import FEED, StillClock, a_batch, a_page, an_answer_to


def test_the_last_witness_of_a_feed_is_shown_and_none_of_another(tmp_path: Path) -> None:
    last = LastWitness(tmp_path, monotonic=StillClock().monotonic)
    assert last.of(FEED) == ""
    last.heard(FEED, "one")
    assert (last.of(FEED), last.of(uuid4())) == ("one", "")


def test_a_new_start_finds_one_that_is_a_minute_old_at_most(tmp_path: Path) -> None:
    clock = StillClock()
    last = LastWitness(tmp_path, monotonic=clock.monotonic)
    for told in ("one", "two"):
        last.heard(FEED, told)
    assert last.of(FEED) == "two"
    assert LastWitness(tmp_path, monotonic=clock.monotonic).of(FEED) == "one"
    clock.seconds += EVERY_SECONDS
    last.heard(FEED, "three")
    assert LastWitness(tmp_path, monotonic=clock.monotonic).of(FEED) == "three"


def test_the_first_of_another_feed_is_written_at_once(tmp_path: Path) -> None:
    last = LastWitness(tmp_path, monotonic=StillClock().monotonic)
    other = uuid4()
    last.heard(FEED, "one")
    last.heard(other, "two")
    assert LastWitness(tmp_path, monotonic=StillClock().monotonic).of(other) == "two"


def test_a_file_that_is_none_is_as_no_witness(tmp_path: Path) -> None:
    for content in (b"", b"{", b"\xff", b'{"feed":"x"}', b'{"feed":"%s","witness":"%s"}' % (str(FEED).encode(), b"x" * 500)):
        (tmp_path / "feed-witness.json").write_bytes(content)
        assert LastWitness(tmp_path, monotonic=StillClock().monotonic).of(FEED) == ""


def test_a_folder_that_takes_no_file_stops_nothing(tmp_path: Path) -> None:
    last = LastWitness(tmp_path / "missing", monotonic=StillClock().monotonic)
    last.heard(FEED, "one")
    assert last.of(FEED) == "one"


class Registry:
    """Tells another witness with every page, but for the last, as an older programme."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def changes(self, feed: UUID, after: int, *, wait: int, witness: str = "") -> ChangesPage:
        assert wait
        self.shown.append(witness)
        page = a_page(feed=feed, start=after)
        return page if len(self.shown) == 3 else msgspec.structs.replace(page, witness=f"w{len(self.shown)}")

    def push(self, batch: PushBatch, told: tuple[UUID, str] | None = None) -> PushAnswer:
        self.shown.append("" if told is None else f"{told[0]} {told[1]}")
        return an_answer_to(batch)

    def check_ranges(self, check: object) -> NoReturn:
        raise AssertionError(check)

    def fetch(self) -> NoReturn:
        raise AssertionError


def test_the_last_witness_is_shown_with_the_next_poll() -> None:
    registry = Registry()
    puller = Puller(registry, registry, monotonic=lambda: 0.0, random=Random(1))
    for _ in range(4):
        puller.turn(Cursor(FEED, 5))
    puller.turn(Cursor(uuid4(), 5))
    assert registry.shown == ["", "w1", "w2", "w2", ""]


def test_facts_show_the_last_witness_and_the_feed_that_it_is_of() -> None:
    registry, kept = Registry(), LastWitness(None, monotonic=lambda: 0.0)
    puller = Puller(registry, registry, monotonic=lambda: 0.0, random=Random(1), witness=kept)
    pusher = Pusher(registry, Outage(random=Random(1), pace=PUSH_PACE), monotonic=lambda: 0.0, witness=kept)
    pusher.turn(a_batch())
    puller.turn(Cursor(FEED, 5))
    pusher.turn(a_batch())
    assert registry.shown == ["", "", f"{FEED} w2"]
