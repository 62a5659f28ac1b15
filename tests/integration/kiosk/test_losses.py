"""Reporting a card lost: refused here at once, through restarts and without a network, and cleared by nothing but the registry (I3)."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from circulation.cards import CardKind, CardState
from circulation.facts import CardReportedLost, CheckedOut
from circulation.wire import FactResult, FactStatus, PushAnswer
from kiosk.answers import CardsFound
from kiosk.events import BackChosen, BatchAnswered, ChangesReceived, LoansChosen, LossChosen, LossConfirmed, LostCardChosen, SnapshotFetched
from kiosk.known import OwnCard
from kiosk.refusal import Refusal
from kiosk.states import visit_in
from kiosk.store.opening import open_ledger
from kiosk.view import CardChoice, CardRefused, Home, LossReported, OutOfService, ReportLoss, Sound
from replica.tables import ReplicaTable
from tests.builders import an_item
from tests.integration.kiosk.loss_values import KINDS, ME, WANGS_CHIP, a_family_of_cards, refused, report
from tests.kiosk_world import (
    LEDGER_KEY,
    LIN,
    NOON,
    WANG,
    WANGS_IPASS,
    a_change,
    a_page,
    a_replica_file,
    a_tombstone,
    card_row,
    item_row,
    key_of,
    library_rows,
)


def row_of(*, lost: bool) -> object:
    return card_row(WANGS_IPASS, ME, lost=lost, kind=CardKind.IPASS)


def test_the_patrons_other_cards_are_offered_by_their_kinds_and_nothing_else(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path, lost=(WANGS_CHIP,))
    world.tap()
    screen = world.say(LossChosen())
    assert screen == ReportLoss((CardChoice(1, CardKind.IPASS), CardChoice(2, CardKind.CHIP, lost=True)))
    assert world.say(LostCardChosen(2)) == screen
    assert world.say(LostCardChosen(1)) == ReportLoss(screen.cards, chosen=1)
    assert world.say(LossConfirmed()) == LossReported(CardKind.IPASS, told=False, ends_at=world.clock.seconds + 12)


def test_a_report_is_one_fact_and_leaves_at_once_in_its_order(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path, books=1)
    world.tap()
    world.scan("B0")
    report(world)
    assert [type(envelope.fact) for envelope in world.facts] == [CheckedOut, CardReportedLost]
    assert world.fact == CardReportedLost(key_of(WANGS_IPASS), ME.id, key_of(WANG))
    assert world.outlet.hurries == [1]
    world.answer()
    assert world.outlet.batches[-1].first_seq == 2
    assert world.outlet.sounds[-1] is Sound.GOOD


def test_a_report_that_can_go_at_once_is_handed_over_before_the_pause_is_ended(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    assert (world.outlet.hurries, len(world.outlet.batches)) == ([1], 1)


def test_the_screen_says_when_the_registry_has_heard_it_and_goes_home_by_itself(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    screen = report(world)
    world.answer(position=9)
    assert world.screen == LossReported(CardKind.IPASS, told=True, ends_at=screen.ends_at)
    assert isinstance(world.wait(12), Home)


def test_the_card_is_refused_at_once_and_says_nothing_of_anybody(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.finish()
    shown = len(world.outlet.views)
    assert refused(world)
    assert "王" not in repr(world.outlet.views[shown + 1 :])
    assert not refused(world, WANGS_CHIP)


def test_it_is_refused_without_a_network_and_after_a_restart(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.offline(30 * 24 * 3600)
    world.tap()
    assert not report(world).told
    world.core.close()
    ledger = open_ledger(tmp_path / "ledger.db", LEDGER_KEY, new_epoch=world.keys.new_epoch, now=NOON)
    assert ledger.is_lost_here(key_of(WANGS_IPASS))
    ledger.close()
    world.restart()
    assert refused(world)


def test_no_older_row_of_the_feed_clears_it(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.receive(a_change(3, ReplicaTable.CARD, card_row(WANGS_IPASS, ME, kind=CardKind.IPASS)))
    assert refused(world)
    world.finish()
    world.answer(position=9)
    world.receive(a_change(8, ReplicaTable.CARD, card_row(WANGS_IPASS, ME, kind=CardKind.IPASS)))
    assert refused(world)
    world.restart()
    assert refused(world)


def test_when_the_cursor_has_passed_the_registrys_word_holds_whatever_it_is(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.answer(position=9)
    world.receive(a_change(9, ReplicaTable.CARD, card_row(WANGS_IPASS, ME, lost=True, kind=CardKind.IPASS)))
    assert world.ledger.lost_here() == ()
    assert refused(world)
    world.receive(a_change(10, ReplicaTable.CARD, card_row(WANGS_IPASS, ME, kind=CardKind.IPASS)))
    assert not refused(world)


def test_a_corrective_row_may_say_otherwise(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.answer(status=FactStatus.FLAGGED, position=9)
    assert refused(world)
    world.receive(a_change(9, ReplicaTable.CARD, card_row(WANGS_IPASS, ME, kind=CardKind.IPASS)))
    assert not refused(world)


@pytest.mark.parametrize("status", [FactStatus.MALFORMED, FactStatus.UNKNOWN])
def test_a_report_that_the_registry_could_not_read_stays_refused_here(tmp_path: Path, status: FactStatus) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.say(
        BatchAnswered(
            PushAnswer(server_time=world.clock.wall, next_seq=2, results=(FactResult(seq=1, status=status),)), world.clock.seconds
        )
    )
    world.receive(a_change(30, ReplicaTable.ITEM, item_row(an_item(barcode="N1"))))
    assert refused(world)


@pytest.mark.parametrize("lost", [(WANGS_IPASS,), ()])
def test_a_registry_that_was_restored_and_still_knows_the_report_has_said_in_its_snapshot_what_became_of_the_card(
    tmp_path: Path, lost: tuple[str, ...]
) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.answer(position=9)
    rows = library_rows({WANG: ME, WANGS_IPASS: ME}, kinds=KINDS, lost=lost)
    world.say(SnapshotFetched(a_replica_file(world.files.next_path(), rows, cursor=50, version=2, feed=uuid4())))
    assert refused(world), "it is reported again first"
    world.answer(position=9)
    assert world.ledger.lost_here() == ()
    assert refused(world) is bool(lost)


def test_a_registry_that_has_forgotten_the_report_stops_the_card_again_before_this_kiosk_lets_go_of_it(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.answer(position=9)
    world.receive(a_change(9, ReplicaTable.CARD, card_row(WANGS_IPASS, ME, lost=True, kind=CardKind.IPASS)))
    assert world.ledger.lost_here() == ()
    feed = uuid4()
    rows = library_rows({WANG: ME, WANGS_IPASS: ME}, kinds=KINDS)
    world.say(SnapshotFetched(a_replica_file(world.files.next_path(), rows, cursor=50, version=2, feed=feed)))
    assert refused(world), "the snapshot lets it in"
    world.answer(position=51)
    assert refused(world)
    again = a_change(51, ReplicaTable.CARD, card_row(WANGS_IPASS, ME, lost=True, kind=CardKind.IPASS))
    world.say(ChangesReceived(a_page(again, start=50, end=51, feed=feed, at=world.clock.wall), world.clock.seconds))
    assert world.ledger.lost_here() == ()
    assert refused(world)


def test_a_snapshot_of_the_same_feed_below_the_position_clears_nothing(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.answer(position=9)
    rows = library_rows({WANG: ME, WANGS_IPASS: ME}, kinds=KINDS)
    world.say(SnapshotFetched(a_replica_file(world.files.next_path(), rows, cursor=8, version=2)))
    assert refused(world)


def test_a_card_replaced_meanwhile_is_unknown_like_any_other(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.receive(a_tombstone(3, ReplicaTable.CARD, card_row(WANGS_IPASS, ME)))
    world.wait(60)
    assert world.tap(WANGS_IPASS) == CardRefused(Refusal.UNKNOWN, world.clock.seconds + 8)


def test_a_card_reported_here_is_shown_as_lost_and_not_reported_twice(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.say(BackChosen())
    screen = world.say(LossChosen())
    assert isinstance(screen, ReportLoss)
    assert screen.cards[0] == CardChoice(1, CardKind.IPASS, lost=True)
    world.say(LostCardChosen(1), LossConfirmed())
    assert len(world.facts) == 1


def test_what_can_not_be_reported_any_more_is_answered_with_the_cards_as_they_are(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    visit = visit_in(world.core._state)
    assert visit is not None
    desk = world.core._work.cards
    for key in (key_of(WANGS_IPASS), key_of(WANG), key_of(LIN)):
        answer = desk.report(visit, OwnCard(key, CardKind.IPASS, CardState.ACTIVE))
        assert isinstance(answer, CardsFound)
        assert [card.state for card in answer.cards] == [CardState.LOST, CardState.ACTIVE]
    assert len(world.facts) == 1


def test_a_card_that_the_registry_stops_meanwhile_is_shown_so_and_can_be_chosen_no_more(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    world.say(LossChosen(), LostCardChosen(1))
    world.receive(a_change(3, ReplicaTable.CARD, card_row(WANGS_IPASS, ME, lost=True, kind=CardKind.IPASS)))
    assert world.screen == ReportLoss((CardChoice(1, CardKind.IPASS, lost=True), CardChoice(2, CardKind.CHIP)))
    world.say(LossConfirmed())
    assert world.facts == []


def test_a_card_that_the_registry_replaces_meanwhile_is_no_choice_any_more(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    world.say(LossChosen(), LostCardChosen(1))
    world.receive(a_tombstone(3, ReplicaTable.CARD, card_row(WANGS_IPASS, ME)))
    assert world.screen == ReportLoss((CardChoice(1, CardKind.CHIP),))


def test_the_sessions_own_card_stopped_elsewhere_ends_the_screen_after_a_report(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    report(world)
    world.receive(a_change(3, ReplicaTable.CARD, card_row(WANG, ME, lost=True)))
    assert world.screen == CardRefused(Refusal.LOST, world.clock.seconds + 8)


def test_the_one_who_reports_goes_on_borrowing_with_the_other_card(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path, books=1)
    world.tap()
    report(world)
    world.scan("B0")
    assert world.line.loan is not None
    world.say(LoansChosen())
    assert len(world.my_loans().loans) == 1


def test_an_unwritable_ledger_reports_nothing(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    world.tap()
    world.say(LossChosen(), LostCardChosen(1))
    world.ledger._connection.execute(text("PRAGMA query_only=ON"))
    assert world.say(LossConfirmed()) == OutOfService("ledger_unwritable")
    assert not [view for view in world.outlet.views if isinstance(view.screen, LossReported)]
    assert world.outlet.hurries == []
    world.ledger._connection.execute(text("PRAGMA query_only=OFF"))
    world.wait(31)
    assert isinstance(world.tap(WANGS_IPASS), Home)


def test_nothing_that_names_a_card_is_logged(tmp_path: Path) -> None:
    world = a_family_of_cards(tmp_path)
    with capture_logs() as logs:
        world.tap()
        report(world)
    said = repr(logs)
    assert "loss_reported" in said
    for secret in (WANGS_IPASS, key_of(WANGS_IPASS).hex(), repr(key_of(WANGS_IPASS)), "王"):
        assert secret not in said
