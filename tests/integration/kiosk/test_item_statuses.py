"""A kiosk reads its own writes of items too: what came back or was lent here is no longer what the replica still says (I10)."""

from pathlib import Path

import pytest

from circulation.checkins import Destination
from circulation.items import ItemStatus
from circulation.reasons import Reason
from kiosk.view import LineState
from replica.tables import ReplicaTable
from tests.builders import a_loan, a_patron, an_item
from tests.kiosk_world import LIN, OTHER_BRANCH, WANG, World, a_change, a_kiosk, item_row


@pytest.mark.parametrize("status", [ItemStatus.IN_TRANSIT, ItemStatus.CLAIMED_RETURNED, ItemStatus.MISSING, ItemStatus.LOST])
def test_an_item_that_came_home_is_lent_again_before_the_registry_has_said_so(tmp_path: Path, status: ItemStatus) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1", status=status)])
    world.offline()
    assert world.give_back("B1").destination is Destination.SHELF
    world.finish()
    world.finish()
    world.restart()
    world.tap()
    world.scan("B1")
    assert (world.line.state, world.line.reasons) == (LineState.BORROWED, ())


def test_an_item_of_the_hold_shelf_waits_for_nobody_after_its_reader_has_had_it(tmp_path: Path) -> None:
    wang = a_patron()
    book = an_item(barcode="B1", status=ItemStatus.ON_HOLD_SHELF, held_for=wang.id)
    world = a_kiosk(tmp_path, cards={WANG: wang, LIN: a_patron()}, items=[book])
    world.tap()
    world.scan("B1")
    assert world.line.state is LineState.BORROWED
    assert world.give_back("B1").destination is Destination.SHELF
    world.finish()
    world.finish()
    world.tap(LIN)
    world.scan("B1")
    assert world.line.state is LineState.BORROWED


def test_an_item_of_another_branch_that_came_back_here_is_on_its_way_home(tmp_path: Path) -> None:
    loan = a_loan(barcode="F1", branch=OTHER_BRANCH)
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, loans=[loan])
    assert world.give_back("F1").destination is Destination.OTHER_BRANCH
    world.finish()
    world.finish()
    world.tap()
    world.scan("F1")
    assert world.line.reasons == (Reason.ITEM_IN_TRANSIT,)


def test_the_registry_s_word_on_an_item_holds_once_the_feed_has_brought_it(tmp_path: Path) -> None:
    book = an_item(barcode="B1", status=ItemStatus.IN_TRANSIT)
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[book])
    world.give_back("B1")
    assert world.ledger.status_here(book.id) is ItemStatus.AVAILABLE
    world.answer(position=2)
    world.receive(a_change(1, ReplicaTable.ITEM, item_row(book)))
    assert world.ledger.status_here(book.id) is ItemStatus.AVAILABLE
    damaged = an_item(id=book.id, barcode="B1", status=ItemStatus.DAMAGED)
    world.receive(a_change(2, ReplicaTable.ITEM, item_row(damaged)))
    assert world.ledger.status_here(book.id) is None
    world.finish()
    world.finish()
    assert _refused(world) == (Reason.ITEM_NOT_LENDABLE,)


def test_an_item_that_stays_what_it_is_leaves_no_trace(tmp_path: Path) -> None:
    book = an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[book])
    world.tap()
    world.scan("B1")
    world.give_back("B1")
    assert world.ledger.status_here(book.id) is None


def _refused(world: World) -> tuple[Reason, ...]:
    world.tap()
    world.scan("B1")
    return world.line.reasons
