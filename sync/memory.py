"""A private folder in memory for what must never reach a disk unencrypted: a snapshot, packed and unpacked."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from replica.wiping import wipe
from sync.errors import SnapshotError

USUAL_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - memory is the point; the folder made in it is private and checked
_MOUNTS: Final = Path("/proc/self/mounts")
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})


@dataclass(frozen=True, slots=True)
class PrivateMemory:
    """A folder with mode 0700 on a file system that lives in memory. Its name is fixed, so that a new start finds and clears what an old one left."""

    folder: Path

    def prepare(self, mounts: str | None = None) -> None:
        """Make the folder, or make sure that it is ours alone.

        Args:
            mounts: in the form of ``/proc/self/mounts``, which is read when none are given.

        Raises:
            SnapshotError: not in memory, or not ours.

        """
        kind = filesystem_of(self.folder, mounts if mounts is not None else _MOUNTS.read_text(encoding="utf-8"))
        if kind not in _IN_MEMORY:
            message = f"{self.folder.parent} is on {kind}, not in memory: a snapshot must not be unpacked on a disk"
            raise SnapshotError(message)
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            found = self.folder.lstat()
        except OSError as error:
            message = f"{self.folder} can't be made: {error.strerror}"
            raise SnapshotError(message) from None
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) != stat.S_IRWXU:
            message = f"{self.folder} is not a folder of this user alone (mode 0700); remove it"
            raise SnapshotError(message)

    def require_room(self, size: int) -> None:
        """Make sure of so many bytes.

        Raises:
            SnapshotError: there is less.

        """
        free = shutil.disk_usage(self.folder).free
        if free < size:
            message = f"{self.folder.parent} has {free // 2**20} MiB free, the snapshot needs {size // 2**20 + 1} MiB"
            raise SnapshotError(message)

    def others(self, kept: Path) -> list[Path]:
        """Everything in the folder but this: leftovers."""
        return [path for path in self.folder.iterdir() if path != kept]

    def leave(self) -> None:
        """Remove the folder when nothing is left in it."""
        with suppress(OSError):
            self.folder.rmdir()

    @contextmanager
    def file(self, name: str) -> Iterator[Path]:
        """Give a path in the folder; what stands there afterwards, and beside it by SQLite's habits, is wiped, whatever happened."""
        path = self.folder / name
        try:
            yield path
        finally:
            for companion in ("", "-journal", "-wal", "-shm"):
                wipe(path.with_name(name + companion))


def filesystem_of(path: Path, mounts: str) -> str:
    """The kind of file system that holds a path, by lines in the form of ``/proc/self/mounts``."""
    resolved = path.resolve()
    best, kind = Path("/"), "an unknown file system"
    for line in mounts.splitlines():
        fields = line.split(" ")
        mounted = Path(fields[1].encode().decode("unicode_escape"))
        # A later line lies over an earlier one at the same place.
        if resolved.is_relative_to(mounted) and mounted.is_relative_to(best):
            best, kind = mounted, fields[2]
    return kind
