"""The replica's files in a folder: ``replica-N.db`` and beside them ``replica.db``, a symbolic link to the one in use.

A new file is never renamed over a live database: its write-ahead log stays at that path, and SQLite
would read old pages into the new file, at worst without a word. The link moves, the old file goes later.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from replica.durable import sync_to_disk
from replica.wiping import wipe

_NUMBERED = re.compile(r"replica-(\d{1,12})\.db")
_COMPANIONS = ("", "-wal", "-shm", "-journal", ".part")


class ReplicaLinkError(Exception):
    """``replica.db`` is a file of its own and no link: somebody put it there and must take it away."""


@dataclass(frozen=True, slots=True)
class ReplicaFiles:
    """The files of one folder. Only the name of a file stands in the link, so that the folder may move."""

    folder: Path

    @property
    def link(self) -> Path:
        """The link that names the replica in use."""
        return self.folder / "replica.db"

    def current(self) -> Path | None:
        """The real path of the replica in use; none when there is none yet. Open this, never the link.

        Raises:
            ReplicaLinkError: the link is no link.

        """
        if not self.link.is_symlink():
            if self.link.exists():
                message = f"{self.link.name} must be a link to a numbered replica file; move it away and start again"
                raise ReplicaLinkError(message)
            return None
        target = self.link.resolve()
        return target if target.is_file() else None

    def next_path(self) -> Path:
        """A path that no replica has had as long as its files were here: where to build the next one."""
        numbers = [int(found[1]) for path in self.folder.iterdir() if (found := _NUMBERED.match(path.name))]
        return self.folder / f"replica-{max(numbers, default=0) + 1}.db"

    def put_in_place(self, replica: Path) -> None:
        """Make this file the replica in use; the link names the old or the new one at every instant, also after a power cut.

        Raises:
            ReplicaLinkError: the link is no link.
            ValueError: the file is not a numbered one of this folder, or is missing.

        """
        self.current()
        if replica.parent.resolve() != self.folder.resolve() or not _NUMBERED.fullmatch(replica.name) or not replica.is_file():
            message = f"{replica.name} is no replica file of this folder"
            raise ValueError(message)
        fresh = self.folder / "replica.db.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(replica.name)
        fresh.replace(self.link)
        sync_to_disk(self.folder)

    def remove(self, replica: Path) -> None:
        """Remove a closed replica with its write-ahead log; one that has gone already is no fault.

        Raises:
            ValueError: it is the one in use.

        """
        if replica.resolve() == self.current():
            message = f"{replica.name} is in use"
            raise ValueError(message)
        for companion in _COMPANIONS:
            replica.with_name(replica.name + companion).unlink(missing_ok=True)

    def wipe(self) -> None:
        """Overwrite and remove every replica, also the one in use, which must be closed; its link goes first.

        Raises:
            OSError: a file can't be wiped.

        """
        for link in (self.link, self.folder / "replica.db.new"):
            if link.is_symlink():
                link.unlink()
        for path in sorted(self.folder.iterdir()):
            if _NUMBERED.match(path.name):
                wipe(path)
        sync_to_disk(self.folder)

    def leftovers(self) -> tuple[Path, ...]:
        """Numbered replicas that are not in use, such as one whose building was cut short. Lowest number first."""
        current = self.current()
        found = {self.folder / match[0] for path in self.folder.iterdir() if (match := _NUMBERED.match(path.name))}
        others = (path for path in found if current is None or path.name != current.name)
        return tuple(sorted(others, key=lambda path: int(path.stem.removeprefix("replica-"))))
