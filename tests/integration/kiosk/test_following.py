"""Following the feed: pages in chunks, the cursor with the rows, and nothing half applied."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import text

from circulation.wire import Change, ChangesPage
from kiosk.events import ChangesReceived, SnapshotFetched, Tick
from kiosk.store.replica_writer import CursorMismatchError, MalformedPageError, read_page
from kiosk.view import Attract, Borrow, CardRefused, Home, LineState, OutOfService
from replica.digest import recount
from replica.encrypted import open_encrypted
from replica.library_rows import rule_set_row
from replica.rows import BranchRow
from replica.tables import ReplicaTable
from tests.builders import TODAY, a_loan, a_patron, a_rule_set, an_item, rules
from tests.kiosk_world import (
    FEED,
    LIN,
    REPLICA_KEY,
    WANG,
    World,
    a_change,
    a_kiosk,
    a_page,
    a_replica_file,
    a_tombstone,
    card_row,
    item_row,
    library_rows,
    loan_row,
    patron_row,
    shelf_of,
)


def items_page(count: int, *, start: int = 0) -> ChangesPage:
    rows = [item_row(an_item(barcode=f"N{n}")) for n in range(count)]
    return a_page(*(a_change(start + n, ReplicaTable.ITEM, row) for n, row in enumerate(rows, start=1)), start=start, end=start + count)


def test_changed_and_new_and_removed_rows_are_applied_in_their_order(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book])
    lent = a_loan(patron=wang.id, item=book.id)
    world.receive(
        a_change(1, ReplicaTable.LOAN, loan_row(lent)),
        a_tombstone(2, ReplicaTable.LOAN, loan_row(lent)),
        a_change(3, ReplicaTable.LOAN, loan_row(replace(lent, renewals=1))),
        a_change(4, ReplicaTable.ITEM, item_row(an_item(barcode="B2", title="夏綠蒂的網"))),
    )
    assert world.outlet.pulls[-1] == (FEED, 4)
    screen = world.tap()
    assert isinstance(screen, Home)
    assert screen.account.on_loan == 1
    world.scan("B2")
    assert world.line.title == "夏綠蒂的網"


def test_a_replica_that_followed_the_feed_equals_one_built_from_the_rows(tmp_path: Path) -> None:
    (tmp_path / "fresh").mkdir()
    wang, lin = a_patron(), a_patron()
    book, other = an_item(barcode="B1"), an_item(barcode="B2")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book, other])
    changed = replace(wang, contact_complete=False)
    world.receive(
        a_change(1, ReplicaTable.PATRON, patron_row(lin)),
        a_change(2, ReplicaTable.CARD, card_row(LIN, lin)),
        a_change(3, ReplicaTable.PATRON, patron_row(changed)),
        a_change(4, ReplicaTable.ITEM, item_row(replace(book, barcode="B2"))),
        a_change(5, ReplicaTable.ITEM, item_row(replace(other, barcode="B1"))),
    )
    world.core.close()
    rows = library_rows({WANG: changed, LIN: lin}, items=[replace(book, barcode="B2"), replace(other, barcode="B1")])
    digests = []
    for path in (tmp_path / "replica-1.db", a_replica_file(tmp_path / "fresh" / "replica-1.db", rows)):
        engine = open_encrypted(path, REPLICA_KEY)
        with engine.connect() as connection:
            digests.append(recount(connection))
        engine.dispose()
    assert digests[0] == digests[1]


def test_new_rules_hold_from_the_next_scan_on(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    by_class = {a_patron().patron_class: rules(total=0)}
    world.tap()
    world.receive(a_change(1, ReplicaTable.RULE_SET, rule_set_row(a_rule_set(version=2, effective_from=TODAY, by_class=by_class))))
    world.scan("B1")
    assert world.line.state is LineState.REFUSED


def test_a_tap_is_answered_between_two_chunks_of_a_page(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()})
    shelf = shelf_of(tmp_path, seconds=0)
    page = read_page(items_page(120))
    world.core.close()
    replica = shelf.open_current()
    assert replica is not None
    done = replica.write.apply(page, done=0)
    assert done == 100
    assert replica.read.state().cursor == 100
    assert replica.read.item("N99") is not None
    assert replica.read.item("N100") is None
    while done < len(page):
        done = replica.write.apply(page, done=done)
    assert replica.read.state().cursor == 120
    replica.close()


def test_the_core_goes_on_with_a_page_after_each_event_until_it_is_done(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()})
    slow = iter(n * 0.02 for n in range(50_000, 10**6))
    used = world.core._feed.in_use
    assert used is not None
    used.replica.write._monotonic = lambda: next(slow)
    world.say(ChangesReceived(items_page(180), world.clock.seconds))
    assert world.cursor == 0
    assert world.core.next_deadline() <= world.clock.seconds
    assert isinstance(world.tap(), Home)
    for _ in range(180 // 100 + 1):
        world.say(Tick())
    assert world.cursor == 180
    assert world.core.next_deadline() > world.clock.seconds


def test_a_crash_within_a_page_goes_on_from_the_last_chunk(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    world.core.close()
    replica = shelf_of(tmp_path, seconds=0).open_current()
    assert replica is not None
    replica.write.apply(read_page(items_page(120)), done=0)
    replica.close()
    world.outlet.pulls.clear()
    world.restart()
    assert world.outlet.pulls == [(FEED, 100)]


def test_changes_that_begin_elsewhere_are_not_applied_and_asked_for_again_later(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    pulls = len(world.outlet.pulls)
    world.say(ChangesReceived(items_page(3, start=7), world.clock.seconds))
    world.say(ChangesReceived(replace_feed(items_page(3)), world.clock.seconds))
    assert world.cursor == 0
    assert len(world.outlet.pulls) == pulls
    world.wait(60)
    assert world.outlet.pulls[pulls:] == [(FEED, 0)]
    world.receive(*items_page(3).changes)
    assert world.cursor == 3


def replace_feed(page: ChangesPage) -> ChangesPage:
    return msgspec.structs.replace(page, feed=uuid4())


def test_the_writer_itself_refuses_rows_that_do_not_begin_at_its_cursor(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    world.core.close()
    replica = shelf_of(tmp_path).open_current()
    assert replica is not None
    for page in (items_page(3, start=7), replace_feed(items_page(3))):
        with pytest.raises(CursorMismatchError):
            replica.write.apply(read_page(page), done=0)
    assert replica.read.item("N0") is None
    assert replica.read.state().cursor == 0
    replica.close()


BROKEN = {
    "row": Change(seq=2, table="patron", key=str(uuid4()), row=msgspec.Raw(b'{"id":"nobody"}')),
    "no json": Change(seq=2, table="patron", key=str(uuid4()), row=msgspec.Raw(b"{")),
    "key": Change(seq=2, table="card", key="04A32B1C"),
    "seq": Change(seq=1, table="patron", key=str(uuid4())),
    "rules": Change(
        seq=2,
        table="rule_set",
        key="9",
        row=msgspec.Raw(b'{"version":9,"effective_from":"2026-01-01","source":"s","by_class":{"personal":{"total":"many"}}}'),
    ),
    "hours": Change(
        seq=2,
        table="calendar",
        key="C01",
        row=msgspec.Raw(b'{"branch":"C01","weekly":{"9":["08:30","21:00"]},"closed":[],"closed_monthly":[]}'),
    ),
}


@pytest.mark.parametrize(
    ("broken", "place"),
    [("row", ".row"), ("no json", ".row"), ("key", ".key"), ("seq", ".seq"), ("rules", ".row"), ("hours", ".row")],
)
def test_a_malformed_change_is_named_with_its_place_and_applies_nothing_of_its_page(tmp_path: Path, broken: str, place: str) -> None:
    book = item_row(an_item(barcode="N1"))
    page = a_page(a_change(1, ReplicaTable.ITEM, book), BROKEN[broken], start=0, end=2)
    with pytest.raises(MalformedPageError) as error:
        read_page(page)
    assert error.value.place == f"changes[1]{place}"
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.say(ChangesReceived(page, world.clock.seconds))
    world.tap()
    world.scan("N1", "B1")
    assert isinstance(world.screen, Borrow)
    assert [line.state for line in world.screen.lines] == [LineState.BORROWED, LineState.REFUSED]
    assert world.cursor == 0
    pulls = len(world.outlet.pulls)
    world.wait(60)
    assert len(world.outlet.pulls) == pulls + 1


def test_an_item_of_a_kind_this_version_does_not_know_is_as_unknown_and_ends_nothing(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1"), an_item(barcode="B2")])
    world.core.close()
    engine = open_encrypted(tmp_path / "replica-1.db", REPLICA_KEY)
    with engine.connect().execution_options(write=True) as connection:
        connection.execute(text("UPDATE item SET kind = 'hologram' WHERE barcode = 'B1'"))
        connection.commit()
    engine.dispose()
    world.restart()
    world.tap()
    world.scan("B1", "B2")
    assert isinstance(world.screen, Borrow)
    assert [line.state for line in world.screen.lines] == [LineState.BORROWED, LineState.REFUSED]


def test_a_tombstone_as_it_comes_from_the_wire_removes_its_row(tmp_path: Path) -> None:
    wang = a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang})
    gone = a_page(a_tombstone(1, ReplicaTable.CARD, card_row(WANG, wang)), start=0, end=1)
    world.say(ChangesReceived(msgspec.json.decode(msgspec.json.encode(gone), type=ChangesPage), world.clock.seconds))
    assert isinstance(world.tap(), CardRefused)


def test_tables_of_a_newer_registry_are_passed_over(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    later = Change(seq=1, table="fine", key="x", row=msgspec.Raw(b"17"))
    world.receive(later, a_change(2, ReplicaTable.ITEM, item_row(an_item(barcode="N1"))))
    assert world.cursor == 2


def test_a_page_without_rows_for_this_branch_moves_the_cursor(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    world.say(ChangesReceived(a_page(start=0, end=40), world.clock.seconds))
    assert world.outlet.pulls[-1] == (FEED, 40)


def test_a_feed_that_is_still_behind_its_head_is_not_verified(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.clock.pass_by(8 * 24 * 3600)
    world.receive(*items_page(3).changes, head=99)
    world.tap()
    world.scan("B1")
    before = world.line.state
    world.say(ChangesReceived(a_page(start=3, end=99, at=world.clock.wall), world.clock.seconds))
    world.scan("B1")
    assert (before, world.line.state) == (LineState.REFUSED, LineState.BORROWED)


def damage(world: World, statement: str) -> None:
    """Change the replica behind the core's back."""
    used = world.core._feed.in_use
    assert used is not None
    used.replica._connection.exec_driver_sql(statement)


def test_a_cursor_that_is_elsewhere_than_remembered_is_read_again(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    damage(world, "UPDATE state SET cursor = 40")
    world.say(ChangesReceived(items_page(3), world.clock.seconds))
    world.wait(60)
    assert world.outlet.pulls[-1] == (FEED, 40)
    world.receive(*items_page(3, start=40).changes)
    assert world.outlet.pulls[-1] == (FEED, 43)


def test_rules_that_can_not_be_read_after_a_page_take_the_replica_out_of_use_until_a_snapshot_comes(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    damage(world, "UPDATE rule_set SET by_class = '{\"nobody\":1}'")
    world.say(ChangesReceived(a_page(a_change(1, ReplicaTable.BRANCH, BranchRow("C01", "新館")), start=0, end=1), world.clock.seconds))
    assert world.screen == OutOfService("no_replica")
    assert world.outlet.pulls[-1] == (None, 0)
    snapshot = a_replica_file(world.files.next_path(), library_rows({}), cursor=50, version=2)
    assert world.say(SnapshotFetched(snapshot)) == Attract()
