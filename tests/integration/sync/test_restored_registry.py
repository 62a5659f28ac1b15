"""A registry that was put back from a backup: the real core, workers, registry, and HTTP between them, on both engines."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from registry.server import listen
from sync.enrol import enrol
from sync.memory import USUAL_MEMORY
from tests.builders import an_item
from tests.integration.registry.city import City, found_city, reopened
from tests.integration.registry.homes import ENGINES, Homes, PostgresHomes, SqliteHomes
from tests.integration.sync.test_chain import BARCODES, Kiosk
from tests.integration.sync.test_epochs import FOUR, Place, alarms, heard, lending, lent


@pytest.fixture(params=ENGINES)
def homes(request: pytest.FixtureRequest) -> Homes:
    return SqliteHomes() if request.param == "sqlite" else PostgresHomes(request.getfixturevalue("postgres"))


@pytest.fixture
def memory() -> Iterator[Path]:
    made = Path(mkdtemp(dir=USUAL_MEMORY))
    yield made
    shutil.rmtree(made)


def test_what_the_backup_has_not_is_sent_again_by_the_kiosk_that_was_answered_and_applied_once(
    homes: Homes, tmp_path: Path, memory: Path
) -> None:
    home = homes.empty(tmp_path / "registry")
    founded = found_city(home)
    city = reopened(founded, home)
    folder = tmp_path / "kiosk"
    folder.mkdir()
    with city.registry.server(listen()) as server:
        port = int(server.url.rpartition(":")[2])
        enrol(folder, registry=server.url, code=city.registry.issue_code("C01").code, name="櫃台")
        place = Place(folder, memory)
        place.run(lending(city, BARCODES[0]))
    city.registry.close()
    backup = homes.copy(home, tmp_path / "backup")

    city = reopened(founded, home)
    with city.registry.server(listen(port=port)):
        place.run(lending(city, BARCODES[1]))
    keys = set(city.sql("SELECT fact_key FROM fact"))
    city.registry.close()

    put_back = reopened(founded, backup)
    put_back.registry.restored.begin(by="staff")
    assert lent(put_back) == [BARCODES[0]]
    with put_back.registry.server(listen(port=port)):
        place.run(heard(put_back, 2))
    assert lent(put_back) == sorted(BARCODES)
    assert set(put_back.sql("SELECT fact_key FROM fact")) == keys
    assert put_back.sql("SELECT count(*) FROM ledger") == [(1,)]
    put_back.registry.close()
    for one in (home, backup):
        homes.remove(one)


def test_what_the_backup_has_not_of_an_epoch_that_ended_is_sent_again_too(homes: Homes, tmp_path: Path, memory: Path) -> None:
    home = homes.empty(tmp_path / "registry")
    founded = found_city(home)
    city = reopened(founded, home)
    folder = tmp_path / "kiosk"
    folder.mkdir()
    with city.registry.server(listen()) as server:
        port = int(server.url.rpartition(":")[2])
        enrol(folder, registry=server.url, code=city.registry.issue_code("C01").code, name="櫃台")
        place = Place(folder, memory)
        place.run(lending(city, FOUR[0]))
    city.registry.close()
    backup = homes.copy(home, tmp_path / "backup")

    city = reopened(founded, home)
    with city.registry.server(listen(port=port)):
        place.run(lending(city, FOUR[1]))
        image = place.copy(tmp_path / "image")
        place.run(lending(city, FOUR[2]))
        place.put_back(image)
        place.run(heard(city, 4))
        place.run(lending(city, FOUR[3]))
    city.registry.close()

    put_back = reopened(founded, backup)
    put_back.registry.restored.begin(by="staff")
    with put_back.registry.server(listen(port=port)):
        place.run(heard(put_back, 4))
    # The third loan only the disk knew that was replaced, and the database that was.
    assert lent(put_back) == sorted((FOUR[0], FOUR[1], FOUR[3]))
    assert sorted(last for (last,) in put_back.sql("SELECT last_seq FROM ledger")) == [2, 2]
    # Polls or facts may come first; facts are missing only to who is asked by facts.
    assert [told for told in alarms(put_back) if told != "facts missing"] == ["registry restored", "new epoch", "ledger restored"]
    put_back.registry.close()
    for one in (home, backup):
        homes.remove(one)


@pytest.mark.parametrize("meanwhile", [0, 6], ids=["behind the cursor", "beyond the cursor"])
def test_a_backup_that_nobody_tells_of_is_noticed_by_registry_and_kiosk_and_nothing_is_lost(
    homes: Homes, tmp_path: Path, memory: Path, meanwhile: int
) -> None:
    """Beyond the cursor: others have been there first, and the feed has other changes under the kiosk's numbers."""
    home = homes.empty(tmp_path / "registry")
    founded = found_city(home)
    city = reopened(founded, home)
    folder = tmp_path / "kiosk"
    folder.mkdir()
    with city.registry.server(listen()) as server:
        port = int(server.url.rpartition(":")[2])
        enrol(folder, registry=server.url, code=city.registry.issue_code("C01").code, name="櫃台")
        place = Place(folder, memory)
        place.run(lending(city, BARCODES[0]))
    city.registry.close()
    backup = homes.copy(home, tmp_path / "backup")

    city = reopened(founded, home)
    with city.registry.server(listen(port=port)):
        place.run(lending_and_hearing(city, BARCODES[1]))
    city.registry.close()

    put_back = reopened(founded, backup)
    lost = put_back.feed
    put_back.registry.add_items([an_item(barcode=f"N{n}") for n in range(meanwhile)])
    with put_back.registry.server(listen(port=port)):
        place.run(noticing(put_back))
    assert put_back.feed != lost
    assert lent(put_back) == sorted(BARCODES)
    assert ("registry", "registry restored") in [(one.actor, one.action) for one in put_back.registry.audit(limit=20)]
    put_back.registry.close()
    for one in (home, backup):
        homes.remove(one)


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
