"""The audit trail as its keepers use it: sign where it ends, see whether it is whole, cut what is past its term."""

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Connection

from registry.audit import store_chain
from registry.audit.chain import BEGINNING, Break, Broken, Mark, Verdict, walk
from registry.audit.checkpoints import Checkpoint, CheckpointFileError, CheckpointKind, message_of, read, written
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.keys import RegistryKeys
from registry.outside import Outside

_log = structlog.get_logger()
KEPT_OUTSIDE = "audit-checkpoint.json"
"""The newest checkpoint, in the registry's folder: who can write into a database on a server can't write there."""


class TrailBrokenError(Exception):
    """What the registry has signed of its trail is not there any longer: somebody must look before anything new is signed."""

    def __init__(self, broken: Broken) -> None:
        super().__init__(f"{broken.how} at {broken.seq}")
        self.broken = broken


class Trail:
    """Of one registry. Entries themselves are written by everybody, with ``registry.audit.store``."""

    def __init__(self, database: Database, keys: RegistryKeys, outside: Outside, folder: Path) -> None:
        self._database = database
        self._keys = keys
        self._outside = outside
        self.folder = folder
        self._file = folder / KEPT_OUTSIDE

    def begin(self) -> None:
        """Sign where the trail ends, if nothing of it was ever signed: a library is founded, or was opened by an older program last.

        A trail whose checkpoints were taken away, but not the one outside the database, is not signed anew.
        """
        with self._database.reading() as connection:
            begun = store_chain.has_checkpoint(connection)
        if not begun and not self._file.exists():
            self.checkpoint()

    def checkpoint(self, *, accept: str | None = None) -> Checkpoint:
        """Sign where the trail ends now. Kept in the database, and the newest in the registry's folder too.

        ``accept`` is the member of staff who takes a trail without what was signed last, after a backup was brought back; it is noted.

        Raises:
            TrailBrokenError: what was signed last is not in the trail, or something else than what was signed.
            CheckpointFileError: the checkpoint in the registry's folder can't be read.

        """
        outside = [read(self._file)] if self._file.exists() and accept is None else []

        def sign(work: UnitOfWork) -> Checkpoint:
            connection = work.connection
            for one in [*store_chain.checkpoints(connection)[-1:], *outside]:
                if accept is None and store_chain.hash_at(connection, one.mark.seq) not in {None, one.mark.hash}:
                    raise TrailBrokenError(Broken(Break.REWRITTEN, one.mark.seq))
            head = store_chain.head_of(connection)
            for one in outside:
                if one.mark.seq > head.seq:
                    raise TrailBrokenError(Broken(Break.CUT_OFF, head.seq + 1))
            if accept is not None:
                append(connection, AuditEntry(self._outside.now(), accept, "audit accepted", "done", {"up_to": head.seq}))
            signed = self._signed(CheckpointKind.HEAD, store_chain.head_of(connection))
            store_chain.keep(work, signed)
            return signed

        made = self._database.write(sign)
        _replace(self._file, self.exported(made))
        return made

    def daily(self) -> None:
        """Sign where the trail ends; where that can't be done, somebody must look, and the rest of the day's work goes on."""
        try:
            self.checkpoint()
        except (TrailBrokenError, CheckpointFileError) as error:
            _log.error("audit_not_signed", problem=type(error).__name__)

    def exported(self, checkpoint: Checkpoint) -> bytes:
        """A checkpoint as a file, to be kept where nobody of the library can write: later it shows whether the trail was cut."""
        return written(checkpoint, public_key=self._keys.public)

    def verify(self, others: Iterable[Checkpoint] = ()) -> Verdict:
        """Walk the whole trail, a page in memory at a time. ``others`` are checkpoints that were exported before.

        Raises:
            CheckpointFileError: the checkpoint in the registry's folder can't be read.

        """
        outside = [read(self._file)] if self._file.exists() else []
        with self._database.reading() as connection:
            return self._verified(connection, [*outside, *others])

    def cut_before(self, at: datetime, *, by: str) -> int:
        """Cut the entries that are older than an instant; a signed stub stays, from which the rest still verifies. How many were cut.

        Raises:
            TrailBrokenError: what was done to it must be seen first.
            CheckpointFileError: the checkpoint in the registry's folder can't be read.

        """
        found = self.verify()
        if found.broken is not None:
            raise TrailBrokenError(found.broken)

        def cut(work: UnitOfWork) -> int:
            last = store_chain.last_before(work.connection, at)
            if last is None:
                return 0
            count = store_chain.cut(work, last.seq)
            store_chain.keep(work, self._signed(CheckpointKind.CUT, last))
            append(work.connection, AuditEntry(self._outside.now(), by, "audit cut", "done", {"entries": count, "up_to": last.seq}))
            return count

        count = self._database.write(cut)
        if count:
            self.checkpoint()
        return count

    def _verified(self, connection: Connection, others: Iterable[Checkpoint]) -> Verdict:
        known = [*store_chain.checkpoints(connection), *others]
        for one in known:
            if not self._keys.has_signed(one.signature, one.message):
                return Verdict(0, 0, 0, Broken(Break.FORGED, one.mark.seq))
        if not known:
            return Verdict(0, 0, 0, Broken(Break.UNSIGNED, 0))
        head = store_chain.head_of(connection)
        cuts = [one.mark for one in known if one.kind is CheckpointKind.CUT]
        start = max(cuts, key=lambda mark: mark.seq, default=Mark(0, BEGINNING, head.plain_to))
        signed = [one.mark for one in known if one.mark.seq >= start.seq]
        return walk(store_chain.entries(connection), start, head, signed, key=self._keys.audit_key)

    def _signed(self, kind: CheckpointKind, mark: Mark) -> Checkpoint:
        at = self._outside.now()
        return Checkpoint(kind, mark, at, self._keys.sign(message_of(kind, mark, at=at)))


def read_checkpoint(path: Path) -> Checkpoint:
    """Read an exported checkpoint.

    Raises:
        CheckpointFileError: it is none, or can't be read.

    """
    try:
        return read(path)
    except OSError as error:
        message = f"{path}: can't be read ({error.strerror})"
        raise CheckpointFileError(message) from error


def _replace(path: Path, content: bytes) -> None:
    """Put a file in place of the one before, whole or not at all; only its owner may read it."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mkstemp gives 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
