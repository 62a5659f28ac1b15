"""A snapshot is made some changes behind the feed. A kiosk that has to take one knows all the same what it did itself (I3, I10)."""

from pathlib import Path

import pytest
from sqlalchemy import text

from kiosk.events import SnapshotFetched
from kiosk.view import LineState
from replica.tables import ReplicaTable
from tests.builders import a_patron, an_item
from tests.integration.kiosk.loss_values import KINDS, report
from tests.kiosk_world import LIN, WANG, WANGS_IPASS, World, a_change, a_kiosk, a_replica_file, card_row, item_row, library_rows

ME = a_patron()
CARDS = {WANG: ME, WANGS_IPASS: ME, LIN: a_patron()}
BOOK = an_item(barcode="B0")
BEFORE, LAST = 5, 600
"""Numbers of the feed: before all that is done here, and behind it."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A kiosk that lent a book and took a loss report. Both were answered and the feed has shown them: nothing lies over the replica."""
    world = a_kiosk(tmp_path, cards=CARDS, items=[BOOK], kinds=KINDS)
    world.tap(LIN)
    world.scan("B0")
    world.finish()
    world.wait(60)
    world.tap(WANGS_IPASS)
    report(world)
    world.wait(60)
    show(world)
    assert (world.overlay, world.ledger.lost_here()) == (0, ())
    return world


def show(world: World) -> None:
    """The registry answers all, and the feed gets past it."""
    while world.ledger.first_to_send() is not None:
        world.answer(position=LAST - 1)
    news = an_item(barcode=f"N{world.cursor}")
    world.receive(a_change(LAST - 1, ReplicaTable.CARD, card_row(WANG, ME, lost=True)), a_change(LAST, ReplicaTable.ITEM, item_row(news)))


def damaged(world: World, *, cursor: int) -> None:
    """The replica was given up, and the newest snapshot there is knows of nothing that was done here."""
    rows = library_rows(CARDS, items=[BOOK], kinds=KINDS)
    world.say(SnapshotFetched(a_replica_file(world.files.next_path(), rows, cursor=cursor, version=2)))


def is_refused_to_another(world: World) -> bool:
    world.tap(WANGS_IPASS)
    world.scan("B0")
    state = world.line.state
    world.finish()
    world.wait(60)
    return state is LineState.REFUSED


def test_a_book_that_was_lent_here_is_not_lent_again(world: World) -> None:
    damaged(world, cursor=BEFORE)
    assert is_refused_to_another(world)


def test_a_card_that_was_reported_lost_here_opens_nothing(world: World) -> None:
    damaged(world, cursor=BEFORE)
    assert len(world.ledger.lost_here()) == 1


def test_it_lies_over_the_snapshot_until_the_feed_is_where_it_was(world: World) -> None:
    damaged(world, cursor=BEFORE)
    show(world)
    assert (world.overlay, world.ledger.lost_here()) == (0, ())


def test_a_crash_between_the_swap_and_its_laying_lays_it_over_at_the_next_start(world: World) -> None:
    world.ledger._connection.execute(text("PRAGMA query_only=ON")).close()
    damaged(world, cursor=BEFORE)
    assert world.overlay == 0
    world.restart()
    assert world.overlay == 1


def test_a_snapshot_that_is_new_enough_asks_for_nothing_again(world: World) -> None:
    sent = len(world.outlet.batches)
    damaged(world, cursor=LAST)
    assert len(world.outlet.batches) == sent
    assert world.overlay == 0
