import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town whose registry is founded; the test starts its programs."""
    # Unix sockets have short paths: pytest's folders may be too deep.
    with tempfile.TemporaryDirectory(prefix="yy") as run:
        town = Town(tmp_path, Path(run))
        town.found_registry()
        yield town
