"""A whole kiosk for tests: the real core over real encrypted files, with a clock and an outlet in the test's hand."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import text

from circulation.cards import CardKind, CardState, CardUid
from circulation.facts import FactEnvelope
from circulation.items import Item
from circulation.loans import Loan
from circulation.opening_days import OpeningDays
from circulation.patrons import Patron
from circulation.rules import RuleSet
from circulation.wire import Change, ChangesPage, FactResult, FactStatus, Position, PushAnswer, PushBatch
from drivers.ports import BarcodeScanned, CardPresented
from kiosk.core import Core, Outside
from kiosk.events import BatchAnswered, ChangesReceived, Event, FinishChosen, Tick
from kiosk.settings import KioskSettings
from kiosk.store.ledger import Ledger, open_ledger
from kiosk.store.replica_file import ReplicaShelf
from kiosk.view import Borrow, Line, Screen, Sound, View
from replica import tables
from replica.card_keys import card_key
from replica.encrypted import WRITE, open_encrypted
from replica.files import ReplicaFiles
from replica.mapping import TABLE_OF, key_text, values_of
from replica.rows import BlockRow, BranchRow, CalendarRow, CardRow, ItemRow, LoanRow, PatronRow, Row, RuleSetRow
from replica.tables import ReplicaTable
from tests.builders import a_rule_set, opening_days

LEDGER_KEY = bytes(range(32))
REPLICA_KEY = bytes(range(32, 64))
CARD_SECRET = bytes(range(64, 96))
FEED = UUID("0190a000-0000-7000-8000-000000000001")
NOON = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
"""Wednesday noon in Taipei: ``tests.builders.TODAY``."""
BRANCH = "C01"
WANG = "04A32B1C"
LIN = "04A32B1D"


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

    def show(self, view: View) -> None:
        self.views.append(view)

    def play(self, sound: Sound) -> None:
        self.sounds.append(sound)

    def push(self, batch: PushBatch) -> None:
        self.batches.append(batch)

    def pull(self, feed: UUID | None, after: Position) -> None:
        self.pulls.append((feed, after))


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
        self.say(ChangesReceived(a_page(*changes, start=start, end=end, head=end if head is None else head, at=self.clock.wall)))
        while self.core.next_deadline() <= self.clock.seconds:
            self.say(Tick())

    @property
    def cursor(self) -> int:
        return self.outlet.pulls[-1][1]

    def answer(self, batch: PushBatch | None = None, *, status: FactStatus = FactStatus.ACCEPTED, position: int | None = None) -> None:
        """The registry's answer to the last batch: the same for each of its facts; without a position, an effect the feed has yet to bring."""
        batch = batch or self.outlet.batches[-1]
        position = self.cursor + 1 if position is None else position
        seqs = range(batch.first_seq, batch.first_seq + len(batch.facts))
        results = tuple(FactResult(seq=seq, status=status, position=position) for seq in seqs)
        self.say(BatchAnswered(PushAnswer(server_time=self.clock.wall, next_seq=seqs.stop, results=results)))

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
    lost: Collection[str] = (),
    rule_sets: Sequence[RuleSet] | None = None,
    calendar: OpeningDays | None = None,
    settings: KioskSettings | None = None,
    replica: bool = True,
    fresh: bool = True,
) -> World:
    """A started kiosk. ``cards`` maps UIDs to patrons, ``lost`` names those reported lost; ``fresh``: the feed has been heard just now."""
    rows = library_rows(cards or {}, items=items, loans=loans, lost=lost, rule_sets=rule_sets, calendar=calendar)
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
    ledger = open_ledger(folder / "ledger.db", LEDGER_KEY, new_epoch=keys.new_epoch, now=clock.now())
    shelf = ReplicaShelf(ReplicaFiles(folder), REPLICA_KEY, clock.monotonic, settings.page_chunk)
    return ledger, Core(Outside(clock, keys, outlet), settings, ledger, shelf, card_secret=CARD_SECRET)


def shelf_of(folder: Path, *, seconds: float = 0.012) -> ReplicaShelf:
    """The kiosk's replicas, for a look past the core; its clock ticks 10 ms with every look."""
    ticks = iter(n * 0.01 for n in range(10**6))
    return ReplicaShelf(ReplicaFiles(folder), REPLICA_KEY, lambda: next(ticks), seconds)


