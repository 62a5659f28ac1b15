"""The registry's witness of what it told this kiosk last: kept beside the replica, and shown with every poll and every batch.

By it a registry that was put back to a backup notices that it has lost something. It is opaque here, and nothing hangs on it but that: an
old one still tells of most, so it is written no more than once a minute and waits for no disk.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import structlog
from msgspec import Struct

from circulation.wire import MAX_WITNESS

_log = structlog.get_logger()

EVERY_SECONDS: Final = 60.0


class _Kept(Struct, frozen=True):
    feed: UUID
    witness: str


class LastWitness:
    """Of one kiosk's folder; without a folder it is kept in memory only. Heard in one thread, shown in any."""

    def __init__(self, folder: Path | None, *, monotonic: Callable[[], float]) -> None:
        self._path = None if folder is None else folder / "feed-witness.json"
        self._monotonic = monotonic
        self._written_at: float | None = None
        self._kept = self._read()

    def of(self, feed: UUID) -> str:
        """What was told last of this feed; empty when nothing was."""
        kept = self._kept
        return kept.witness if kept is not None and kept.feed == feed else ""

    @property
    def last(self) -> tuple[UUID, str] | None:
        """The feed that something was told of last, and what; none before the first time."""
        kept = self._kept
        return None if kept is None else (kept.feed, kept.witness)

    def heard(self, feed: UUID, witness: str) -> None:
        """Keep what came with a page."""
        told = _Kept(feed, witness)
        if told == self._kept:
            return
        is_another = self._kept is None or self._kept.feed != feed
        self._kept = told
        now = self._monotonic()
        if self._path is None or not (is_another or self._written_at is None or now - self._written_at >= EVERY_SECONDS):
            return
        self._written_at = now
        fresh = self._path.with_suffix(".part")
        try:
            fresh.write_bytes(msgspec.json.encode(told))
            fresh.replace(self._path)
        except OSError as error:
            _log.warning("witness_not_kept", problem=error.strerror or type(error).__name__)

    def _read(self) -> _Kept | None:
        if self._path is None:
            return None
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        return kept if len(kept.witness) <= MAX_WITNESS else None
