"""What lets a card in again that was reported lost here: the registry's word about that very card, and nothing else (I3)."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from circulation.cards import CardKind
from kiosk.events import ChangesReceived, SnapshotFetched
from replica.tables import ReplicaTable
from tests.builders import an_item
from tests.integration.kiosk.loss_values import KINDS, ME, a_family_of_cards, refused, report
from tests.kiosk_world import (
    WANG,
    WANGS_IPASS,
    World,
    a_change,
    a_page,
    a_replica_file,
    a_tombstone,
    card_row,
    item_row,
    library_rows,
)


def another_feed(world: World, *, cursor: int = 10) -> UUID:
    """A snapshot of a registry that was restored: it does not know of the report."""
    feed = uuid4()
    rows = library_rows({WANG: ME, WANGS_IPASS: ME}, kinds=KINDS)
    world.say(SnapshotFetched(a_replica_file(world.files.next_path(), rows, cursor=cursor, version=2, feed=feed)))
    return feed


def say_of_the_card(world: World, feed: UUID, *, lost: bool) -> None:
    seq = world.cursor + 1
    change = a_change(seq, ReplicaTable.CARD, card_row(WANGS_IPASS, ME, lost=lost, kind=CardKind.IPASS))
    world.say(ChangesReceived(a_page(change, start=seq - 1, end=seq, feed=feed, at=world.clock.wall), world.clock.seconds))


@pytest.mark.parametrize("by_way_of", [(True, False), (False,)])
def test_after_a_change_of_feed_the_next_word_on_the_card_holds(tmp_path: Path, by_way_of: tuple[bool, ...]) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.answer(position=9)
    feed = another_feed(world)
    world.answer(position=11)
    assert refused(world)
    for lost in by_way_of:
        say_of_the_card(world, feed, lost=lost)
    assert world.ledger.lost_here() == ()
    assert not refused(world)


def test_a_report_that_was_never_answered_outlives_every_feed(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    feed = another_feed(world)
    for lost in (False, True, False):
        say_of_the_card(world, feed, lost=lost)
    assert refused(world)


def test_loss_and_pardon_in_one_page_let_the_card_in_again(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.answer(position=9)
    rows = [card_row(WANGS_IPASS, ME, lost=lost, kind=CardKind.IPASS) for lost in (True, False)]
    world.receive(*(a_change(seq, ReplicaTable.CARD, row) for seq, row in enumerate(rows, start=9)))
    assert not refused(world)


def test_loss_and_pardon_before_the_answer_let_the_card_in_after_it_and_after_a_restart(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    rows = [card_row(WANGS_IPASS, ME, lost=lost, kind=CardKind.IPASS) for lost in (True, False)]
    world.receive(*(a_change(seq, ReplicaTable.CARD, row) for seq, row in enumerate(rows, start=9)))
    assert refused(world)
    world.restart()
    world.answer(position=9)
    assert not refused(world)


def test_a_card_that_went_with_the_report_is_kept_no_longer(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.answer(position=9)
    world.receive(a_tombstone(9, ReplicaTable.CARD, card_row(WANGS_IPASS, ME)))
    assert world.ledger.lost_here() == ()


def test_a_position_that_the_cursor_has_passed_long_ago_clears_nothing_while_the_card_is_shown_in_use(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.receive(a_change(500, ReplicaTable.ITEM, item_row(an_item(barcode="N1"))))
    world.tap()
    report(world)
    world.answer(position=11)
    world.receive(a_change(501, ReplicaTable.ITEM, item_row(an_item(barcode="N2"))))
    assert refused(world)
    world.receive(a_change(502, ReplicaTable.CARD, card_row(WANGS_IPASS, ME, lost=True, kind=CardKind.IPASS)))
    assert world.ledger.lost_here() == ()
    assert refused(world)


def test_an_older_word_on_the_card_clears_nothing_when_the_cursor_passes_the_position_later(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.receive(a_change(8, ReplicaTable.CARD, card_row(WANGS_IPASS, ME, kind=CardKind.IPASS)))
    world.answer(position=9)
    world.receive(a_change(12, ReplicaTable.ITEM, item_row(an_item(barcode="N1"))))
    assert refused(world)
