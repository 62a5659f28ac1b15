"""The whole chain without hardware: two kiosks' cores, their workers, the real registry."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from queue import Queue
from random import Random
from tempfile import mkdtemp
from time import monotonic
from uuid import UUID

import pytest

from circulation.cards import CardUid
from circulation.offline import OfflineLimits
from circulation.offline_terms import OfflineTerms
from circulation.range_checks import RangeCheck
from circulation.reasons import Reason
from circulation.wire import MAX_WAIT_SECONDS, LossRequest, PinCheck, Position, PushBatch
from drivers.ports import BarcodeScanned, CardPresented
from kiosk.core import Core
from kiosk.enrolled import Enrolled
from kiosk.events import SyncEvent
from kiosk.ports import Outside
from kiosk.runner import CoreThread
from kiosk.settings import KioskSettings
from kiosk.store.opening import open_ledger
from kiosk.store.replica_file import ReplicaShelf
from kiosk.view import Attract, Borrow, Home, Sound, View
from registry.server import listen
from replica.files import ReplicaFiles
from sync.enrol import enrol
from sync.identity import Identity
from sync.memory import USUAL_MEMORY
from sync.plan import Pace
from sync.worker import SyncWorkers
from tests.integration.registry.city import START, City, found_city, reopened
from tests.integration.registry.homes import SqliteHomes
from youyue.clock import SystemKeys

QUICK = Pace(first=0.01, cap=0.05)
BARCODES = ("30234000000000", "30234000000001")


class CityClock:
    """Runs from the city's morning on."""

    def __init__(self) -> None:
        self._began = monotonic()

    def now(self) -> datetime:
        return START + timedelta(seconds=monotonic() - self._began)

    def monotonic(self) -> float:
        return monotonic()

    def boot_id(self) -> str:
        return "boot"


@dataclass
class Wires:
    """The outlet of a core, which remembers what was shown and asked for."""

    workers: list[SyncWorkers] = field(default_factory=list)
    views: "Queue[View]" = field(default_factory=Queue)
    cursors: "Queue[Position]" = field(default_factory=Queue)

    def show(self, view: View) -> None:
        self.views.put(view)

    def play(self, sound: Sound) -> None:
        pass

    def push(self, batch: PushBatch) -> None:
        self.workers[0].push(batch)

    def hurry(self) -> None:
        self.workers[0].try_now()

    def ask(self, ticket: UUID, question: PinCheck | LossRequest) -> None:
        self.workers[0].ask(ticket, question)

    def pull(self, feed: UUID | None, after: Position, check: RangeCheck | None = None) -> None:
        self.cursors.put(after)
        self.workers[0].pull(feed, after, check)


class Kiosk:
    """A kiosk without devices and screen."""

    def __init__(self, folder: Path, identity: Identity, memory: Path, settings: KioskSettings | None = None) -> None:
        clock, keys = CityClock(), SystemKeys()
        ledger = open_ledger(folder / "ledger.db", identity.database_key, new_epoch=keys.new_epoch, now=clock.now())
        shelf = ReplicaShelf(ReplicaFiles(folder), identity.database_key, clock.monotonic, 0.012)
        self.wires = Wires()
        core = Core(
            Outside(clock, keys, self.wires, lambda: 2**39),
            settings or KioskSettings(),
            ledger,
            shelf,
            Enrolled(identity.card_key, identity.registry_key, identity.tag_key),
        )
        self.crashes: list[BaseException] = []
        self.heard: Queue[SyncEvent] = Queue()
        self.thread = CoreThread(core, clock, self.crashes.append)
        self.workers = SyncWorkers(
            identity, folder, self._post, clock=clock, random=Random(1), memory=memory, push_pace=QUICK, pull_pace=QUICK
        )
        self.wires.workers.append(self.workers)

    def _post(self, event: SyncEvent) -> None:
        self.heard.put(event)
        self.thread.post(event)

    def start(self, *, online: bool = True) -> None:
        if online:
            self.workers.start()
        self.thread.start()
        self.shown(lambda view: isinstance(view.screen, Attract))

    def stop(self) -> None:
        ended = self.workers.stop()
        self.thread.stop()
        assert ended
        assert not self.crashes

    def tap(self, uid: CardUid) -> None:
        self.thread.post(CardPresented(uid, "reader", 0))

    def scan(self, barcode: str) -> None:
        self.thread.post(BarcodeScanned(barcode, "scanner", 0))

    def shown(self, wanted: Callable[[View], bool]) -> View:
        """The first view from now on that is wanted."""
        while not wanted(view := self.wires.views.get(timeout=10)):
            pass
        return view

    def followed(self, position: Position) -> None:
        """Wait until the replica stands at this position or beyond."""
        while self.wires.cursors.get(timeout=10) < position:
            pass


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    home = SqliteHomes().empty(tmp_path / "registry")
    made = reopened(found_city(home), home)
    yield made
    made.registry.close()


