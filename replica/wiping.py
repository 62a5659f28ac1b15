"""Files that must not be found again: overwritten before they are removed."""

import os
from pathlib import Path

_ZEROS = bytes(2**20)


def wipe(path: Path) -> None:
    """Overwrite a file's bytes with zeros, on the disk too, and remove it; one that has gone already is no fault.

    Pages of memory keep their old content until they are used again, and so do blocks of a disk. A disk that writes
    elsewhere (flash) may keep an old copy all the same: what lies there is encrypted for that.

    Raises:
        OSError: it can't be overwritten or removed.

    """
    try:
        with path.open("r+b", buffering=0) as file:
            left = path.stat().st_size
            while left > 0:
                left -= file.write(_ZEROS[:left])
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)
