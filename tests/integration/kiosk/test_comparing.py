"""The kiosk compares its rows with the registry's, a portion after a page, and puts right what differs (sync rule 11)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import text

from circulation.range_checks import DifferingRange, RangeAnswer, RangeCheck
from circulation.wire import Change
from drivers.ports import DeviceState
from kiosk.comparing import ASK_AGAIN
from kiosk.events import ChangesReceived, RangesChecked, SnapshotFetched, Tick
from kiosk.settings import KioskSettings
from kiosk.store.replica_ranges import Place
from kiosk.view import Borrow, CardRefused, Home, LineState, OutOfService
from replica.digest import TableDigest
from replica.rows import BranchRow, Row
from replica.tables import SCHEMA_VERSION, ReplicaTable
from tests.builders import a_patron, an_item
from tests.integration.kiosk.test_following import damage
from tests.kiosk_world import (
    FEED,
    NOON,
    WANG,
    World,
    a_change,
    a_kiosk,
    a_page,
    a_replica_file,
    card_row,
    item_row,
    library_rows,
    patron_row,
    shelf_of,
)


def next_check(world: World) -> RangeCheck:
    """What the kiosk asks when it is time to."""
    world.clock.pass_by(world.settings.compare_every)
    world.receive()
    check = world.outlet.checks[-1]
    assert check is not None
    return check


def the_same(check: RangeCheck, *, unsettled: tuple[int, ...] = ()) -> RangesChecked:
    return RangesChecked(check, RangeAnswer(server_time=NOON, position=check.cursor, unsettled=unsettled))


def differs(check: RangeCheck, table: ReplicaTable, *rows: Row) -> RangesChecked:
    """The registry holds these rows of a table."""
    number = [one.table for one in check.ranges].index(table)
    told = tuple(a_change(check.cursor, table, row) for row in rows)
    answer = RangeAnswer(server_time=NOON, position=check.cursor, differing=(DifferingRange(range=number, rows=told),))
    return RangesChecked(check, answer)


def replica_fault(world: World) -> tuple[DeviceState, str | None]:
    found = next(one for one in world.view.standings if one.device == "replica")
    return found.state, found.fault


def test_a_portion_of_all_tables_goes_with_a_pull_when_it_is_time_and_the_replica_is_at_the_head(tmp_path: Path) -> None:
    wang = a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[an_item(barcode="B1"), an_item(barcode="B2")])
    assert world.outlet.checks == [None, None]
    world.clock.pass_by(world.settings.compare_every)
    world.say(ChangesReceived(a_page(start=0, end=0, head=5), world.clock.seconds))
    assert world.outlet.checks[-1] is None
    check = next_check(world)
    assert (check.feed, check.cursor, check.schema) == (FEED, 0, SCHEMA_VERSION)
    assert [one.table for one in check.ranges] == [*ReplicaTable]
    held = {one.table: (one.rows, one.xor) for one in check.ranges}
    assert held["patron"] == (1, f"{TableDigest.of(ReplicaTable.PATRON, [patron_row(wang)]).xor:016x}")
    assert held["item"][0] == 2
    world.say(the_same(check))
    assert world.outlet.pulls[-1] == (FEED, 0)
    assert world.outlet.checks[-1] is None
    assert replica_fault(world) == (DeviceState.READY, None)


def test_rows_are_changed_put_in_and_taken_out_until_the_range_is_the_registry_s(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1", title="小王子")
    lost = an_item(barcode="B2", title="夏綠蒂的網")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book, lost, an_item(barcode="GHOST")])
    damage(world, "UPDATE item SET title = 'Smudge' WHERE barcode = 'B1'")
    damage(world, "DELETE FROM item WHERE barcode = 'B2'")
    world.say(differs(next_check(world), ReplicaTable.ITEM, item_row(book), item_row(lost)))
    world.tap()
    world.scan("B1")
    assert world.line.title == "小王子"
    world.scan("B2")
    assert world.line.title == "夏綠蒂的網"
    world.scan("GHOST")
    assert world.line.state is LineState.REFUSED
    assert replica_fault(world) == (DeviceState.DEGRADED, "replica_mended")


def test_what_was_put_right_is_told_for_a_day(tmp_path: Path) -> None:
    wang = a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang})
    damage(world, "DELETE FROM patron")
    assert isinstance(world.tap(), CardRefused)
    world.say(differs(next_check(world), ReplicaTable.PATRON, patron_row(wang)))
    world.wait(60)
    assert isinstance(world.tap(), Home)
    assert replica_fault(world) == (DeviceState.DEGRADED, "replica_mended")
    world.clock.pass_by(timedelta(days=1).total_seconds())
    world.say(Tick())
    assert replica_fault(world) == (DeviceState.READY, None)


def test_a_range_that_was_put_right_is_compared_again_and_a_person_hears_when_it_differs_for_ever(tmp_path: Path) -> None:
    wang = a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang})
    checks = [next_check(world)]
    for _ in range(2):
        world.say(differs(checks[-1], ReplicaTable.PATRON, patron_row(wang)))
        checks.append(next_check(world))
    assert [one.ranges for one in checks[1:]] == [checks[0].ranges] * 2
    assert replica_fault(world) == (DeviceState.DEGRADED, "replica_mended")
    world.say(differs(checks[-1], ReplicaTable.PATRON, patron_row(wang)))
    assert replica_fault(world) == (DeviceState.DEGRADED, "replica_differs")


def test_a_row_that_can_not_be_read_differs_from_every_row(tmp_path: Path) -> None:
    book = an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[book])
    damage(world, "UPDATE item SET kind = 'hologram'")
    check = next_check(world)
    (items,) = [one for one in check.ranges if one.table == "item"]
    assert (items.rows, items.xor) == (1, "0" * 16)
    world.say(differs(check, ReplicaTable.ITEM, item_row(book)))
    world.tap()
    world.scan("B1")
    assert world.line.state is LineState.BORROWED


def test_rules_that_were_put_right_hold_from_the_next_scan_on(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    world.say(differs(next_check(world), ReplicaTable.BRANCH, BranchRow("C01", "新館")))
    assert world.view.place.branch == "新館"


def test_nothing_is_put_right_when_the_feed_has_gone_on(tmp_path: Path) -> None:
    wang = a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang})
    check = next_check(world)
    world.receive(a_change(1, ReplicaTable.PATRON, patron_row(replace(wang, contact_complete=False))))
    world.say(differs(check, ReplicaTable.PATRON))
    assert isinstance(world.tap(), Home)
    assert replica_fault(world) == (DeviceState.READY, None)


@pytest.mark.parametrize("wrong", ["another table", "a key beyond the range", "no row", "a tombstone"])
def test_rows_that_are_none_of_their_range_change_nothing_and_the_feed_goes_on(tmp_path: Path, wrong: str) -> None:
    wang = a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang})
    check = next_check(world)
    asked = up_to_nobody(check)
    row = a_change(check.cursor, ReplicaTable.PATRON, patron_row(wang))
    told = {
        "another table": Change(seq=0, table="card", key=row.key, row=row.row),
        "a key beyond the range": row,
        "no row": Change(seq=0, table="patron", key=row.key, row=msgspec.Raw(b'{"id":"nobody"}')),
        "a tombstone": Change(seq=0, table="patron", key=row.key),
    }[wrong]
    pulls = len(world.outlet.pulls)
    number = [one.table for one in asked.ranges].index("patron")
    answer = RangeAnswer(server_time=NOON, position=0, differing=(DifferingRange(range=number, rows=(told,)),))
    world.say(RangesChecked(asked, answer))
    assert isinstance(world.tap(), Home)
    assert len(world.outlet.pulls) == pulls + 1
    assert replica_fault(world) == (DeviceState.READY, None)


def up_to_nobody(check: RangeCheck) -> RangeCheck:
    """The same, with patrons up to a key below all."""
    nobody = str(UUID(int=0))
    ranges = tuple(msgspec.structs.replace(one, upto=nobody) if one.table == "patron" else one for one in check.ranges)
    return msgspec.structs.replace(check, ranges=ranges)


def test_a_range_that_is_put_right_leaves_the_rows_beside_it_alone(tmp_path: Path) -> None:
    books = [an_item(id=UUID(int=n), barcode=f"B{n}", title="小王子") for n in range(1, 10)]
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=books, settings=KioskSettings(compare_rows=3))
    check = next_check(world)
    while not (middle := [one for one in check.ranges if one.table == "item" and one.after and one.upto]):
        world.say(the_same(check))
        check = next_check(world)
    within = middle[0]
    there = [book for book in books if within.after < str(book.id) <= within.upto]
    assert 0 < len(there) < len(books)
    world.say(differs(check, ReplicaTable.ITEM, *(item_row(replace(book, title="新")) for book in there)))
    world.tap()
    world.scan(*(book.barcode for book in books))
    assert isinstance(world.screen, Borrow)
    assert {line.barcode: line.title for line in world.screen.lines} == {
        book.barcode: "新" if book in there else "小王子" for book in books
    }


def test_a_replica_that_can_not_be_written_any_more_is_given_up(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, items=[an_item(barcode="B1")])
    check = next_check(world)
    used = world.core._feed.in_use
    assert used is not None
    used.replica.read._connection.execute(text("PRAGMA query_only=ON"))
    world.say(differs(check, ReplicaTable.ITEM))
    assert world.screen == OutOfService("no_replica")


def test_an_open_range_is_asked_again_three_times_then_the_pass_goes_on(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, items=[an_item(barcode=f"B{n}") for n in range(9)], settings=KioskSettings(compare_rows=5))
    seen = []
    for _ in range(4):
        check = next_check(world)
        seen.append([(one.table, one.after) for one in check.ranges])
        world.say(the_same(check, unsettled=(0,)))
    assert seen[0] == seen[1] == seen[2] != seen[3]


def test_a_pass_sees_every_row_once_and_begins_again(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode=f"B{n}") for n in range(23)])
    world.core.close()
    replica = shelf_of(tmp_path).open_current()
    assert replica is not None
    place, items, portions = Place(), 0, 0
    while portions == 0 or place != Place():
        portion = replica.ranges.portion(place, rows=5)
        items += sum(one.rows for one in portion.ranges if one.table == "item")
        place, portions = portion.goes_on, portions + 1
    assert (items, portions > 4) == (23, True)
    replica.close()


def test_a_registry_that_does_not_compare_is_asked_again_a_day_later(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    world.say(RangesChecked(next_check(world), None))
    assert world.outlet.pulls[-1] == (FEED, 0)
    for _ in range(3):
        world.clock.pass_by(world.settings.compare_every)
        world.receive()
        assert world.outlet.checks[-1] is None
    world.clock.pass_by(ASK_AGAIN)
    assert next_check(world).ranges
    assert replica_fault(world) == (DeviceState.READY, None)


def test_when_too_much_differs_a_snapshot_is_fetched_once_a_day_at_most(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    check = next_check(world)
    much = RangeAnswer(server_time=NOON, position=0, snapshot=True)
    world.say(RangesChecked(check, much))
    assert world.outlet.pulls[-1][0] is None
    wang = a_patron()
    fresh = a_replica_file(world.files.next_path(), library_rows({WANG: wang}), version=2)
    world.say(SnapshotFetched(fresh))
    assert isinstance(world.tap(), Home)
    world.say(RangesChecked(next_check(world), much))
    assert world.outlet.pulls[-1] == (FEED, 0)
    assert replica_fault(world) == (DeviceState.DEGRADED, "replica_differs")


def test_a_card_that_lies_on_the_reader_is_shown_anew_when_its_rows_were_put_right(tmp_path: Path) -> None:
    wang = a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang})
    world.tap()
    fewer = replace(wang, contact_complete=False)
    before = world.screen
    world.say(differs(next_check(world), ReplicaTable.PATRON, patron_row(fewer)))
    assert world.screen != before


def test_a_replica_that_can_not_be_read_any_more_is_given_up(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()})
    damage(world, "UPDATE patron SET id = x'00'")
    world.clock.pass_by(world.settings.compare_every)
    world.say(ChangesReceived(a_page(start=0, end=0), world.clock.seconds))
    assert world.screen == OutOfService("no_replica")
    assert replica_fault(world) == (DeviceState.MISSING, "no_replica")
    assert world.outlet.pulls[-1] == (None, 0)


def test_an_answer_that_comes_after_the_replica_was_given_up_is_passed_over(tmp_path: Path) -> None:
    wang = a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang})
    check = next_check(world)
    world.core._feed.give_up("damaged")
    pulls = len(world.outlet.pulls)
    world.say(differs(check, ReplicaTable.CARD, card_row(WANG, wang)))
    assert len(world.outlet.pulls) == pulls
