from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from registry.settings import RegistrySettings
from tests.integration.registry.city import City, Founded, Kiosk, enrol, found_city, reopened
from tests.integration.registry.commands import Run, commands_of
from tests.integration.registry.homes import ENGINES, Home, Homes, PostgresHomes, SqliteHomes
from tests.integration.registry.stage import Stage


@pytest.fixture(autouse=True)
def _logs_of_its_own() -> Iterator[None]:
    """A command that a test runs in this process sends all logs to that test's standard error, which closes with it."""
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session", params=ENGINES)
def homes(request: pytest.FixtureRequest) -> Homes:
    """Every test that wants a database runs on each engine."""
    return SqliteHomes() if request.param == "sqlite" else PostgresHomes(request.getfixturevalue("postgres"))


@pytest.fixture(scope="session")
def founded(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Founded:
    """The small city, founded once and copied for every test."""
    return found_city(homes.empty(tmp_path_factory.mktemp("founded") / "registry"))


@pytest.fixture
def settings() -> RegistrySettings:
    """Gathers for a shorter time than a library would, so that tests wait less; looks at nothing by itself."""
    return RegistrySettings(gather=timedelta(milliseconds=20), look=timedelta(hours=1))


@pytest.fixture
def home(homes: Homes, founded: Founded, tmp_path: Path) -> Iterator[Home]:
    made = homes.copy(founded.home, tmp_path / "registry")
    yield made
    homes.remove(made)


@pytest.fixture
def city(founded: Founded, home: Home, settings: RegistrySettings) -> Iterator[City]:
    made = reopened(founded, home, settings)
    yield made
    made.registry.close()


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    made = Stage()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def url(stage: Stage, city: City) -> Iterator[str]:
    """Where the city's registry is served."""
    with stage.serving(city.registry):
        yield stage.url


@pytest.fixture
def kiosk(url: str, city: City) -> Iterator[Kiosk]:
    made = enrol(url, city)
    yield made
    made.session.close()


@pytest.fixture
def other_kiosk(url: str, city: City) -> Iterator[Kiosk]:
    made = enrol(url, city, "L12")
    yield made
    made.session.close()


@pytest.fixture
def run(city: City, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return commands_of(city, capsys, monkeypatch)
