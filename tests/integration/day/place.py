"""A kiosk of the day: the real core over real encrypted files and the real workers over HTTP, stepped by the script."""

from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random
from typing import ClassVar
from uuid import UUID

from circulation.cards import CardUid
from circulation.range_checks import RangeCheck
from circulation.wire import LossRequest, PinCheck, Position, PushBatch
from drivers.ports import BarcodeScanned, CardPresented
from kiosk.core import Core
from kiosk.enrolled import Enrolled
from kiosk.events import Event, FinishChosen, Tick
from kiosk.ports import Outside
from kiosk.settings import KioskSettings
from kiosk.store.opening import open_ledger
from kiosk.store.replica_file import ReplicaShelf
from kiosk.view import Screen, Sound, View
from replica.files import ReplicaFiles
from sync.identity import Identity
from sync.plan import Pace
from sync.worker import SyncWorkers
from tests.integration.day.town import DayClock
from youyue.clock import SystemKeys

_PATIENCE_S = 30.0
_WAIT_S = 2


class Place:
    """One kiosk in a branch; also the outlet of its own core."""

    pace: ClassVar[Pace] = Pace(first=0.02, cap=0.2)
    """How patiently its workers try again."""

    def __init__(self, branch: str, folder: Path, identity: Identity, clock: DayClock, memory: Path) -> None:
        self.branch = branch
        self.folder = folder
        self.identity = identity
        self.taps = 0
        self._clock = clock
        self._inbox: SimpleQueue[Event] = SimpleQueue()
        self._view: View | None = None
        self._cursor: Position = 0
        keys = SystemKeys()
        self.ledger = open_ledger(folder / "ledger.db", identity.database_key, new_epoch=keys.new_epoch, now=clock.now())
        shelf = ReplicaShelf(ReplicaFiles(folder), identity.database_key, clock.monotonic, 0.012)
        self._core = Core(
            Outside(clock, keys, self),
            KioskSettings(),
            self.ledger,
            shelf,
            Enrolled(identity.card_key, identity.registry_key, identity.tag_key),
        )
        self._workers = SyncWorkers(
            identity,
            folder,
            self._inbox.put,
            clock=clock,
            random=Random(1),
            memory=memory,
            push_pace=self.pace,
            pull_pace=self.pace,
            wait=_WAIT_S,
        )

    def start(self) -> None:
        self._workers.start()
        self._core.start()
        self.wait_until(lambda: self._cursor >= 0 and self.ledger.device().snapshot_version > 0, "a snapshot")

    def stop(self) -> None:
        assert self._workers.stop()
        self._core.close()

    @property
    def screen(self) -> Screen:
        assert self._view is not None
        return self._view.screen

    @property
    def is_offline(self) -> bool:
        assert self._view is not None
        return self._view.offline_since is not None

    def tap(self, uid: CardUid) -> Screen:
        self.taps += 1
        return self.say(CardPresented(uid, "reader", 0))

    def scan(self, barcode: str) -> Screen:
        return self.say(BarcodeScanned(barcode, "scanner", 0))

    def say(self, *events: Event) -> Screen:
        """What a person or a device does, after all that the registry has said by now."""
        self._take_in()
        for event in events:
            self._core.handle(event)
        return self.screen

    def finish(self) -> None:
        """Say goodbye twice: to the slip too, so that nobody is here."""
        self.say(FinishChosen(), FinishChosen())

    def notice_the_loss(self) -> None:
        """Wait until it is known here that the registry can't be reached."""
        self.wait_until(lambda: self.is_offline, "the loss of the registry")

    def be_answered(self) -> None:
        """Wait until every fact is answered."""
        self.wait_until(lambda: self.ledger.unanswered() == 0, "answers")

    def settle(self, last: Position) -> None:
        """Wait until every fact is answered and the replica shows the last change that concerns this branch."""
        self.be_answered()
        self.wait_until(lambda: self._cursor >= last, f"the feed up to {last}")

    def wait_until(self, true: Callable[[], bool], what: str) -> None:
        """Take in what the registry says until something is true."""
        self._take_in()
        while not true():
            try:
                self._core.handle(self._inbox.get(timeout=_PATIENCE_S))
            except Empty:
                message = f"{self.branch} waited {_PATIENCE_S:g} s for {what}"
                raise AssertionError(message) from None
            self._take_in()

    def show(self, view: View) -> None:
        self._view = view

    def play(self, sound: Sound) -> None:
        pass

    def push(self, batch: PushBatch) -> None:
        self._workers.push(batch)

    def pull(self, feed: UUID | None, after: Position, check: RangeCheck | None = None) -> None:
        self._cursor = after
        self._workers.pull(feed, after, check)

    def hurry(self) -> None:
        self._workers.try_now()

    def ask(self, ticket: UUID, question: PinCheck | LossRequest) -> None:
        self._workers.ask(ticket, question)

    def _take_in(self) -> None:
        while True:
            try:
                self._core.handle(self._inbox.get_nowait())
            except Empty:
                break
        while self._core.next_deadline() <= self._clock.monotonic():
            self._core.handle(Tick())
