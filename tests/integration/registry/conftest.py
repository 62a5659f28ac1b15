from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from registry.server import RegistryServer, listen
from registry.settings import RegistrySettings
from tests.integration.registry.city import City, Kiosk, a_city, enrol


@pytest.fixture
def settings() -> RegistrySettings:
    """Gathers for a shorter time than a library would, so that tests wait less."""
    return RegistrySettings(gather=timedelta(milliseconds=20))


@pytest.fixture
def city(tmp_path: Path, settings: RegistrySettings) -> Iterator[City]:
    made = a_city(tmp_path / "registry", settings)
    yield made
    made.registry.close()


@pytest.fixture
def server(city: City) -> Iterator[RegistryServer]:
    with city.registry.server(listen()) as running:
        yield running


@pytest.fixture
def kiosk(server: RegistryServer, city: City) -> Iterator[Kiosk]:
    made = enrol(server.url, city)
    yield made
    made.session.close()


@pytest.fixture
def other_kiosk(server: RegistryServer, city: City) -> Iterator[Kiosk]:
    made = enrol(server.url, city, "L12")
    yield made
    made.session.close()
