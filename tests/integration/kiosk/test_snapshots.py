"""Snapshots: they replace the replica, never the ledger; a broken one changes nothing."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from kiosk.events import SnapshotFetched
from kiosk.store.errors import ReplicaError
from kiosk.view import Attract, Borrow, Home, OutOfService
from replica.encrypted import open_encrypted
from replica.files import ReplicaFiles
from replica.tables import SCHEMA_VERSION
from tests.builders import a_patron, an_item
from tests.kiosk_world import (
    FEED,
    REPLICA_KEY,
    WANG,
    World,
    a_kiosk,
    a_replica_file,
    library_rows,
    shelf_of,
)


def borrow(world: World) -> Borrow:
    world.tap()
    world.scan("B1")
    assert isinstance(world.screen, Borrow)
    return world.screen


def a_snapshot(folder: Path, *, cursor: int = 50, version: int = 2, title: str = "新", feed: UUID = FEED) -> Path:
    rows = library_rows({WANG: a_patron(masked_name="王新○")}, items=[an_item(barcode="B1", title=title)])
    return a_replica_file(ReplicaFiles(folder).next_path(), rows, cursor=cursor, version=version, feed=feed)


def test_a_kiosk_without_a_replica_is_out_of_service_and_asks_for_a_snapshot(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, replica=False)
    assert world.outlet.pulls == [(None, 0)]
    assert world.tap() == OutOfService("no_replica")
    assert world.say(SnapshotFetched(a_snapshot(tmp_path))) == Attract()
    assert world.outlet.pulls == [(None, 0), (FEED, 50)]
    assert isinstance(world.tap(), Home)


def test_a_snapshot_takes_the_place_of_the_replica_and_leaves_the_ledger_alone(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    borrow(world)
    before = world.ledger.bodies(1, 10)
    world.finish()
    world.say(SnapshotFetched(a_snapshot(tmp_path)))
    assert world.ledger.bodies(1, 10) == before
    assert sorted(path.name for path in tmp_path.glob("replica*") if "-wal" not in path.name and "-shm" not in path.name) == [
        "replica-2.db",
        "replica.db",
    ]
    screen = world.tap()
    assert isinstance(screen, Home)
    assert screen.account.masked_name == "王新○"
    world.restart()
    assert world.outlet.pulls == [(FEED, 50)]


def test_no_handle_stays_open_on_a_replica_that_was_replaced(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()})
    world.say(SnapshotFetched(a_snapshot(tmp_path)))
    opened = {link.readlink().name for link in Path("/proc/self/fd").iterdir() if link.is_symlink() and link.readlink().parent == tmp_path}
    assert "replica-2.db" in opened
    assert not [name for name in opened if name.startswith("replica-1.db")]


def test_a_session_goes_on_over_a_snapshot(tmp_path: Path) -> None:
    wang = a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[an_item(barcode="B1")])
    borrow(world)
    rows = library_rows({WANG: wang}, items=[an_item(barcode="B9", title="新")])
    world.say(SnapshotFetched(a_replica_file(world.files.next_path(), rows, cursor=50, version=2)))
    assert isinstance(world.screen, Borrow)
    assert world.screen.account.on_loan == 1
    world.scan("B9")
    assert world.line.title == "新"


def test_an_older_snapshot_is_not_taken(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()})
    world.say(SnapshotFetched(a_snapshot(tmp_path, version=5)))
    world.restart()
    world.say(SnapshotFetched(a_snapshot(tmp_path, version=4, title="舊")))
    assert world.files.current() == (tmp_path / "replica-2.db").resolve()


def test_a_broken_snapshot_changes_nothing_and_is_asked_for_again(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()})
    path = world.files.next_path()
    path.write_bytes(b"broken" * 2000)
    pulls = len(world.outlet.pulls)
    world.say(SnapshotFetched(path))
    assert isinstance(world.tap(), Home)
    assert world.files.current() == (tmp_path / "replica-1.db").resolve()
    world.wait(60)
    assert len(world.outlet.pulls) == pulls + 1


def test_a_snapshot_of_another_schema_is_not_taken(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()})
    path = a_snapshot(tmp_path)
    engine = open_encrypted(path, REPLICA_KEY)
    with engine.connect().execution_options(write=True) as connection:
        connection.execute(text("UPDATE state SET schema_version = 99"))
        connection.commit()
    engine.dispose()
    replica = shelf_of(tmp_path).open_fetched(path)
    with pytest.raises(ReplicaError, match=f"schema version 99, this program reads version {SCHEMA_VERSION}"):
        replica.read.state()
    replica.close()
    world.say(SnapshotFetched(path))
    assert world.files.current() == (tmp_path / "replica-1.db").resolve()
    assert not path.exists()


def test_the_same_news_of_a_snapshot_twice_does_no_harm(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, replica=False)
    path = a_snapshot(tmp_path)
    world.say(SnapshotFetched(path), SnapshotFetched(path))
    assert isinstance(world.tap(), Home)


def test_the_overlay_of_another_feed_is_not_measured_by_this_ones_positions(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1"), an_item(barcode="B2")])
    borrow(world)
    world.answer(position=900)
    world.scan("B2")
    assert world.overlay == 2
    world.say(SnapshotFetched(a_snapshot(tmp_path, cursor=3, feed=uuid4())))
    assert world.overlay == 2
    world.answer(position=3)
    assert world.overlay == 2, "that was sent before the feed was another one"
    world.wait(world.settings.push_again)
    world.answer(position=3)
    assert world.overlay == 0


def test_a_kiosk_that_follows_another_feed_sends_again_all_that_it_holds_with_the_same_bytes(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1"), an_item(barcode="B2")])
    borrow(world)
    world.answer()
    world.scan("B2")
    world.answer()
    sent = [bytes(fact) for batch in world.outlet.batches for fact in batch.facts]
    world.say(SnapshotFetched(a_snapshot(tmp_path, cursor=3, feed=uuid4())))
    again = world.outlet.batches[-1]
    assert (again.first_seq, [bytes(fact) for fact in again.facts]) == (1, sent)
    assert world.ledger.unanswered() == 0, "what was answered once counts against no limit"
    world.restart()
    assert world.outlet.batches[-1].facts == again.facts, "a restart forgets none of it"
    world.answer(position=3)
    assert (world.ledger.first_to_send(), len(world.outlet.batches)) == (None, 1)


def test_facts_that_are_to_be_sent_again_are_not_pruned(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    borrow(world)
    world.answer()
    world.say(SnapshotFetched(a_snapshot(tmp_path, cursor=3, feed=uuid4())))
    later = world.clock.wall + timedelta(days=30)
    assert world.ledger.prune(answered_before=later, below=9, most=9) == 0
    world.answer(position=3)
    assert world.ledger.prune(answered_before=later, below=9, most=9) == 1


@pytest.mark.parametrize("damage", ["garbage", "empty", "truncated"])
def test_a_broken_replica_at_the_start_is_as_none(tmp_path: Path, damage: str) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    borrow(world)
    world.core.close()
    path = tmp_path / "replica-1.db"
    octets = {"garbage": b"x" * 9000, "empty": b"", "truncated": path.read_bytes()[:4096]}[damage]
    path.write_bytes(octets)
    world.restart()
    assert world.screen == OutOfService("no_replica")
    assert world.outlet.pulls == [(None, 0)]
    assert world.ledger.last_seq() == 1
    world.say(SnapshotFetched(a_snapshot(tmp_path)))
    assert isinstance(world.tap(), Home)


def test_a_replica_that_breaks_while_it_is_used_takes_the_kiosk_out_of_service(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode=f"B{n}") for n in range(3000)])
    used = world.core._feed.in_use
    assert used is not None
    used.replica._connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    world.core.close()
    path = tmp_path / "replica-1.db"
    octets = bytearray(path.read_bytes())
    for page in range(4, len(octets) // 4096):
        octets[page * 4096 + 100] ^= 1
    path.write_bytes(octets)
    world.restart()
    assert world.tap() == OutOfService("no_replica")
    assert world.outlet.pulls[-1] == (None, 0)
