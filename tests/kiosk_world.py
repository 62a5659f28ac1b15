"""A whole kiosk for tests: the real core over real encrypted files, with a clock and an outlet in the test's hand."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import text

from circulation.cards import CardKind, CardUid
from circulation.facts import Fact, FactEnvelope
from circulation.holds import Hold
from circulation.items import Item
from circulation.loans import Loan
from circulation.opening_days import OpeningDays
from circulation.patrons import Patron
from circulation.range_checks import RangeCheck
from circulation.rules import RuleSet
from circulation.wire import Change, FactResult, FactStatus, LossRequest, PinCheck, Position, PushAnswer, PushBatch
from drivers.ports import BarcodeScanned, CardPresented
from kiosk.core import Core
from kiosk.enrolled import Enrolled
from kiosk.events import BatchAnswered, ChangesReceived, Event, FinishChosen, LoansChosen, RegistryLost, ReturnChosen, Tick
from kiosk.ports import Outside
from kiosk.settings import KioskSettings
from kiosk.store.ledger import Ledger
from kiosk.store.replica_file import ReplicaShelf
from kiosk.store.set_aside import open_or_begin
from kiosk.view import Borrow, Line, Loans, Return, ReturnLine, Screen, Sound, View
from replica.files import ReplicaFiles
from tests.replica_world import (
    BRANCH,
    CARD_SECRET,
    FEED,
    LIN,
    NOON,
    OTHER_BRANCH,
    REGISTRY,
    REPLICA_KEY,
    TAG_SECRET,
    WANG,
    WANGS_IPASS,
    a_change,
    a_mobile_code,
    a_page,
    a_replica_file,
    a_tombstone,
    card_row,
    hold_row,
    item_row,
    key_of,
    library_rows,
    loan_row,
    mobile_key_row,
    patron_row,
)

__all__ = [
    "BRANCH",
    "CARD_SECRET",
    "FEED",
    "LEDGER_KEY",
    "LIN",
    "NOON",
    "OTHER_BRANCH",
    "REGISTRY",
    "REPLICA_KEY",
    "WANG",
    "WANGS_IPASS",
    "ManualClock",
    "RecordingOutlet",
    "SeededKeys",
    "World",
    "a_change",
    "a_kiosk",
    "a_mobile_code",
    "a_page",
    "a_replica_file",
    "a_tombstone",
    "card_row",
    "hold_row",
    "item_row",
    "key_of",
    "library_rows",
    "loan_row",
    "mobile_key_row",
    "patron_row",
    "shelf_of",
]

LEDGER_KEY = bytes(range(32))


@dataclass
class ManualClock:
    """Time that passes when the test says so."""

    wall: datetime = NOON
    seconds: float = 1000.0
    boot: str = "boot-1"

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def boot_id(self) -> str:
        return self.boot

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)


@dataclass
class SeededKeys:
    """Keys that are the same in every run."""

    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def new_key(self) -> UUID:
        return UUID(bytes=self.chance.randbytes(16), version=4)

    def new_epoch(self) -> UUID:
        return UUID(bytes=self.chance.randbytes(16), version=4)

    def new_correlation(self) -> str:
        return self.chance.randbytes(4).hex()


@dataclass
class RecordingOutlet:
    """Keeps what the core said, in its order."""

    views: list[View] = field(default_factory=list)
    sounds: list[Sound] = field(default_factory=list)
    batches: list[PushBatch] = field(default_factory=list)
    pulls: list[tuple[UUID | None, Position]] = field(default_factory=list)
    checks: list[RangeCheck | None] = field(default_factory=list)
    """The comparison that each pull carried."""
    asks: list[tuple[UUID, PinCheck | LossRequest]] = field(default_factory=list)
    hurries: list[int] = field(default_factory=list)
    """How many batches had been handed over each time."""

    def show(self, view: View) -> None:
        self.views.append(view)

    def play(self, sound: Sound) -> None:
        self.sounds.append(sound)

    def push(self, batch: PushBatch) -> None:
        self.batches.append(batch)

    def pull(self, feed: UUID | None, after: Position, check: RangeCheck | None = None) -> None:
        self.pulls.append((feed, after))
        self.checks.append(check)

    def ask(self, ticket: UUID, question: PinCheck | LossRequest) -> None:
        self.asks.append((ticket, question))

    def hurry(self) -> None:
        self.hurries.append(len(self.batches))


@dataclass
class World:
    """One kiosk and the hands around it."""

    folder: Path
    settings: KioskSettings
    clock: ManualClock
    keys: SeededKeys
    outlet: RecordingOutlet
    ledger: Ledger
    core: Core

    @property
    def files(self) -> ReplicaFiles:
        return ReplicaFiles(self.folder)

    @property
    def view(self) -> View:
        return self.outlet.views[-1]

    @property
    def screen(self) -> Screen:
        return self.view.screen

    @property
    def line(self) -> Line:
        """The newest line of the borrow screen."""
        assert isinstance(self.view.screen, Borrow)
        return self.view.screen.lines[0]

    @property
    def returned(self) -> ReturnLine:
        """The newest line of the return screen."""
        assert isinstance(self.view.screen, Return)
        return self.view.screen.lines[0]

    @property
    def fact(self) -> Fact:
        """The newest fact in the ledger."""
        return self.facts[-1].fact

    @property
    def facts(self) -> list[FactEnvelope]:
        """Every fact in the ledger, in order."""
        return [msgspec.json.decode(body, type=FactEnvelope) for body in self.ledger.bodies(1, 10_000)]

    @property
    def overlay(self) -> int:
        """Rows in the overlay."""
        return int(self.ledger._connection.execute(text("SELECT count(*) FROM local_loan")).scalar_one())

    def tap(self, uid: str = WANG) -> Screen:
        return self.say(CardPresented(CardUid.from_hex(uid), "reader", 0))

    def scan(self, *barcodes: str) -> Screen:
        for barcode in barcodes:
            self.say(BarcodeScanned(barcode, "scanner", 0))
        return self.screen

    def give_back(self, *barcodes: str) -> ReturnLine:
        """To the return screen, and these back."""
        self.say(ReturnChosen())
        self.scan(*barcodes)
        return self.returned

    def my_loans(self) -> Loans:
        """To the patron's own loans."""
        screen = self.say(LoansChosen())
        assert isinstance(screen, Loans)
        return screen

    def offline(self, seconds: float = 16 * 60) -> None:
        """The registry is not heard for so long."""
        self.say(RegistryLost("no route"))
        self.clock.pass_by(seconds)
        self.say(Tick())

    def finish(self) -> Screen:
        return self.say(FinishChosen())

    def say(self, *events: Event) -> Screen:
        for event in events:
            self.core.handle(event)
        return self.screen

    def wait(self, seconds: float) -> Screen:
        """Let time pass as it would with a thread: a tick at every deadline."""
        end = self.clock.seconds + seconds
        while self.core.next_deadline() <= end:
            self.clock.pass_by(max(0.0, self.core.next_deadline() - self.clock.seconds))
            self.core.handle(Tick())
        self.clock.pass_by(end - self.clock.seconds)
        return self.say(Tick())

    def receive(self, *changes: Change, head: int | None = None) -> None:
        """The next page of the feed, applied to its end."""
        start = self.cursor
        end = max((change.seq for change in changes), default=start)
        self.say(
            ChangesReceived(
                a_page(*changes, start=start, end=end, head=end if head is None else head, at=self.clock.wall), self.clock.seconds
            )
        )
        while self.core.next_deadline() <= self.clock.seconds:
            self.say(Tick())

    @property
    def cursor(self) -> int:
        return self.outlet.pulls[-1][1]

    def answer(
        self,
        batch: PushBatch | None = None,
        *,
        status: FactStatus = FactStatus.ACCEPTED,
        position: int | None = None,
        feed: UUID | UnsetType = UNSET,
    ) -> None:
        """The registry's answer to the last batch: the same for each of its facts; without a position, an effect the feed has yet to bring."""
        batch = batch or self.outlet.batches[-1]
        position = self.cursor + 1 if position is None else position
        seqs = range(batch.first_seq, batch.first_seq + len(batch.facts))
        results = tuple(FactResult(seq=seq, status=status, position=position) for seq in seqs)
        self.say(BatchAnswered(PushAnswer(server_time=self.clock.wall, next_seq=seqs.stop, results=results, feed=feed), self.clock.seconds))

    def restart(self) -> None:
        """The process ends and another one begins on the same files."""
        self.core.close()
        self.outlet = RecordingOutlet()
        self.ledger, self.core = _core(self.folder, self.settings, self.clock, self.keys, self.outlet)
        self.core.start()


