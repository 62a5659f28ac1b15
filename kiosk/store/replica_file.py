"""An open replica, and the shelf it stands on: which file is in use, and how another takes its place."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from kiosk.store.errors import ReplicaError
from kiosk.store.replica_ranges import ReplicaRanges
from kiosk.store.replica_reader import ReplicaReader
from kiosk.store.replica_writer import ReplicaWriter
from replica.encrypted import EncryptedFileError, open_encrypted
from replica.files import ReplicaFiles, ReplicaLinkError


class Replica:
    """One open replica file: its reader, its writer and its ranges on its only connection."""

    def __init__(self, path: Path, engine: Engine, *, monotonic: Callable[[], float], seconds: float) -> None:
        self.path = path
        self._engine = engine
        self._connection = engine.connect()
        self.read = ReplicaReader(self._connection)
        self.ranges = ReplicaRanges(self._connection)
        self.write = ReplicaWriter(self._connection, monotonic=monotonic, seconds=seconds)

    def close(self) -> None:
        """Close the file; its write-ahead log goes into it."""
        self._connection.close()
        self._engine.dispose()


@dataclass(frozen=True, slots=True)
class ReplicaShelf:
    """The replicas of one kiosk: their folder and key, and how long the writer may work at once (seconds)."""

    files: ReplicaFiles
    key: bytes
    monotonic: Callable[[], float]
    seconds: float

    def open_current(self) -> Replica | None:
        """Open the replica in use; none when there is none yet. Files that were never put in place are removed.

        Raises:
            ReplicaError: there is one that can't be used.

        """
        self.clear_away()
        try:
            current = self.files.current()
        except (OSError, ReplicaLinkError) as error:
            raise ReplicaError(str(error)) from None
        return None if current is None else self._open(current)

    def clear_away(self) -> None:
        """Remove every replica but the one in use.

        Raises:
            ReplicaError: a file can't be removed.

        """
        try:
            for leftover in self.files.leftovers():
                self.files.remove(leftover)
        except (OSError, ReplicaLinkError) as error:
            raise ReplicaError(str(error)) from None

    def open_fetched(self, path: Path) -> Replica:
        """Open a fetched replica; the one in use stays.

        Raises:
            ReplicaError: it can't be used.

        """
        return self._open(path)

    def put_in_place(self, path: Path) -> None:
        """Make a replica of this folder the one in use.

        Raises:
            ReplicaError: it can't be put there; the one in use stays.

        """
        try:
            self.files.put_in_place(path)
        except (OSError, ValueError, ReplicaLinkError) as error:
            message = f"{path.name} can't be put in place: {error}"
            raise ReplicaError(message) from None

    def wipe(self) -> None:
        """Overwrite and remove every replica; the one in use must be closed.

        Raises:
            ReplicaError: a file can't be wiped.

        """
        try:
            self.files.wipe()
        except OSError as error:
            message = f"the replicas can't be wiped: {error.strerror}"
            raise ReplicaError(message) from None

    def _open(self, path: Path) -> Replica:
        try:
            engine = open_encrypted(path, self.key, begins=False)
        except EncryptedFileError as error:
            raise ReplicaError(str(error)) from None
        return Replica(path.resolve(), engine, monotonic=self.monotonic, seconds=self.seconds)
