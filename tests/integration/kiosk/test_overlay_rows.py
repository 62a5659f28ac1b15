"""The rows of the overlay: there until the cursor has passed their effect, and not a page longer."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from circulation.wire import ChangesPage, FactResult, FactStatus, PushAnswer
from kiosk.events import BatchAnswered, PutBackChosen, SnapshotFetched
from kiosk.store.replica_writer import read_page
from kiosk.view import Borrow, Home, LineState
from replica.tables import ReplicaTable
from tests.builders import a_loan, a_patron, an_item
from tests.kiosk_world import (
    WANG,
    World,
    a_change,
    a_kiosk,
    a_page,
    a_replica_file,
    a_tombstone,
    item_row,
    library_rows,
    loan_row,
    shelf_of,
)


def items_page(count: int, *, start: int = 0) -> ChangesPage:
    rows = [item_row(an_item(barcode=f"N{n}")) for n in range(count)]
    return a_page(*(a_change(start + n, ReplicaTable.ITEM, row) for n, row in enumerate(rows, start=1)), start=start, end=start + count)


def borrow(world: World) -> Borrow:
    world.tap()
    world.scan("B1")
    assert isinstance(world.screen, Borrow)
    return world.screen


def on_loan(world: World) -> int:
    world.finish()
    screen = world.tap()
    assert isinstance(screen, Home)
    return screen.account.on_loan


def test_an_overlay_row_goes_when_the_cursor_has_passed_the_position_of_its_effect(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book])
    loan = borrow(world).lines[0].loan
    assert loan is not None
    world.answer(position=12)
    assert world.overlay == 1
    world.receive(a_change(11, ReplicaTable.ITEM, item_row(an_item(barcode="N1"))))
    assert world.overlay == 1
    row = loan_row(a_loan(id=loan, patron=wang.id, item=book.id))
    world.receive(a_change(12, ReplicaTable.LOAN, row))
    assert world.overlay == 0
    assert on_loan(world) == 1
    world.receive(a_tombstone(13, ReplicaTable.LOAN, row))
    assert on_loan(world) == 0


def test_a_feed_faster_than_the_answer_leaves_no_row_behind(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book])
    loan = borrow(world).lines[0].loan
    world.receive(a_change(12, ReplicaTable.LOAN, loan_row(a_loan(id=loan, patron=wang.id, item=book.id))))
    assert world.overlay == 1
    assert on_loan(world) == 1
    world.answer(position=12)
    assert world.overlay == 0
    assert on_loan(world) == 1


def test_a_loan_put_back_stays_hidden_until_the_feed_says_so_too(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book])
    loan = borrow(world).lines[0].loan
    assert loan is not None
    row = loan_row(a_loan(id=loan, patron=wang.id, item=book.id))
    world.say(PutBackChosen(loan))
    world.answer(world.outlet.batches[0], position=5)
    world.receive(a_change(5, ReplicaTable.LOAN, row))
    assert on_loan(world) == 0
    world.answer(world.outlet.batches[1], position=6)
    assert on_loan(world) == 0
    world.receive(a_tombstone(6, ReplicaTable.LOAN, row))
    assert world.overlay == 0
    assert on_loan(world) == 0


def test_a_loan_put_back_after_its_checkout_was_answered_waits_for_its_own_answer(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book])
    loan = borrow(world).lines[0].loan
    assert loan is not None
    world.answer(position=5)
    world.say(PutBackChosen(loan))
    world.receive(a_change(5, ReplicaTable.LOAN, loan_row(a_loan(id=loan, patron=wang.id, item=book.id))))
    assert on_loan(world) == 0


def test_a_loan_put_back_after_the_overlay_let_go_of_it_is_hidden_as_well(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book])
    loan = borrow(world).lines[0].loan
    assert loan is not None
    row = loan_row(a_loan(id=loan, patron=wang.id, item=book.id))
    world.answer(position=5)
    world.receive(a_change(5, ReplicaTable.LOAN, row))
    assert world.overlay == 0
    world.say(PutBackChosen(loan))
    assert on_loan(world) == 0
    world.answer(position=6)
    world.receive(a_tombstone(6, ReplicaTable.LOAN, row))
    assert world.overlay == 0


def test_a_restart_between_cursor_and_overlay_clears_up(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    borrow(world)
    world.answer(position=2)
    world.core.close()
    replica = shelf_of(tmp_path).open_current()
    assert replica is not None
    replica.write.apply(read_page(items_page(2)), done=0)
    replica.close()
    world.restart()
    assert world.overlay == 0


def without_effect(world: World, status: FactStatus) -> None:
    result = FactResult(seq=1, status=status)
    world.say(BatchAnswered(PushAnswer(server_time=world.clock.wall, next_seq=2, results=(result,)), world.clock.seconds))


@pytest.mark.parametrize("status", [FactStatus.MALFORMED, FactStatus.UNKNOWN])
def test_a_loan_that_the_registry_could_not_read_stays_a_loan(tmp_path: Path, status: FactStatus) -> None:
    other = "04A32B1D"
    world = a_kiosk(tmp_path, cards={WANG: a_patron(), other: a_patron()}, items=[an_item(barcode="B1"), an_item(barcode="N1")])
    borrow(world)
    without_effect(world, status)
    world.receive(a_change(12, ReplicaTable.ITEM, item_row(an_item(barcode="N2"))))
    world.restart()
    assert on_loan(world) == 1
    world.finish()
    world.tap(other)
    world.scan("B1")
    assert world.line.state is LineState.REFUSED


def test_a_snapshot_of_another_feed_leaves_a_loan_that_the_registry_could_not_read(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book])
    borrow(world)
    without_effect(world, FactStatus.MALFORMED)
    rows = library_rows({WANG: wang}, items=[book])
    world.say(SnapshotFetched(a_replica_file(world.files.next_path(), rows, cursor=50, version=2, feed=uuid4())))
    assert on_loan(world) == 1


# -- returns ----------------------------------------------------------------------------------------------------------


def test_a_returned_loan_stays_hidden_until_the_cursor_has_passed_the_news_and_no_longer(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    loan = a_loan(patron=wang.id, item=book.id)
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book], loans=[loan])
    world.give_back("B1")
    world.answer(position=5)
    world.receive(a_change(4, ReplicaTable.LOAN, loan_row(replace(loan, wanted=True))))
    assert (world.overlay, on_loan(world)) == (1, 0)
    world.receive(a_tombstone(5, ReplicaTable.LOAN, loan_row(loan)))
    assert (world.overlay, on_loan(world)) == (0, 0)


def test_a_corrective_row_of_the_registry_holds_after_the_cursor_has_passed(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    loan = a_loan(patron=wang.id, item=book.id)
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book], loans=[loan])
    world.give_back("B1")
    world.answer(position=5)
    world.receive(a_change(5, ReplicaTable.LOAN, loan_row(loan)))
    assert (world.overlay, on_loan(world)) == (0, 1)


def test_a_book_lent_here_and_returned_here_waits_for_the_answer_to_the_return(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book])
    world.tap()
    world.scan("B1")
    lent = world.line.loan
    assert lent is not None
    world.give_back("B1")
    row = loan_row(a_loan(id=UUID(str(lent)), patron=wang.id, item=book.id))
    world.answer(world.outlet.batches[0], position=5)
    world.receive(a_change(5, ReplicaTable.LOAN, row))
    assert (world.overlay, on_loan(world)) == (1, 0)
    world.answer(world.outlet.batches[1], position=6)
    world.receive(a_tombstone(6, ReplicaTable.LOAN, row))
    assert (world.overlay, on_loan(world)) == (0, 0)


def test_a_book_returned_here_after_its_checkout_was_answered_waits_for_the_answer_to_the_return(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book])
    loan = borrow(world).lines[0].loan
    assert loan is not None
    world.answer(position=5)
    world.give_back("B1")
    world.receive(a_change(5, ReplicaTable.LOAN, loan_row(a_loan(id=loan, patron=wang.id, item=book.id))))
    assert (world.overlay, on_loan(world)) == (1, 0)


def a_foreign_replica(world: World) -> Path:
    wang = a_patron()
    rows = library_rows({WANG: wang}, items=[an_item(barcode="B1")])
    return a_replica_file(world.files.next_path(), rows, cursor=60, version=2, feed=uuid4())


def lent_and_answered(folder: Path, *, position: int) -> World:
    world = a_kiosk(folder, cards={WANG: a_patron()}, items=[an_item(barcode="B1"), an_item(barcode="B2")])
    borrow(world)
    world.answer(position=position)
    world.scan("B2")
    assert world.overlay == 2
    return world


@pytest.mark.parametrize("position", [50, 70])
def test_a_crash_after_another_feed_was_put_in_place_compares_no_old_position_with_it(tmp_path: Path, position: int) -> None:
    world = lent_and_answered(tmp_path, position=position)
    world.files.put_in_place(a_foreign_replica(world))
    world.restart()
    assert world.overlay == 2, "both wait for their answers in this feed"


@pytest.mark.parametrize("position", [50, 70])
def test_a_replica_given_up_before_another_feed_came_compares_no_old_position_with_it(tmp_path: Path, position: int) -> None:
    world = lent_and_answered(tmp_path, position=position)
    world.core._feed.give_up("damaged")
    path = a_foreign_replica(world)
    world.say(SnapshotFetched(path))
    assert world.overlay == 2, "both wait for their answers in this feed"
    used = world.core._feed.in_use
    assert used is not None
    assert world.ledger.device().feed == used.state.feed


def test_a_ledger_that_can_not_be_written_when_another_feed_comes_follows_it_later(tmp_path: Path) -> None:
    world = lent_and_answered(tmp_path, position=70)
    world.ledger._connection.execute(text("PRAGMA query_only=ON"))
    world.say(SnapshotFetched(a_foreign_replica(world)))
    world.ledger._connection.execute(text("PRAGMA query_only=OFF"))
    assert world.overlay == 2
    world.wait(31)
    world.restart()
    assert world.ledger.first_to_send() == 1
    world.answer(position=60)
    assert world.overlay == 0
