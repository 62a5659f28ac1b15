"""What is on the disk, and not only on its way there."""

import os
from pathlib import Path


def sync_to_disk(path: Path) -> None:
    """Have a file's bytes, or the names in a folder, on the disk when this returns.

    Raises:
        OSError: it can't be opened for reading, or the disk failed.

    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
