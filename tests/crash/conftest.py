import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.memory import USUAL_MEMORY


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory: the recorded disk is a model, and a real one under it only costs time."""
    with tempfile.TemporaryDirectory(prefix="yy", dir=USUAL_MEMORY) as folder:
        yield Path(folder)
