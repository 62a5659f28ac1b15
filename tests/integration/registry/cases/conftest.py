from pathlib import Path

import pytest

from tests.integration.registry.cases.pile import Pile
from tests.integration.registry.city import City


@pytest.fixture
def pile(city: City, tmp_path: Path) -> Pile:
    return Pile(city, tmp_path)
