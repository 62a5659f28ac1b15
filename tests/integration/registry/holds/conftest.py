import pytest

from tests.integration.registry.city import City
from tests.integration.registry.holds.counter import House, furnish


@pytest.fixture
def house(city: City) -> House:
    return furnish(city)
