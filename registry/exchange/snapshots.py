"""Snapshots: ready replica files for a branch, compressed, immutable, signed (sync rule 9)."""

import hashlib
import os
import shutil
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec
import structlog
import zstandard
from msgspec import UNSET, UnsetType

from circulation.wire import SignedManifest, SnapshotManifest, encode
from registry.database import Database, UnitOfWork
from registry.exchange import store_snapshots as store
from registry.exchange.store_copies import CopyInterruptedError, Interruptible
from registry.exchange.store_feed import head
from registry.keys import RegistryKeys
from registry.outside import Outside
from replica.covers import SALT_BYTES, Cover
from replica.durable import sync_to_disk
from replica.tables import SCHEMA_VERSION

_log = structlog.get_logger()
_CHUNK = 1 << 20
_LEVEL = 3
_BUILDING = "building-"


class SnapshotStoppedError(Exception):
    """The service stopped while a snapshot was being built; nothing of it is left."""


@dataclass(frozen=True, slots=True)
class ShelfPolicy:
    """A snapshot more than ``lag`` changes behind the head is built anew; ``kept`` are kept per branch and cover, for downloads under way."""

    lag: int
    kept: int


class SnapshotShelf:
    """The folder of snapshot files. Building takes seconds to minutes: one at a time, and never in the event loop's thread."""

    def __init__(self, folder: Path, database: Database, keys: RegistryKeys, outside: Outside, policy: ShelfPolicy) -> None:
        self._folder = folder
        self._database = database
        self._keys = keys
        self._outside = outside
        self._policy = policy
        self._branch_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._stopping = threading.Event()
        self._copying: Interruptible | None = None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left_behind in folder.glob(f"{_BUILDING}*"):
            shutil.rmtree(left_behind)

    def ready(self, branch: str, cover: Cover | None) -> SignedManifest | None:
        """The newest snapshot of a branch under this cover or under none, if it is good enough."""
        with self._database.reading() as connection:
            newest = next(iter(_under(cover, store.finished(connection, branch))), None)
            now = head(connection)
        if newest is None or not (self._folder / newest.name).is_file():
            return None
        manifest = _manifest_of(newest)
        fresh = now.n - newest.position <= self._policy.lag and newest.position >= now.kept_from
        if not fresh or manifest.schema != SCHEMA_VERSION or manifest.feed != now.feed:
            return None
        return SignedManifest(manifest=newest.manifest, signature=newest.signature)

    def latest(self, branch: str, cover: Cover | None) -> SignedManifest:
        """The newest snapshot of a branch under this cover or under none, built now when there is none that is good enough.

        Raises:
            SnapshotStoppedError: the service stops.

        """
        with self._branch_locks[branch]:
            return self.ready(branch, cover) or self._build(branch, cover)

    def file(self, branch: str, name: str) -> Path | None:
        """The file of a snapshot of this branch; nothing for any other name."""
        with self._database.reading() as connection:
            known = any(one.name == name for one in store.finished(connection, branch))
        path = self._folder / name
        return path if known and path.is_file() else None

    def stop(self) -> None:
        """Give up a build that is under way."""
        self._stopping.set()
        copying = self._copying
        if copying is not None:
            copying.interrupt()

    def _build(self, branch: str, cover: Cover | None) -> SignedManifest:
        built_at = self._outside.now()
        version = self._database.write(lambda work: store.take_version(work, branch, at=built_at))
        state = store.SnapshotState(branch, version, self._keys.card_key_version, built_at)
        # The plain file names people's cards and loans: a folder nobody else can open, gone afterwards.
        with tempfile.TemporaryDirectory(prefix=_BUILDING, dir=self._folder) as private:
            plain, packed = Path(private, "replica.db"), Path(private, "replica.zst")
            try:
                at = store.write_replica(self._database, plain, state, watch=self._watch)
            except CopyInterruptedError as error:
                raise SnapshotStoppedError from error
            finally:
                self._copying = None
            plain_size = plain.stat().st_size
            salt = UNSET if cover is None else self._outside.random_bytes(SALT_BYTES)
            digest = self._pack(plain, packed, _bare if isinstance(salt, UnsetType) or cover is None else cover.stream(salt).update)
            name = f"{branch}-{version:08d}-{digest}.zst"
            manifest = SnapshotManifest(
                name=name,
                sha256=digest,
                size=packed.stat().st_size,
                plain_size=plain_size,
                version=version,
                schema=SCHEMA_VERSION,
                branch=branch,
                feed=at.feed,
                cursor=at.n,
                built_at=built_at,
                cover=UNSET if cover is None else cover.id,
                salt=salt,
            )
            packed.rename(self._folder / name)
        sync_to_disk(self._folder)
        signed = SignedManifest(manifest=encode(manifest), signature=self._keys.sign(encode(manifest)))
        self._record(branch, cover, store.StoredSnapshot(version, name, at.n, signed.manifest, signed.signature))
        _log.info("snapshot_built", branch=branch, position=at.n, count=manifest.size)
        return signed

    def _watch(self, copying: Interruptible) -> None:
        self._copying = copying
        if self._stopping.is_set():
            raise SnapshotStoppedError

    def _pack(self, plain: Path, packed: Path, covered: Callable[[bytes], bytes]) -> str:
        """Compress and cover, and give the SHA-256 of the bytes then."""
        digest = hashlib.sha256()
        compressor = zstandard.ZstdCompressor(level=_LEVEL, threads=-1).compressobj(size=plain.stat().st_size)
        with plain.open("rb") as source, packed.open("wb") as target:

            def put(chunk: bytes) -> None:
                chunk = covered(chunk)
                digest.update(chunk)
                target.write(chunk)

            while chunk := source.read(_CHUNK):
                if self._stopping.is_set():
                    raise SnapshotStoppedError
                put(compressor.compress(chunk))
            put(compressor.flush())
            _sync(target)
        return digest.hexdigest()

    def _record(self, branch: str, cover: Cover | None, built: store.StoredSnapshot) -> None:
        """Take it in. Older ones go, those under another cover with them: somebody who was not told this one may have that."""

        def record(work: UnitOfWork) -> list[store.StoredSnapshot]:
            store.finish(work, built)
            there = store.finished(work.connection, branch)
            old = [*_under(cover, there)[self._policy.kept :], *(_under_others(cover, there) if cover is not None else ())]
            store.forget(work, [one.version for one in old])
            return old

        for one in self._database.write(record):
            (self._folder / one.name).unlink(missing_ok=True)


def _under(cover: Cover | None, there: Sequence[store.StoredSnapshot]) -> list[store.StoredSnapshot]:
    wanted = UNSET if cover is None else cover.id
    return [one for one in there if _manifest_of(one).cover == wanted]


def _under_others(cover: Cover, there: Sequence[store.StoredSnapshot]) -> list[store.StoredSnapshot]:
    return [one for one in there if _manifest_of(one).cover not in {UNSET, cover.id}]


def _manifest_of(one: store.StoredSnapshot) -> SnapshotManifest:
    return msgspec.json.decode(one.manifest, type=SnapshotManifest)


def _bare(chunk: bytes) -> bytes:
    return chunk


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
