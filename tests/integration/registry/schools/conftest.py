"""The desks of rosters and schools in the small city."""

import os
from pathlib import Path

import pytest
from uuid_utils.compat import uuid7

from registry.outside import Outside
from registry.rosters.desk import RosterDesk
from registry.rosters.sealing import Seal
from tests.integration.registry.city import City
from tests.integration.registry.rosters.counter import Counter
from tests.integration.registry.schools.office import Office


@pytest.fixture
def counter(city: City, tmp_path: Path) -> Counter:
    """A desk in the small city, and somebody who brings files to it."""
    registry = city.registry
    seal = Seal.open(registry.folder / "keys", random_bytes=os.urandom)
    outside = Outside(city.clock, uuid7, os.urandom)

    def wake() -> None:
        if registry.head is not None:
            registry.head.notify(urgent=True)

    secret = registry.keys.card_secret
    desk = RosterDesk(registry.database, outside, seal, card_secret=secret, zone=registry.settings.zone, wake=wake)
    return Counter(city, desk, tmp_path, [])


@pytest.fixture
def office(counter: Counter, tmp_path: Path) -> Office:
    """The office with its two schools on the list of school year 114; it is 20 September 2025."""
    made = Office(counter, tmp_path)
    made.day(2025, 9, 20)
    made.list_schools()
    return made
