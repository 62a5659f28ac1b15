"""A registry that was put back from a backup: the real core, workers, registry, and HTTP between them, on both engines."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

from registry.server import listen
from sync.enrol import enrol
from sync.memory import USUAL_MEMORY
from tests.builders import an_item
from tests.integration.registry.city import City, Founded, found_city, reopened
from tests.integration.registry.homes import ENGINES, Home, Homes, PostgresHomes, SqliteHomes
from tests.integration.sync.test_chain import Kiosk
from tests.integration.sync.test_epochs import FOUR, Place, alarms, heard, lending, lent


@pytest.fixture(params=ENGINES)
def homes(request: pytest.FixtureRequest) -> Homes:
    return SqliteHomes() if request.param == "sqlite" else PostgresHomes(request.getfixturevalue("postgres"))


@pytest.fixture
def memory() -> Iterator[Path]:
    made = Path(mkdtemp(dir=USUAL_MEMORY))
    yield made
    shutil.rmtree(made)


@dataclass(frozen=True)
class Library:
    """A registry at which one kiosk has lent ``FOUR[0]``, and a backup of it from then."""

    home: Home
    backup: Home
    founded: Founded
    place: Place
    port: int

    @contextmanager
    def going_on(self) -> Iterator[City]:
        """The registry as it goes on after the backup, served until the context ends."""
        city = reopened(self.founded, self.home)
        with city.registry.server(listen(port=self.port)):
            yield city
        city.registry.close()

    @contextmanager
    def put_back(self, before: Callable[[City], object]) -> Iterator[City]:
        """The backup in its place; ``before`` is done before it is served."""
        city = reopened(self.founded, self.backup)
        before(city)
        with city.registry.server(listen(port=self.port)):
            yield city
        city.registry.close()


@pytest.fixture
def library(homes: Homes, tmp_path: Path, memory: Path) -> Iterator[Library]:
    home = homes.empty(tmp_path / "registry")
    founded = found_city(home)
    city = reopened(founded, home)
    folder = tmp_path / "kiosk"
    folder.mkdir()
    place = Place(folder, memory)
    with city.registry.server(listen()) as server:
        enrol(folder, registry=server.url, code=city.registry.issue_code("C01").code, name="櫃台")
        place.run(lending(city, FOUR[0]))
    city.registry.close()
    backup = homes.copy(home, tmp_path / "backup")
    yield Library(home, backup, founded, place, int(server.url.rpartition(":")[2]))
    for one in (home, backup):
        homes.remove(one)


def told_by_staff(city: City) -> None:
    city.registry.restored.begin(by="staff")


def test_what_the_backup_has_not_is_sent_again_by_the_kiosk_that_was_answered_and_applied_once(library: Library) -> None:
    with library.going_on() as city:
        library.place.run(lending(city, FOUR[1]))
        keys = set(city.sql("SELECT fact_key FROM fact"))
    with library.put_back(told_by_staff) as city:
        assert lent(city) == [FOUR[0]]
        library.place.run(heard(city, 2))
        assert lent(city) == sorted(FOUR[:2])
        assert set(city.sql("SELECT fact_key FROM fact")) == keys
        assert city.sql("SELECT count(*) FROM ledger") == [(1,)]


def test_what_the_backup_has_not_of_an_epoch_that_ended_is_sent_again_too(library: Library, tmp_path: Path) -> None:
    place = library.place
    with library.going_on() as city:
        place.run(lending(city, FOUR[1]))
        image = place.copy(tmp_path / "image")
        place.run(lending(city, FOUR[2]))
        place.put_back(image)
        place.run(heard(city, 4))
        place.run(lending(city, FOUR[3]))
    with library.put_back(told_by_staff) as city:
        place.run(heard(city, 4))
        # The third loan only the disk knew that was replaced, and the database that was.
        assert lent(city) == sorted((FOUR[0], FOUR[1], FOUR[3]))
        assert sorted(last for (last,) in city.sql("SELECT last_seq FROM ledger")) == [2, 2]
        # Polls or facts may come first; facts are missing only to who is asked by facts.
        assert [told for told in alarms(city) if told != "facts missing"] == ["registry restored", "new epoch", "ledger restored"]


@pytest.mark.parametrize("meanwhile", [0, 6], ids=["behind the cursor", "beyond the cursor"])
def test_a_backup_that_nobody_tells_of_is_noticed_by_registry_and_kiosk_and_nothing_is_lost(library: Library, meanwhile: int) -> None:
    """Beyond the cursor: others have been there first, and the feed has other changes under the kiosk's numbers."""
    with library.going_on() as city:
        library.place.run(lending_and_hearing(city, FOUR[1]))
        lost = city.feed

    def others_come(city: City) -> None:
        assert city.feed == lost
        city.registry.add_items([an_item(barcode=f"N{n}") for n in range(meanwhile)])

    with library.put_back(others_come) as city:
        library.place.run(noticing(city))
        assert city.feed != lost
        assert lent(city) == sorted(FOUR[:2])
        assert ("registry", "registry restored") in [(one.actor, one.action) for one in city.registry.audit(limit=20)]


def lending_and_hearing(city: City, barcode: str) -> Callable[[Kiosk], None]:
    """Lend, and wait until the feed has brought the loan."""

    def act(kiosk: Kiosk) -> None:
        lending(city, barcode)(kiosk)
        while kiosk.wires.cursors.get(timeout=10) < 2:
            pass

    return act


def noticing(city: City) -> Callable[[Kiosk], None]:
    """Wait for the second fact, and until the kiosk itself says why."""

    def act(kiosk: Kiosk) -> None:
        heard(city, 2)(kiosk)
        kiosk.shown(lambda view: ("registry", "registry_restored") in [(one.device, one.fault) for one in view.standings])

    return act
