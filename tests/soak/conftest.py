import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town with more books than a soak lends."""
    with tempfile.TemporaryDirectory(prefix="yy") as run:
        town = Town(tmp_path, Path(run), copies=300)
        town.found_registry()
        yield town
