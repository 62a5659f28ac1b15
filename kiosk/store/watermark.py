"""How far a ledger had come, kept beside it: by this a ledger that lost its newest facts without a sign is noticed.

SQLite takes a flipped bit in a write-ahead log for the log's end. Each commit of facts is followed by a write of 512 bytes here,
into one of two places by turns, so that a power cut leaves the other one whole. It comes after the commit: it may be behind the ledger, and
never before it. The bytes are sealed with the ledger's key and hold nothing of a person. A mark that can't be written stops no loan:
the fact is in the ledger all the same.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from replica.durable import sync_to_disk

MARK_SUFFIX: Final = ".mark"

_MAGIC: Final = b"youyue-mark-v1"
_SECTOR: Final = 512
_PLACES: Final = 2
_SEAL_BYTES: Final = 32
_FORM: Final = struct.Struct(">16sQ16sQ32s")

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Standing:
    """An epoch, the number of a ledger's last fact (0 before the first), and the value of the epoch's chain after it (32 bytes)."""

    epoch: UUID
    seq: int
    value: bytes


class Watermark:
    """The mark of one ledger. ``owes`` is the epoch whose facts are missing in it, until a new epoch is begun."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.owes: UUID | None = None
        self._path = path
        self._key = _sealing_key(key)
        self._turn = 0

    def hold(self, found: Standing, value_of: Callable[[int], bytes | None]) -> None:
        """Compare what a ledger holds with the mark, and keep a mark of it when all is there.

        Args:
            found: how far the ledger has come.
            value_of: the value of the chain after one of its facts; none of one that is pruned.

        """
        self._turn, kept = _newest(self._path, self._key)
        if kept is not None and is_behind(found, kept, value_of):
            self.owes = kept.epoch
            _log.error("ledger_lost_facts", seq=found.seq, position=kept.seq)
            return
        self._write(found)

    def rise(self, standing: Standing) -> None:
        """Facts were committed. While an epoch is owed the mark stays, so that the next start knows of it, too."""
        if self.owes is None:
            self._write(standing)

    def owe(self, epoch: UUID) -> None:
        """The facts of an epoch are missing, and no mark says so."""
        self.owes = self.owes or epoch

    def pay(self) -> None:
        """A new epoch begins."""
        self.owes = None

    def _write(self, standing: Standing) -> None:
        self._turn += 1
        try:
            is_new = not self._path.exists()
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.pwrite(descriptor, _sealed(self._turn, standing, self._key), _SECTOR * (self._turn % _PLACES))
                os.fdatasync(descriptor)
            finally:
                os.close(descriptor)
            if is_new:
                sync_to_disk(self._path.parent)
        except OSError as error:
            _log.error("ledger_mark_unwritable", problem=error.strerror)


def is_behind(found: Standing, kept: Standing, value_of: Callable[[int], bytes | None]) -> bool:
    """Whether a ledger lacks facts that it had when the mark was made, or has others in their place."""
    if kept.seq > found.seq:
        return True
    value = value_of(kept.seq)
    return kept.epoch == found.epoch and kept.seq > 0 and value is not None and value != kept.value


def read_mark(path: Path, key: bytes) -> Standing | None:
    """The newest whole mark in a file, by the ledger's key; none where there is none."""
    return _newest(path, _sealing_key(key))[1]


def _newest(path: Path, key: bytes) -> tuple[int, Standing | None]:
    try:
        content = path.read_bytes()
    except OSError:
        return 0, None
    places = (content[start : start + _SECTOR] for start in range(0, _SECTOR * _PLACES, _SECTOR))
    marks = [mark for place in places if (mark := _opened(place, key)) is not None]
    return max(marks, key=lambda mark: mark[0], default=(0, None))


def _sealed(turn: int, standing: Standing, key: bytes) -> bytes:
    body = _FORM.pack(_MAGIC, turn, standing.epoch.bytes, standing.seq, standing.value)
    return (body + _seal(body, key)).ljust(_SECTOR, b"\0")


def _opened(place: bytes, key: bytes) -> tuple[int, Standing] | None:
    body, seal = place[: _FORM.size], place[_FORM.size : _FORM.size + _SEAL_BYTES]
    if len(body) < _FORM.size or not hmac.compare_digest(seal, _seal(body, key)):
        return None
    _, turn, epoch, seq, value = _FORM.unpack(body)
    return turn, Standing(UUID(bytes=epoch), seq, value)


def _sealing_key(key: bytes) -> bytes:
    return hashlib.blake2b(key, person=b"youyue-mark").digest()


def _seal(body: bytes, key: bytes) -> bytes:
    return hashlib.blake2b(body, key=key, digest_size=_SEAL_BYTES).digest()
