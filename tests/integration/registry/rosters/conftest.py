import os
from pathlib import Path

import pytest
from uuid_utils.compat import uuid7

from registry.outside import Outside
from registry.rosters.room import Rosters
from tests.integration.registry.city import City
from tests.integration.registry.rosters.counter import Counter


@pytest.fixture
def counter(city: City, tmp_path: Path) -> Counter:
    """A desk in the small city, and somebody who brings files to it."""
    woken: list[bool] = []
    registry = city.registry
    rosters = Rosters.of(
        *(registry.database, Outside(city.clock, uuid7, os.urandom), registry.settings, registry.folder / "keys"),
        card_secret=registry.keys.card_secret,
        wake=lambda: woken.append(True),
    )
    return Counter(city, rosters, tmp_path, woken)
