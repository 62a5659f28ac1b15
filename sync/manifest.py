"""Whether a snapshot may be taken: pure checks of its signed manifest, and what is remembered of the last one taken."""

import os
import re
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from circulation.wire import SignedManifest, SnapshotManifest
from replica.tables import SCHEMA_VERSION
from sync.errors import SnapshotError, one_line

MAX_SNAPSHOT_BYTES: Final = 2 * 2**30
MAX_PLAIN_BYTES: Final = 8 * 2**30
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_AS_AFTER_A_BACKUP: Final = "; was the registry put back to a backup? Then run `youyue registry restored` there"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class TakenSnapshot(Struct, frozen=True):
    """The last snapshot that was taken."""

    version: int = 0
    sha256: str = ""


def checked_manifest(signed: SignedManifest, *, registry_key: bytes, branch: str, taken: TakenSnapshot) -> SnapshotManifest:
    """Read a manifest whose signature is the registry's and which may be taken here and now.

    The version must rise, so that nobody can show a kiosk an old state of the library; the very
    snapshot taken last may be fetched again, because a damaged replica must find help.

    Raises:
        SnapshotError: it may not; the message names the field.

    """
    try:
        Ed25519PublicKey.from_public_bytes(registry_key).verify(signed.signature, signed.manifest)
    except InvalidSignature:
        message = "signature: not by this kiosk's registry"
        raise SnapshotError(message) from None
    try:
        manifest = msgspec.json.decode(signed.manifest, type=SnapshotManifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        message = f"manifest: {one_line(str(error))}"
        raise SnapshotError(message) from None
    if problem := _manifest_problem(manifest, branch, taken):
        raise SnapshotError(problem)
    return manifest


def _manifest_problem(manifest: SnapshotManifest, branch: str, taken: TakenSnapshot) -> str | None:
    if manifest.branch != branch:
        return "branch: a snapshot of another branch"
    if manifest.schema != SCHEMA_VERSION:
        return f"schema: {manifest.schema}, this programme reads {SCHEMA_VERSION}; update the older side"
    if manifest.version < taken.version:
        return f"version: {manifest.version} is below {taken.version}, the last one taken{_AS_AFTER_A_BACKUP}"
    if manifest.version == taken.version and manifest.sha256 != taken.sha256:
        return f"version: {manifest.version} was taken before with other contents{_AS_AFTER_A_BACKUP}"
    if not _NAME.fullmatch(manifest.name):
        return "name: not letters, digits, dots and dashes"
    if not _SHA256.fullmatch(manifest.sha256):
        return "sha256: not 64 hexadecimal digits"
    if not 0 < manifest.size <= MAX_SNAPSHOT_BYTES:
        return f"size: {manifest.size} is not from 1 up to {MAX_SNAPSHOT_BYTES} bytes"
    if not 0 < manifest.plain_size <= MAX_PLAIN_BYTES:
        return f"plain_size: {manifest.plain_size} is not from 1 up to {MAX_PLAIN_BYTES} bytes"
    return None


class LastTaken:
    """Remembers the last snapshot taken, in a file of the kiosk's folder, also when the replica itself is thrown away."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "snapshot-taken.json"

    def recall(self) -> TakenSnapshot:
        """The last one taken; version 0 when none ever was.

        Raises:
            SnapshotError: the file can't be read.

        """
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=TakenSnapshot)
        except FileNotFoundError:
            return TakenSnapshot()
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            message = f"{self._path.name} can't be read ({one_line(str(error))}); a person must look whether somebody changed it"
            raise SnapshotError(message) from None

    def remember(self, taken: TakenSnapshot) -> None:
        """Write it down, durably.

        Raises:
            SnapshotError: it can't be written.

        """
        fresh = self._path.with_name(self._path.name + ".new")
        try:
            with fresh.open("wb") as file:
                file.write(msgspec.json.encode(taken))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
            descriptor = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            message = f"{self._path.name} can't be written: {error.strerror}"
            raise SnapshotError(message) from None
