"""Offline terms at a kiosk: signed by the registry, kept over a restart, never replaced by an older or a forged version."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event

from circulation.offline import OfflineLimits, Step
from circulation.offline_terms import OfflineTerms
from circulation.reasons import Reason
from circulation.wire import SignedTerms
from kiosk.events import ChangesReceived, RegistryLost, Tick
from kiosk.offline import Weight
from kiosk.offline_watch import KEEP_EVERY, UNREADABLE, UNTRUSTED
from kiosk.ports import Outside
from kiosk.settings import KioskSettings
from kiosk.store.offline_rows import KeptTerms
from kiosk.view import LineState
from replica.offline_terms import message_of, signed_with
from tests.builders import a_patron, an_item
from tests.kiosk_world import LIN, REGISTRY, WANG, World, a_kiosk, a_page

HOUR = 3600
MIB = 2**20
ONE = OfflineLimits(steps=(Step(timedelta(days=1), 1),))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(50, 82)))


def a_library(folder: Path, settings: KioskSettings | None = None) -> World:
    books = [an_item(barcode=f"B{n}") for n in range(12)]
    return a_kiosk(folder, cards={WANG: a_patron(), LIN: a_patron()}, items=books, settings=settings)


def signed(world: World, version: int, limits: OfflineLimits = ONE, *, days: int = 0, key: Ed25519PrivateKey = REGISTRY) -> SignedTerms:
    today = world.clock.wall.date()
    return signed_with(key, OfflineTerms(version, today + timedelta(days=days), "test", limits))


def tell(world: World, *told: SignedTerms, ahead: timedelta = timedelta(0)) -> None:
    """A page that brings nothing but terms; ``ahead``: how far the registry's clock is."""
    page = a_page(start=world.cursor, end=world.cursor, head=world.cursor, at=world.clock.wall + ahead)
    world.say(ChangesReceived(msgspec.structs.replace(page, offline=told), world.clock.seconds))


def left(world: World) -> int:
    """What an hour without the registry leaves to a patron."""
    world.offline(HOUR)
    world.tap()
    shown = world.view.limited
    assert shown is not None
    assert shown.left is not None
    return shown.left


