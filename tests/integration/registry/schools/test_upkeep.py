"""What the running service does for schools by itself."""

from datetime import timedelta

import pytest
import requests

from registry.server import listen
from registry.settings import RegistrySettings
from tests.integration.registry.schools.office import FIRST, LIN, NEAR, Office


@pytest.fixture
def settings() -> RegistrySettings:
    return RegistrySettings(gather=timedelta(milliseconds=20), look=timedelta(hours=1), upkeep=timedelta(milliseconds=20))


def test_r4_the_running_service_hands_back_what_waited_in_vain(office: Office) -> None:
    office.schools.set_deadline(FIRST, by="office")
    office.school(NEAR, LIN)
    office.day(2025, 10, 2)
    with office.counter.city.registry.server(listen()) as server:
        looks = ((requests.get(f"{server.url}/health/live", timeout=30), office.contacts.waiting(114))[1] for _ in range(1000))
        assert next(rows for rows in looks if not rows) == []
    assert [one.rows for one in office.contacts.handed_back(114)] == [(2,)]