def library_rows(  # noqa: PLR0913 - each argument is a part of the library
    cards: Mapping[str, Patron],
    *,
    items: Iterable[Item] = (),
    loans: Iterable[Loan] = (),
    lost: Collection[str] = (),
    rule_sets: Sequence[RuleSet] | None = None,
    calendar: OpeningDays | None = None,
) -> list[tuple[ReplicaTable, Row]]:
    """The rows of a small branch."""
    rows: list[tuple[ReplicaTable, Row]] = [(ReplicaTable.BRANCH, BranchRow(BRANCH, "總館"))]
    rows += [(ReplicaTable.RULE_SET, rule_set_row(rule_set)) for rule_set in (rule_sets if rule_sets is not None else [a_rule_set()])]
    rows.append((ReplicaTable.CALENDAR, calendar_row(calendar or opening_days())))
    for patron in {patron.id: patron for patron in cards.values()}.values():
        rows.append((ReplicaTable.PATRON, patron_row(patron)))
        rows += [(ReplicaTable.BLOCK, BlockRow(uuid4(), patron.id, block.code, block.until)) for block in patron.blocks]
    for uid, patron in cards.items():
        rows.append((ReplicaTable.CARD, card_row(uid, patron, lost=uid in lost)))
    rows += [(ReplicaTable.ITEM, item_row(item)) for item in items]
    rows += [(ReplicaTable.LOAN, loan_row(loan)) for loan in loans]
    return rows


def a_replica_file(  # noqa: PLR0913 - each argument is a column of its state
    path: Path, rows: Iterable[tuple[ReplicaTable, Row]], *, cursor: int = 0, version: int = 1, feed: UUID = FEED, at: datetime = NOON
) -> Path:
    """An encrypted replica file as a snapshot would give it."""
    engine = open_encrypted(path, REPLICA_KEY, create=True)
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        tables.metadata.create_all(connection)
        for table, row in rows:
            connection.execute(TABLE_OF[table].insert(), values_of(table, row))
        connection.execute(
            tables.state.insert(),
            {
                "only": 1,
                "schema_version": tables.SCHEMA_VERSION,
                "branch": BRANCH,
                "feed": feed,
                "cursor": cursor,
                "version": version,
                "card_key_version": 1,
                "verified_at": at,
            },
        )
        connection.commit()
    engine.dispose()
    return path


def a_change(seq: int, table: ReplicaTable, row: Row) -> Change:
    """A row that is new or has changed."""
    return Change(seq=seq, table=table.value, key=key_text(table, row), row=msgspec.Raw(msgspec.json.encode(row)))


def a_tombstone(seq: int, table: ReplicaTable, row: Row) -> Change:
    """A row that has gone."""
    return Change(seq=seq, table=table.value, key=key_text(table, row))


def a_page(*changes: Change, start: int, end: int, head: int | None = None, feed: UUID = FEED, at: datetime = NOON) -> ChangesPage:
    """A page of the feed."""
    return ChangesPage(feed=feed, start=start, end=end, head=end if head is None else head, server_time=at, changes=changes)


def patron_row(patron: Patron) -> PatronRow:
    return PatronRow(patron.id, patron.masked_name, patron.patron_class, patron.expires, patron.contact_complete, patron.regular_here)


def card_row(uid: str, patron: Patron, *, lost: bool = False) -> CardRow:
    key = card_key(CardUid.from_hex(uid), secret=CARD_SECRET)
    return CardRow(key, patron.id, CardKind.EASYCARD, CardState.LOST if lost else CardState.ACTIVE)


def item_row(item: Item) -> ItemRow:
    return ItemRow(item.id, item.barcode, item.title, item.kind, item.status, item.branch, item.held_for)


def loan_row(loan: Loan) -> LoanRow:
    return LoanRow(loan.id, loan.patron, loan.item, loan.title, loan.kind, loan.due, loan.lent_at, loan.renewals)


def rule_set_row(rule_set: RuleSet) -> RuleSetRow:
    by_class: dict[str, dict[str, object]] = {
        name.value: {
            "total": rules.total,
            "days": {kind.value: days for kind, days in rules.days.items()},
            "extra": {kind.value: limit for kind, limit in rules.extra.items()},
            "overdue_stops_loans": rules.overdue_stops_loans,
            "renewals": rules.renewals,
            "renewal_days": {kind.value: days for kind, days in rules.renewal_days.items()},
        }
        for name, rules in rule_set.by_class.items()
    }
    return RuleSetRow(rule_set.version, rule_set.effective_from, rule_set.source, by_class)


def calendar_row(days: OpeningDays) -> CalendarRow:
    weekly = {str(int(day)): (f"{hours.opens:%H:%M}", f"{hours.closes:%H:%M}") for day, hours in days.weekly.items()}
    return CalendarRow(BRANCH, weekly, sorted(days.closed), [(week, int(day)) for week, day in sorted(days.closed_monthly)])
