"""Lending while the registry is not heard: fewer items the older the feed is, and none in the end."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from circulation.cards import CardUid
from circulation.facts import CheckedOut
from circulation.reasons import Reason
from kiosk.events import PutBackChosen, RegistryLost
from kiosk.view import Borrow, Home, LineState
from kiosk.visit import Visit
from tests.builders import a_patron, an_item
from tests.kiosk_world import LIN, NOON, WANG, World, a_kiosk


def reasons(world: World) -> tuple[Reason, ...]:
    line = world.line
    assert line.state is LineState.REFUSED
    assert world.facts == []
    return line.reasons


def test_a_kiosk_that_hears_nothing_lends_five_a_patron_and_says_so_with_the_sixth(tmp_path: Path) -> None:
    books = [an_item(barcode=f"B{n}") for n in range(12)]
    world = a_kiosk(tmp_path, cards={WANG: a_patron(), LIN: a_patron()}, items=books)
    world.say(RegistryLost("no route"))
    world.clock.pass_by(16 * 60)
    world.tap()
    world.scan(*(f"B{n}" for n in range(5)))
    assert world.line.state is LineState.BORROWED
    world.scan("B5")
    assert world.line.reasons == (Reason.OFFLINE_LIMIT_REACHED,)
    world.finish()
    world.tap(LIN)
    world.scan("B6")
    assert world.line.state is LineState.BORROWED
    assert all(envelope.fact.offline for envelope in world.facts if isinstance(envelope.fact, CheckedOut))


def test_what_is_left_is_what_the_kiosk_will_really_lend(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode=f"B{n}") for n in range(6)])
    screen = world.tap()
    assert isinstance(screen, Home)
    assert screen.account.left == screen.account.limit
    world.clock.pass_by(16 * 60)
    screen = world.tap()
    assert isinstance(screen, Home)
    assert (screen.account.on_loan, screen.account.left) == (0, 5)
    screen = world.scan(*(f"B{n}" for n in range(5)))
    assert isinstance(screen, Borrow)
    assert (screen.account.left, screen.account.is_full) == (0, False)
    loan = world.line.loan
    assert loan is not None
    screen = world.say(PutBackChosen(loan))
    assert isinstance(screen, Borrow)
    assert screen.account.left == 1


def test_an_item_put_back_does_not_count_offline(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode=f"B{n}") for n in range(6)])
    world.clock.pass_by(16 * 60)
    world.tap()
    world.scan(*(f"B{n}" for n in range(5)))
    loan = world.line.loan
    assert loan is not None
    world.say(PutBackChosen(loan))
    world.scan("B5")
    assert world.line.state is LineState.BORROWED


def test_the_offline_count_survives_a_restart_and_ends_with_the_next_verified_feed(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode=f"B{n}") for n in range(8)])
    world.clock.pass_by(16 * 60)
    world.tap()
    world.scan(*(f"B{n}" for n in range(5)))
    world.restart()
    world.tap()
    world.scan("B5")
    assert world.line.reasons == (Reason.OFFLINE_LIMIT_REACHED,)
    world.receive()
    world.scan("B5")
    assert world.line.state is LineState.BORROWED
    world.clock.pass_by(16 * 60)
    world.tap()
    world.scan("B6")
    assert world.line.state is LineState.BORROWED


def test_after_three_days_only_regulars_and_after_seven_nobody(tmp_path: Path) -> None:
    cards = {WANG: a_patron(), LIN: a_patron(regular_here=True)}
    world = a_kiosk(tmp_path, cards=cards, items=[an_item(barcode="B1"), an_item(barcode="B2")])
    world.clock.pass_by(73 * 3600)
    world.tap(WANG)
    world.scan("B1")
    assert reasons(world) == (Reason.OFFLINE_TOO_LONG,)
    world.finish()
    world.tap(LIN)
    world.scan("B1")
    assert world.line.state is LineState.BORROWED
    world.clock.pass_by(5 * 24 * 3600)
    world.tap(LIN)
    world.scan("B2")
    assert world.line.reasons == (Reason.OFFLINE_TOO_LONG,)


def test_a_restart_with_a_clock_far_behind_lends_nothing_until_the_registry_is_heard(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.clock.wall = datetime(1970, 1, 1, tzinfo=UTC)
    world.restart()
    world.tap()
    world.scan("B1")
    assert Reason.OFFLINE_TOO_LONG in reasons(world)
    world.clock.wall = NOON
    world.receive()
    world.scan("B1")
    assert world.line.state is LineState.BORROWED


def test_a_wall_clock_that_jumps_while_the_kiosk_runs_changes_nothing_about_the_feeds_age(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.clock.wall += timedelta(days=30)
    world.tap()
    world.scan("B1")
    assert world.line.state is LineState.BORROWED


def test_without_a_replica_nothing_is_known_of_what_is_left(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, replica=False)
    somebody = Visit(CardUid.from_hex("04A32B1C"), b"k" * 16, "c", a_patron())
    assert world.core._work.items.left_offline(somebody) is None
    assert world.core._work.items.against_renewal(somebody) == {}