@pytest.fixture
def enrolled(city: City, tmp_path: Path) -> Iterator[Callable[[str], Kiosk]]:
    memory = Path(mkdtemp(dir=USUAL_MEMORY))
    started: list[Kiosk] = []

    def make(url: str) -> Kiosk:
        folder = tmp_path / f"kiosk-{len(started)}"
        folder.mkdir()
        kiosk = Kiosk(folder, enrol(folder, registry=url, code=city.registry.issue_code("C01").code, name="櫃台"), memory)
        started.append(kiosk)
        kiosk.start()
        return kiosk

    yield make
    for kiosk in started:
        kiosk.stop()
    shutil.rmtree(memory)


def lend_two(kiosk: Kiosk, city: City) -> None:
    kiosk.tap(city.ming_card)
    kiosk.shown(lambda view: isinstance(view.screen, Home))
    for barcode in BARCODES:
        kiosk.scan(barcode)
    kiosk.shown(lambda view: isinstance(view.screen, Borrow) and view.screen.borrowed == len(BARCODES))


def on_loan_at(kiosk: Kiosk, city: City) -> int:
    kiosk.tap(city.ming_card)
    screen = kiosk.shown(lambda view: isinstance(view.screen, Home)).screen
    assert isinstance(screen, Home)
    return screen.account.on_loan


def test_a_loan_at_one_kiosk_reaches_the_registry_and_is_on_the_patron_s_screen_at_the_other(
    city: City, enrolled: Callable[[str], Kiosk]
) -> None:
    with city.registry.server(listen()) as server:
        one, two = enrolled(server.url), enrolled(server.url)
        began = monotonic()
        lend_two(one, city)
        two.followed(2)
        took = monotonic() - began
        assert on_loan_at(two, city) == 2
        assert city.registry.counts()["open_loans"] == 2
    assert took < MAX_WAIT_SECONDS / 2, "no poll waits to its end; how soon it is: M10 of make bench"


def test_lending_goes_on_while_the_registry_is_away_and_every_fact_arrives_once_when_it_is_back(
    city: City, enrolled: Callable[[str], Kiosk]
) -> None:
    listening = listen()
    port = listening.getsockname()[1]
    with city.registry.server(listening) as server:
        one, two = enrolled(server.url), enrolled(server.url)
    lend_two(one, city)
    one.shown(lambda view: view.offline_since is not None)
    assert city.registry.counts()["open_loans"] == 0
    with city.registry.server(listen(port=port)):
        one.workers.try_now()
        two.workers.try_now()
        two.followed(2)
        one.followed(2)
        assert on_loan_at(two, city) == 2
    assert [seq for (seq,) in city.sql("SELECT seq FROM fact ORDER BY rowid")] == [1, 2]
    assert city.sql("SELECT count(DISTINCT fact_key) FROM fact") == [(2,)]
    assert city.registry.counts()["open_loans"] == 2


def test_offline_terms_that_the_registry_signs_hold_at_a_kiosk_that_waits(city: City, enrolled: Callable[[str], Kiosk]) -> None:
    with city.registry.server(listen()) as server:
        kiosk = enrolled(server.url)
        # Too little room stops lending however fresh the feed is: what holds is seen without any waiting.
        limits = OfflineLimits(disk_for_loans=2**40)
        city.registry.desk.offline.add(OfflineTerms(1, city.registry.desk.offline.today(), "test", limits), by="lin")
        stopped = kiosk.shown(lambda view: view.limited is not None).limited
    assert stopped is not None
    assert stopped.outlook.stopped is Reason.KIOSK_DISK_FULL
