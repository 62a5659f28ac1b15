"""What the registry told last is kept for a new start, and written seldom."""

from pathlib import Path
from uuid import uuid4

from sync.witness import EVERY_SECONDS, LastWitness
from tests.unit.sync.values import FEED, StillClock


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
