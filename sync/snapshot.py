"""Snapshot bootstrap: a signed, packed SQLite file becomes an encrypted replica, or nothing at all (sync rule 9)."""

import hashlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import structlog
import zstandard

from circulation.wire import SignedManifest, SnapshotManifest
from kiosk.store.errors import ReplicaError
from kiosk.store.replica_reader import ReplicaReader
from replica.encrypted import EncryptedFileError, encrypt_into, open_encrypted
from replica.files import ReplicaFiles
from replica.wiping import wipe
from sync.client import Download
from sync.errors import RequestEndedError, SnapshotError, one_line
from sync.identity import Identity
from sync.manifest import LastTaken, TakenSnapshot, checked_manifest
from sync.memory import PrivateMemory

log = structlog.get_logger()

_SPARE_BYTES: Final = 16 * 2**20
_CHUNK_BYTES: Final = 2**20
_LARGEST_WINDOW: Final = 128 * 2**20
"""Memory that unpacking may take beside its output: zstd's usual bound."""
_PLAIN_NAME: Final = "plain.db"


class SnapshotTransport(Protocol):
    """Brings snapshots from the registry."""

    @property
    def closed(self) -> bool:
        """Whether the kiosk is stopping."""

    def latest_snapshot(self) -> SignedManifest:
        """What the newest one is, or raise a ``SyncError``."""

    def snapshot(self, name: str, *, start: int, limit: int) -> AbstractContextManager[Download]:
        """Its bytes from ``start`` on, at most ``limit`` of them, or raise a ``SyncError``."""

    def packed(self, file: BinaryIO, manifest: SnapshotManifest) -> BinaryIO:
        """All of its bytes without their cover, or raise a ``SyncError``."""


class SnapshotFetcher:
    """Takes the newest snapshot into the kiosk's folder.

    The packed bytes stay in memory across failures, also when the process is started again, so that
    a download goes on where it stopped. Everything plain is wiped in every case.
    """

    def __init__(self, transport: SnapshotTransport, identity: Identity, folder: Path, memory: PrivateMemory) -> None:
        self._transport = transport
        self._identity = identity
        self._files = ReplicaFiles(folder)
        self._last = LastTaken(folder)
        self._memory = memory

    def fetch(self) -> Path:
        """Fetch, verify, unpack, encrypt: the path of a new ``replica-N.db`` that nobody uses yet.

        Raises:
            SyncError: one of its kinds; nothing is left behind but the packed bytes that were good so far.
            RequestEndedError: the transport was closed.

        """
        signed = self._transport.latest_snapshot()
        manifest = checked_manifest(
            signed, registry_key=self._identity.registry_key, branch=self._identity.branch, taken=self._last.recall()
        )
        self._memory.prepare()
        part = self._memory.folder / f"{manifest.sha256}.part"
        for leftover in self._memory.others(part):
            wipe(leftover)
        self._download(manifest, part)
        with self._memory.file(_PLAIN_NAME) as plain:
            self._unpack(manifest, part, plain)
            target = self._encrypted(manifest, plain)
        wipe(part)
        self._memory.leave()
        self._last.remember(TakenSnapshot(manifest.version, manifest.sha256))
        log.info("snapshot_taken", snapshot=manifest.name, version=manifest.version, bytes=manifest.size, cursor=manifest.cursor)
        return target

    def _download(self, manifest: SnapshotManifest, part: Path) -> None:
        try:
            have, sha256 = self._fetched(manifest, part)
        except OSError as error:
            message = f"snapshot {manifest.name}: can't be kept in {part.parent}: {error.strerror}"
            raise SnapshotError(message) from None
        if have < manifest.size:
            message = f"snapshot {manifest.name}: ends after {have} of {manifest.size} bytes"
            raise SnapshotError(message)
        if sha256 != manifest.sha256:
            wipe(part)
            message = f"snapshot {manifest.name}: the bytes are not those of its signed manifest"
            raise SnapshotError(message)

    def _fetched(self, manifest: SnapshotManifest, part: Path) -> tuple[int, str]:
        """Go on with the download: how many bytes there are then, and their SHA-256."""
        digest = hashlib.sha256()
        with _private(part) as file:
            have = _taken_up(file, digest)
            self._memory.require_room(manifest.size - have + manifest.plain_size + _SPARE_BYTES)
            if have >= manifest.size:
                return have, digest.hexdigest()
            with self._transport.snapshot(manifest.name, start=have, limit=manifest.size) as download:
                if download.start != have:
                    file.seek(0)
                    file.truncate()
                    digest, have = hashlib.sha256(), 0
                for chunk in download.chunks:
                    have += len(chunk)
                    digest.update(chunk)
                    file.write(chunk)
            return have, digest.hexdigest()

    def _unpack(self, manifest: SnapshotManifest, part: Path, plain: Path) -> None:
        count = 0
        try:
            with part.open("rb") as packed, _private(plain) as file:
                unpacker = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
                for chunk in unpacker.read_to_iter(
                    self._transport.packed(packed, manifest), read_size=_CHUNK_BYTES, write_size=_CHUNK_BYTES
                ):
                    if self._transport.closed:
                        raise RequestEndedError
                    count += len(chunk)
                    if count > manifest.plain_size:
                        break
                    file.write(chunk)
        except zstandard.ZstdError as error:
            message = f"snapshot {manifest.name}: can't be unpacked: {one_line(str(error))}"
            raise SnapshotError(message) from None
        except OSError as error:
            message = f"snapshot {manifest.name}: can't be unpacked into {plain.parent}: {error.strerror}"
            raise SnapshotError(message) from None
        if count != manifest.plain_size:
            message = (
                f"snapshot {manifest.name}: unpacks to {'more' if count > manifest.plain_size else 'less'} than {manifest.plain_size} bytes"
            )
            raise SnapshotError(message)

    def _encrypted(self, manifest: SnapshotManifest, plain: Path) -> Path:
        """The encrypted copy, when it is a replica and the one its manifest speaks of; else none is left."""
        try:
            target = self._files.next_path()
            encrypt_into(plain, target, self._identity.database_key)
        except EncryptedFileError as error:
            message = f"snapshot {manifest.name}: {error}"
            raise SnapshotError(message) from None
        except OSError as error:
            message = f"{self._files.folder} can't take a replica: {error.strerror}"
            raise SnapshotError(message) from None
        try:
            self._check_state(manifest, target)
        except BaseException:
            self._files.remove(target)
            raise
        return target

    def _check_state(self, manifest: SnapshotManifest, target: Path) -> None:
        try:
            engine = open_encrypted(target, self._identity.database_key)
            try:
                with engine.connect() as connection:
                    state = ReplicaReader(connection).state()
            finally:
                engine.dispose()
        except (ReplicaError, EncryptedFileError, ValueError) as error:
            message = f"snapshot {manifest.name}: is no replica: {one_line(str(error))}"
            raise SnapshotError(message) from None
        if (state.branch, state.feed, state.cursor, state.version) != (manifest.branch, manifest.feed, manifest.cursor, manifest.version):
            message = f"snapshot {manifest.name}: its state is not that of its manifest"
            raise SnapshotError(message)


def _private(path: Path) -> BinaryIO:
    """A file for this user alone, read from its beginning; made when it is missing."""
    path.touch(mode=0o600, exist_ok=True)
    return path.open("r+b")


def _taken_up(file: BinaryIO, digest: "hashlib._Hash") -> int:
    """Count and digest the bytes that are there already."""
    have = 0
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
        have += len(chunk)
    return have
