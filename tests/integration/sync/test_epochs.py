"""Ledgers that were restored from an old image, and two of one kiosk: the real core, workers, registry, and HTTP between them."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import msgspec
import pytest

from circulation.reasons import Reason
from kiosk.settings import KioskSettings
from kiosk.store.inspection import inspect_ledger
from kiosk.view import Borrow, Home, View
from registry.server import RegistryServer, listen
from sync.enrol import enrol
from sync.identity import Identity, read_identity
from sync.memory import USUAL_MEMORY
from tests.integration.registry.city import City, found_city, reopened
from tests.integration.registry.homes import SqliteHomes
from tests.integration.sync.test_chain import BARCODES, Kiosk

FOUR = (*BARCODES, "30234000000002", "30234000000003")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    home = SqliteHomes().empty(tmp_path / "registry")
    made = reopened(found_city(home), home)
    yield made
    made.registry.close()


class Place:
    """A folder in which a kiosk is started and stopped, and what is done to it while it stands."""

    def __init__(self, folder: Path, memory: Path) -> None:
        self.folder = folder
        self._memory = memory

    @property
    def identity(self) -> Identity:
        return read_identity(self.folder)

    def run(self, act: Callable[[Kiosk], None], *, online: bool = True, settings: KioskSettings | None = None) -> None:
        kiosk = Kiosk(self.folder, self.identity, self._memory, settings)
        try:
            kiosk.start(online=online)
            act(kiosk)
        finally:
            kiosk.stop()

    def copy(self, to: Path) -> "Place":
        shutil.copytree(self.folder, to, symlinks=True)
        return Place(to, self._memory)

    def put_back(self, image: "Place") -> None:
        for file in self.folder.glob("ledger.db*"):
            file.unlink()
        for file in image.folder.glob("ledger.db*"):
            shutil.copy(file, self.folder)


@pytest.fixture
def memory() -> Iterator[Path]:
    made = Path(mkdtemp(dir=USUAL_MEMORY))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def server(city: City) -> Iterator[RegistryServer]:
    with city.registry.server(listen()) as running:
        yield running


@pytest.fixture
def place(city: City, server: RegistryServer, tmp_path: Path, memory: Path) -> Place:
    folder = tmp_path / "kiosk"
    folder.mkdir()
    enrol(folder, registry=server.url, code=city.registry.issue_code("C01").code, name="櫃台")
    return Place(folder, memory)


def lending(city: City, *barcodes: str, hua: bool = False) -> Callable[[Kiosk], None]:
    """Lend these, one visit, and wait until the registry has all of them."""

    def act(kiosk: Kiosk) -> None:
        before = len(city.sql("SELECT 1 FROM fact"))
        kiosk.tap(city.hua_card if hua else city.ming_card)
        kiosk.shown(lambda view: isinstance(view.screen, Home))
        for count, barcode in enumerate(barcodes, 1):
            kiosk.scan(barcode)
            kiosk.shown(partial(_has_borrowed, count=count))
        heard(city, before + len(barcodes))(kiosk)

    return act


def _has_borrowed(view: View, *, count: int) -> bool:
    return isinstance(view.screen, Borrow) and view.screen.borrowed == count


def heard(city: City, count: int) -> Callable[[Kiosk], None]:
    """Wait until the registry has taken so many facts in all."""

    def act(kiosk: Kiosk) -> None:
        while len(city.sql("SELECT 1 FROM fact")) < count:
            kiosk.heard.get(timeout=10)

    return act


def alarms(city: City) -> list[str]:
    return [entry.action for entry in reversed(city.registry.audit(limit=50)) if entry.outcome == "alarm"]


def facts(city: City) -> list[Any]:
    return [msgspec.json.decode(body)["fact"] for (body,) in city.sql("SELECT body FROM fact ORDER BY rowid")]


def epochs(city: City) -> list[int]:
    return [last for (last,) in city.sql("SELECT last_seq FROM ledger ORDER BY rowid")]


def lent(city: City) -> list[str]:
    return [
        barcode for (barcode,) in city.sql("SELECT barcode FROM loan JOIN item ON item.id = loan.item WHERE closed_at IS NULL ORDER BY 1")
    ]


def test_a_ledger_that_was_copied_and_put_back_five_loans_later_goes_on_in_a_new_epoch_and_nothing_is_lost(
    city: City, place: Place, tmp_path: Path
) -> None:
    place.run(lending(city, FOUR[0]))
    image = place.copy(tmp_path / "image")
    place.run(lending(city, *FOUR[1:3]))
    former = inspect_ledger(place.folder / "ledger.db", place.identity.database_key)
    place.put_back(image)
    # The kiosk asks about its last fact when it starts, and hears that the registry knows two more.
    place.run(heard(city, 4))
    (restored,) = [fact for fact in facts(city) if fact["type"] == "ledger_restored"]
    assert (restored["shared_seq"], restored["moved"]) == (1, 0)
    assert alarms(city) == ["new epoch", "ledger restored"]
    assert city.sql("SELECT reasons FROM flagged_fact") == [(f'["{Reason.LEDGER_RESTORED}"]',)]
    place.run(lending(city, FOUR[3]))
    assert lent(city) == sorted(FOUR)
    assert epochs(city) == [3, 2]
    found = inspect_ledger(place.folder / "ledger.db", place.identity.database_key)
    assert (former.restored_at, found.restored_at is not None, found.problem) == (None, True, "")


def test_what_was_lent_after_the_copy_was_put_back_and_before_it_was_noticed_stands_too(city: City, place: Place, tmp_path: Path) -> None:
    place.run(lending(city, FOUR[0]))
    image = place.copy(tmp_path / "image")
    place.run(lending(city, *FOUR[1:3]))
    place.put_back(image)

    place.run(partial(lend_alone, city=city, barcode=FOUR[3]), online=False)
    place.run(heard(city, 5))
    assert lent(city) == sorted(FOUR)
    assert [fact["type"] for fact in facts(city)] == ["checked_out"] * 4 + ["ledger_restored"]
    (restored,) = [fact for fact in facts(city) if fact["type"] == "ledger_restored"]
    assert (restored["shared_seq"], restored["moved"]) == (1, 1)
    assert alarms(city) == ["ledger forked", "new epoch", "ledger restored"]
    assert epochs(city) == [3, 2]


def lend_alone(kiosk: Kiosk, city: City, barcode: str) -> None:
    kiosk.tap(city.hua_card)
    kiosk.shown(lambda view: isinstance(view.screen, Home))
    kiosk.scan(barcode)
    kiosk.shown(lambda view: isinstance(view.screen, Borrow) and view.screen.borrowed == 1)


def test_two_kiosks_with_one_identity_are_noticed_both_go_on_and_nothing_is_applied_twice(city: City, place: Place, tmp_path: Path) -> None:
    place.run(lending(city, FOUR[0]))
    clone = place.copy(tmp_path / "clone")
    place.run(lending(city, FOUR[1]))
    city.clock.pass_(minutes=1)
    clone.run(heard(city, 3))
    clone.run(lending(city, FOUR[2], hua=True))
    assert alarms(city) == ["new epoch", "ledger restored"]
    place.run(lending(city, FOUR[3]))
    assert alarms(city)[2:] == ["old epoch again"]
    assert lent(city) == sorted(FOUR)
    clone.run(heard(city, 5))
    place.run(heard(city, 5))
    assert city.sql("SELECT count(DISTINCT fact_key), count(*) FROM fact") == [(5, 5)]
    assert len(alarms(city)) == 3
