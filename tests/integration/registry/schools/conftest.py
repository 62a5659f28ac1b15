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


@pytest.fixture
def counter(city: City, tmp_path: Path) -> Counter:
    """A desk in the small city, and somebody who brings files to it."""
    registry = city.registry
    seal = Seal.open(registry.folder / "keys", random_bytes=os.urandom)
    outside = Outside(city.clock, uuid7, os.urandom)
    desk = RosterDesk(registry.database, outside, seal, card_secret=registry.keys.card_secret, zone=registry.settings.zone)
    return Counter(city, desk, tmp_path, [])
