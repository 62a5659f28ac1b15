"""The desks of rosters and schools in the small city."""

from pathlib import Path

import pytest

from tests.integration.registry.city import City
from tests.integration.registry.rosters.counter import Counter
from tests.integration.registry.schools.office import Office


@pytest.fixture
def counter(city: City, tmp_path: Path) -> Counter:
    """A desk in the small city, and somebody who brings files to it."""
    return Counter(city, city.registry.rosters, tmp_path, [])


@pytest.fixture
def office(counter: Counter, tmp_path: Path) -> Office:
    """The office with its two schools on the list of school year 114; it is 20 September 2025."""
    made = Office(counter, tmp_path)
    made.day(2025, 9, 20)
    made.list_schools()
    return made