def a_kiosk(  # noqa: PLR0913 - each argument is a part of the world
    folder: Path,
    *,
    cards: Mapping[str, Patron] | None = None,
    items: Iterable[Item] = (),
    loans: Iterable[Loan] = (),
    holds: Iterable[Hold] = (),
    lost: Collection[str] = (),
    kinds: Mapping[str, CardKind] | None = None,
    rule_sets: Sequence[RuleSet] | None = None,
    calendar: OpeningDays | None = None,
    settings: KioskSettings | None = None,
    replica: bool = True,
    fresh: bool = True,
) -> World:
    """A started kiosk. ``cards`` maps UIDs to patrons, ``lost`` names those reported lost; ``fresh``: the feed has been heard just now."""
    rows = library_rows(cards or {}, items=items, loans=loans, holds=holds, lost=lost, kinds=kinds, rule_sets=rule_sets, calendar=calendar)
    if replica:
        files = ReplicaFiles(folder)
        path = a_replica_file(files.next_path(), rows)
        files.put_in_place(path)
    settings = settings or KioskSettings()
    clock, keys, outlet = ManualClock(), SeededKeys(), RecordingOutlet()
    ledger, core = _core(folder, settings, clock, keys, outlet)
    core.start()
    world = World(folder, settings, clock, keys, outlet, ledger, core)
    if replica and fresh:
        world.receive()
    return world


def _core(folder: Path, settings: KioskSettings, clock: ManualClock, keys: SeededKeys, outlet: RecordingOutlet) -> tuple[Ledger, Core]:
    ledger = open_or_begin(folder / "ledger.db", LEDGER_KEY, new_epoch=keys.new_epoch, now=clock.now())
    shelf = ReplicaShelf(ReplicaFiles(folder), REPLICA_KEY, clock.monotonic, settings.page_chunk)
    return ledger, Core(
        Outside(clock, keys, outlet), settings, ledger, shelf, Enrolled(CARD_SECRET, REGISTRY.public_key().public_bytes_raw(), TAG_SECRET)
    )


def shelf_of(folder: Path, *, seconds: float = 0.012) -> ReplicaShelf:
    """The kiosk's replicas, for a look past the core; its clock ticks 10 ms with every look."""
    ticks = iter(n * 0.01 for n in range(10**6))
    return ReplicaShelf(ReplicaFiles(folder), REPLICA_KEY, lambda: next(ticks), seconds)
