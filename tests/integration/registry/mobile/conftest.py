from datetime import timedelta

import pytest

from registry.settings import RegistrySettings
from tests.integration.registry.city import City
from tests.integration.registry.machine import Machine, a_machine
from tests.integration.registry.mobile.phone import give_pin


@pytest.fixture
def settings() -> RegistrySettings:
    """As the others, but refusals are answered at once and one test may sign in often."""
    return RegistrySettings(
        gather=timedelta(milliseconds=20),
        look=timedelta(hours=1),
        sign_in_answer=timedelta(),
        sign_ins_of_a_number=20,
        devices_of_a_patron=3,
    )


@pytest.fixture
def app(url: str, city: City) -> Machine:
    """iRead, and Ming has a PIN."""
    give_pin(city, city.ming)
    return a_machine(url, city)
