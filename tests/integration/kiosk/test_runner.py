"""The core's thread: events in order, ticks by themselves, crashes told."""

import re
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from time import monotonic

import pytest
from structlog.testing import capture_logs

from circulation.cards import CardUid
from drivers.ports import BarcodeScanned, CardPresented
from kiosk.core import Core
from kiosk.enrolled import Enrolled
from kiosk.events import ChangesReceived, RegistryLost
from kiosk.ports import Outside
from kiosk.runner import CoreThread
from kiosk.settings import KioskSettings
from kiosk.store.opening import open_ledger
from kiosk.store.replica_file import ReplicaShelf
from kiosk.view import Attract, Borrow, Home, StillHere, View
from replica.card_keys import card_tag
from replica.files import ReplicaFiles
from tests.builders import a_patron, an_item
from tests.kiosk_world import (
    CARD_SECRET,
    LEDGER_KEY,
    LIN,
    NOON,
    REPLICA_KEY,
    WANG,
    ManualClock,
    RecordingOutlet,
    SeededKeys,
    a_kiosk,
    a_page,
)
from tests.replica_world import TAG_SECRET
from youyue.logs import ALLOWED_KEYS

PATIENCE = 10
"""Seconds after which a thread counts as stuck."""


@dataclass
class WaitingOutlet(RecordingOutlet):
    """Lets a test wait for what the thread shows."""

    shown: SimpleQueue[View] = field(default_factory=SimpleQueue)
    broken: bool = False

    def show(self, view: View) -> None:
        if self.broken:
            message = "no screen"
            raise RuntimeError(message)
        self.shown.put(view)


class RealClock(ManualClock):
    """Real seconds, the test's day."""

    def monotonic(self) -> float:
        return monotonic()


def a_thread(folder: Path, outlet: WaitingOutlet, crashes: SimpleQueue[BaseException], settings: KioskSettings) -> CoreThread:
    world = a_kiosk(folder, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.core.close()
    clock, keys = RealClock(), SeededKeys()
    ledger = open_ledger(folder / "ledger.db", LEDGER_KEY, new_epoch=keys.new_epoch, now=NOON)
    shelf = ReplicaShelf(ReplicaFiles(folder), REPLICA_KEY, clock.monotonic, settings.page_chunk)
    core = Core(Outside(clock, keys, outlet), settings, ledger, shelf, Enrolled(CARD_SECRET, bytes(32), bytes(32)))
    return CoreThread(core, clock, crashes.put)


def test_events_are_handled_in_their_order_and_the_countdown_comes_without_any(tmp_path: Path) -> None:
    outlet, crashes = WaitingOutlet(), SimpleQueue[BaseException]()
    thread = a_thread(tmp_path, outlet, crashes, replace(KioskSettings(), idle=0.2, countdown=0.1))
    thread.start()
    thread.post(CardPresented(CardUid.from_hex(WANG), "r", 0))
    thread.post(BarcodeScanned("B1", "s", 0))
    screens = [type(outlet.shown.get(timeout=PATIENCE).screen) for _ in range(5)]
    thread.stop()
    assert screens == [Attract, Home, Borrow, StillHere, Attract]
    assert crashes.empty()


def test_what_was_posted_before_the_end_is_done(tmp_path: Path) -> None:
    outlet, crashes = WaitingOutlet(), SimpleQueue[BaseException]()
    thread = a_thread(tmp_path, outlet, crashes, KioskSettings())
    thread.start()
    thread.post(CardPresented(CardUid.from_hex(WANG), "r", 0))
    thread.post(BarcodeScanned("B1", "s", 0))
    thread.stop()
    thread.stop()
    world = a_kiosk(tmp_path, replica=False)
    assert world.ledger.last_seq() == 1
    assert not [thread for thread in threading.enumerate() if thread.name == "core"]


@pytest.mark.parametrize("when", ["at the start", "later"])
def test_a_crash_is_told_and_the_files_are_closed(tmp_path: Path, when: str) -> None:
    outlet, crashes = WaitingOutlet(), SimpleQueue[BaseException]()
    thread = a_thread(tmp_path, outlet, crashes, KioskSettings())
    outlet.broken = when == "at the start"
    with capture_logs() as logs:
        thread.start()
        if when == "later":
            outlet.shown.get(timeout=PATIENCE)
            outlet.broken = True
            thread.post(CardPresented(CardUid.from_hex(WANG), "r", 0))
        error = crashes.get(timeout=PATIENCE)
    thread.stop()
    assert str(error) == "no screen"
    (told,) = [log for log in logs if log["log_level"] == "error"]
    assert (told["event"], told["problem"]) == ("core_crashed", "RuntimeError")
    assert re.fullmatch(r"test_runner\.py:\d+", told["place"])
    assert set(told) <= ALLOWED_KEYS | {"log_level"}
    assert "no screen" not in repr(told)
    assert not (tmp_path / "ledger.db-wal").exists()


def test_logs_hold_allowed_keys_and_nothing_of_a_person(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron(masked_name="CANARY"), LIN: a_patron()}, items=[an_item(barcode="B1", title="CANARY")])
    with capture_logs() as logs:
        world.tap()
        world.scan("B1", "CANARY-CODE")
        world.finish()
        world.tap(LIN)
        world.tap("04DEADBE")
        world.say(RegistryLost("no route"))
        world.say(ChangesReceived(a_page(start=9, end=9), world.clock.seconds))
        world.wait(100)
    allowed = {"event", "log_level", "correlation", "card_tag", "screen", "reasons", "seq", "milliseconds", "count", "position", "problem"}
    assert {key for log in logs for key in log} <= allowed
    assert {"tap", "checked_out", "checkout_refused", "screen", "batch_sent", "registry_lost", "page_elsewhere"} <= {
        log["event"] for log in logs
    }
    told = repr(logs)
    assert not [canary for canary in ("CANARY", WANG, LIN, WANG.lower(), "王") if canary in told]
    tags = [log["card_tag"] for log in logs if log["event"] == "tap"]
    assert tags == [card_tag(CardUid.from_hex(uid), secret=TAG_SECRET) for uid in (WANG, LIN)]
    correlations = {log["correlation"] for log in logs if log["event"] in {"tap", "checked_out"}}
    assert len(correlations) == 2