def test_what_the_registry_signed_holds_and_survives_a_restart(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    tell(world, signed(world, 1))
    world.restart()
    assert left(world) == 1
    world.scan("B1", "B2")
    assert world.line.reasons == (Reason.OFFLINE_LIMIT_REACHED,)


def test_where_nothing_was_ever_told_the_table_holds(tmp_path: Path) -> None:
    assert left(a_library(tmp_path)) == 5


def test_an_older_version_changes_nothing_also_after_a_restart(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    tell(world, signed(world, 2))
    world.restart()
    tell(world, signed(world, 1, OfflineLimits()))
    assert left(world) == 1


@pytest.mark.parametrize("forgery", ["stranger", "changed", "bare"])
def test_a_wrong_signature_leaves_what_was_there_and_is_written_down(tmp_path: Path, forgery: str) -> None:
    world = a_library(tmp_path)
    good = signed(world, 1)
    tell(world, good)
    better = signed(world, 2, OfflineLimits())
    forged = {
        "stranger": signed(world, 2, OfflineLimits(), key=STRANGER),
        "changed": msgspec.structs.replace(better, signature=good.signature),
        "bare": msgspec.structs.replace(better, signature=REGISTRY.sign(better.statement)),
    }[forgery]
    tell(world, forged)
    tell(world, forged)
    assert world.ledger.kept_offline()[1].problem == UNTRUSTED
    world.restart()
    assert left(world) == 1


def test_what_is_signed_and_can_not_be_read_leaves_what_was_there_and_good_terms_end_the_problem(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    tell(world, signed(world, 1))
    nonsense = b'{"version": 2}'
    tell(world, SignedTerms(statement=nonsense, signature=REGISTRY.sign(message_of(nonsense))))
    assert world.ledger.kept_offline()[1].problem == UNREADABLE
    tell(world, signed(world, 1))
    assert world.ledger.kept_offline()[1].problem == ""
    assert left(world) == 1


def test_terms_that_somebody_changed_in_the_ledger_do_not_count(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    watch = world.ledger.kept_offline()[1]
    forged = signed(world, 9, OfflineLimits(steps=(Step(timedelta(days=7), 900),)), key=STRANGER)
    world.ledger.keep_offline((KeptTerms(forged, begun=True),), watch, at=world.clock.wall)
    world.restart()
    assert left(world) == 5


def test_terms_are_written_when_they_are_others_and_not_with_every_look_at_the_clock(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    tell(world, signed(world, 1), signed(world, 2, days=2))
    kept, watch = world.ledger.kept_offline()
    asked: list[str] = []
    event.listen(world.ledger._engine, "before_cursor_execute", lambda _connection, _cursor, statement, *_rest: asked.append(statement))
    world.ledger.keep_offline(kept, watch, at=world.clock.wall)
    assert not [one for one in asked if "offline_terms" in one and not one.startswith("SELECT")]
    for others in (kept[:1], kept, (kept[0], replace(kept[1], begun=True))):
        world.ledger.keep_offline(others, watch, at=world.clock.wall)
        assert world.ledger.kept_offline()[0] == others


def test_a_version_to_come_begins_on_its_day_without_the_registry(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    tell(world, signed(world, 1), signed(world, 2, OfflineLimits(steps=(Step(timedelta(days=7), 3),)), days=2))
    assert left(world) == 1
    world.finish()
    world.clock.pass_by(2 * 24 * HOUR)
    world.say(Tick())
    world.tap()
    assert world.view.limited is not None
    assert world.view.limited.outlook.items == 3


def test_a_full_disk_stops_lending_and_the_screen_says_so_while_returns_go_on(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    free = [40 * MIB]
    world.core._offline._disk_free = lambda: free[0]
    world.tap()
    world.scan("B1")
    assert world.line.reasons == (Reason.KIOSK_DISK_FULL,)
    shown = world.view.limited
    assert shown is not None
    assert (shown.outlook.weight, shown.outlook.stopped, shown.outlook.returns) == (Weight.RED, Reason.KIOSK_DISK_FULL, True)
    assert world.give_back("B2").taken
    free[0] = 31 * MIB
    world.say(Tick())
    assert not world.give_back("B3").taken


def test_the_core_asks_the_disk_that_it_was_given(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    assert Outside(world.clock, world.keys, world.outlet).disk_free() is None


def test_the_pace_of_an_hour_stops_a_patron_and_then_the_kiosk(tmp_path: Path) -> None:
    limits = OfflineLimits(patron_per_hour=2, kiosk_per_hour=3)
    world = a_library(tmp_path, settings=replace(KioskSettings(), offline=limits))
    world.offline(HOUR)
    world.tap()
    world.scan("B0", "B1", "B2")
    assert world.line.reasons == (Reason.OFFLINE_TOO_FAST,)
    world.finish()
    world.tap(LIN)
    world.scan("B3")
    assert world.line.state is LineState.BORROWED
    world.scan("B4")
    assert world.line.reasons == (Reason.OFFLINE_TOO_FAST,)
    world.finish()
    world.clock.pass_by(HOUR)
    world.tap(LIN)
    world.scan("B5")
    assert world.line.state is LineState.BORROWED


def test_a_clock_that_jumped_lends_for_a_day_and_then_no_more_until_the_registry_says_the_same_time(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    world.clock.wall += timedelta(minutes=6)
    world.tap()
    world.scan("B1")
    assert world.line.state is LineState.BORROWED
    world.finish()
    for _ in range(25):
        world.clock.pass_by(HOUR)
        tell(world, ahead=-timedelta(minutes=6))
    world.restart()
    world.tap()
    world.scan("B2")
    assert Reason.KIOSK_CLOCK_DOUBTFUL in world.line.reasons
    tell(world)
    world.scan("B2")
    assert world.line.state is LineState.BORROWED


def test_a_clock_that_is_set_back_and_a_restart_make_no_old_feed_young(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    world.say(RegistryLost("no route"))
    for _ in range(80):
        world.clock.pass_by(HOUR)
        world.say(Tick())
    world.clock.wall -= timedelta(hours=79)
    world.clock.pass_by(KEEP_EVERY)
    world.say(Tick())
    world.restart()
    assert world.view.limited is not None
    assert world.view.limited.outlook.weight is Weight.RED
