"""Putting an item back before goodbye."""

from pathlib import Path
from uuid import uuid4

import pytest

from circulation.cards import CardUid
from circulation.facts import CheckedOut, CheckoutUndone
from circulation.holds import HoldState
from circulation.ids import ItemId
from circulation.items import ItemStatus
from circulation.reasons import Reason
from kiosk.events import BackChosen, PutBackChosen
from kiosk.put_back import put_back
from kiosk.recorder import Recorder
from kiosk.view import Borrow, Goodbye, Home, Line, LineState
from kiosk.visit import Visit
from replica.tables import ReplicaTable
from tests.builders import a_hold, a_loan, a_patron, an_item
from tests.kiosk_world import BRANCH, LIN, WANG, World, a_change, a_kiosk, a_tombstone, item_row


def lend(world: World, barcode: str = "B1") -> Line:
    world.tap()
    world.scan(barcode)
    return world.line


def test_an_item_put_back_is_free_again_and_both_facts_are_kept_in_order(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron(), LIN: a_patron()}, items=[an_item(barcode="B1")])
    line = lend(world)
    assert line.loan is not None
    screen = world.say(PutBackChosen(line.loan))
    assert isinstance(screen, Borrow)
    assert [one.state for one in screen.lines] == [LineState.PUT_BACK]
    assert (screen.borrowed, screen.account.on_loan) == (0, 0)
    assert [(envelope.seq, type(envelope.fact)) for envelope in world.facts] == [(1, CheckedOut), (2, CheckoutUndone)]
    assert world.finish() == Goodbye((), world.clock.seconds + 8)
    world.tap(LIN)
    world.scan("B1")
    assert world.line.state is LineState.BORROWED


def a_held_book(folder: Path, *, status: ItemStatus = ItemStatus.ON_HOLD_SHELF) -> World:
    lin = a_patron()
    book = an_item(barcode="H1", status=status, held_for=lin.id if status is ItemStatus.ON_HOLD_SHELF else None)
    other = an_item(barcode="C1", title="另一本")
    holds = [a_hold(patron=lin.id, title=title, state=HoldState.READY, pickup=BRANCH) for title in (book.title, other.title)]
    return a_kiosk(folder, cards={WANG: a_patron(), LIN: lin}, items=[book, other], holds=holds)


def holds_ready(world: World) -> int:
    screen = world.say(BackChosen())
    assert isinstance(screen, Home)
    assert screen.account.holds_ready == screen.account.holds_ready_here
    return screen.account.holds_ready


def test_a_held_item_put_back_waits_for_its_patron_again(tmp_path: Path) -> None:
    world = a_held_book(tmp_path)
    world.tap(LIN)
    world.scan("H1")
    assert world.line.loan is not None
    world.say(PutBackChosen(world.line.loan))
    world.finish()
    world.tap(WANG)
    world.scan("H1")
    assert world.line.reasons == (Reason.ITEM_ON_HOLD,)
    world.finish()
    world.tap(LIN)
    world.scan("H1")
    assert world.line.state is LineState.BORROWED


def test_a_status_that_a_return_wrote_here_stays_when_the_item_is_put_back(tmp_path: Path) -> None:
    world = a_held_book(tmp_path, status=ItemStatus.MISSING)
    world.give_back("H1")
    world.finish()
    world.tap(LIN)
    world.scan("H1")
    assert world.line.loan is not None
    item = world.facts[-1].fact
    assert isinstance(item, CheckedOut)
    world.say(PutBackChosen(world.line.loan))
    assert world.ledger.status_here(ItemId(item.item)) is ItemStatus.AVAILABLE


def test_a_hold_that_was_fetched_is_ready_no_more_after_a_restart_and_a_return_either(tmp_path: Path) -> None:
    world = a_held_book(tmp_path)
    world.tap(LIN)
    assert holds_ready(world) == 2
    world.scan("H1")
    loan = world.line.loan
    assert loan is not None
    assert holds_ready(world) == 1
    world.restart()
    world.tap(LIN)
    assert holds_ready(world) == 1
    world.give_back("H1")
    assert holds_ready(world) == 1


def test_the_hold_of_an_item_put_back_is_ready_again_at_once(tmp_path: Path) -> None:
    world = a_held_book(tmp_path)
    world.tap(LIN)
    world.scan("H1")
    assert world.line.loan is not None
    world.say(PutBackChosen(world.line.loan))
    assert holds_ready(world) == 2


def test_another_copy_of_the_title_fetches_no_hold(tmp_path: Path) -> None:
    world = a_held_book(tmp_path)
    world.tap(LIN)
    world.scan("C1")
    assert holds_ready(world) == 2


def test_an_item_is_put_back_once(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    line = lend(world)
    assert line.loan is not None
    world.say(PutBackChosen(line.loan), PutBackChosen(line.loan))
    assert len(world.facts) == 2


def test_only_loans_of_this_session_can_be_put_back(tmp_path: Path) -> None:
    wang = a_patron()
    before = a_loan(patron=wang.id)
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[an_item(barcode="B1"), an_item(barcode="B2")], loans=[before])
    first = lend(world)
    assert first.loan is not None
    world.finish()
    lend(world, "B2")
    world.say(PutBackChosen(first.loan), PutBackChosen(before.id))
    assert not [envelope for envelope in world.facts if isinstance(envelope.fact, CheckoutUndone)]
    assert isinstance(world.screen, Borrow)
    assert world.screen.account.on_loan == 3


def test_putting_back_what_the_visit_did_not_borrow_writes_nothing(tmp_path: Path) -> None:
    wang = a_patron()
    before = a_loan(patron=wang.id)
    world = a_kiosk(tmp_path, cards={WANG: wang}, loans=[before])
    visit = Visit(CardUid.from_hex(WANG), b"", "c", wang, (before,))
    assert put_back(visit, before.id, recorder=Recorder(world.ledger, world.clock, world.keys)) == visit
    assert world.facts == []


def test_an_item_put_back_and_taken_again_is_a_new_loan(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    line = lend(world)
    assert line.loan is not None
    world.say(PutBackChosen(line.loan))
    world.scan("B1")
    again = world.line
    assert again.state is LineState.BORROWED
    assert again.loan != line.loan
    goodbye = world.finish()
    assert isinstance(goodbye, Goodbye)
    assert [one.loan for one in goodbye.lines] == [again.loan]


def test_back_from_borrowing_keeps_the_slip_for_goodbye(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    lend(world)
    world.say(BackChosen())
    goodbye = world.finish()
    assert isinstance(goodbye, Goodbye)
    assert [line.barcode for line in goodbye.lines] == ["B1"]


@pytest.mark.parametrize("news", ["it moved to another branch", "it is held for somebody else by now"])
def test_what_the_registry_says_of_the_item_by_now_decides_about_the_hold(tmp_path: Path, news: str) -> None:
    world = a_held_book(tmp_path)
    world.tap(LIN)
    world.scan("H1")
    assert holds_ready(world) == 1
    fact = world.facts[-1].fact
    assert isinstance(fact, CheckedOut)
    row = item_row(an_item(id=fact.item, barcode="H1", status=ItemStatus.ON_HOLD_SHELF, held_for=uuid4()))
    moved = news == "it moved to another branch"
    world.receive(a_tombstone(1, ReplicaTable.ITEM, row) if moved else a_change(1, ReplicaTable.ITEM, row))
    world.tap(LIN)
    assert holds_ready(world) == 2
