"""The registry's word that this kiosk was revoked: proven, kept, and what is wiped for it. The ledger stays: its facts are for a person."""

import base64
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from circulation.revocations import REVOCATION_CONTEXT, KioskRevoked, Revocation
from replica.wiping import wipe
from sync.errors import RegistryForbidsError, SyncError
from sync.identity import IDENTITY_NAME, Identity

log = structlog.get_logger()

REVOKED_NAME: Final = "revoked.json"
_LONGEST_FILE: Final = 64 * 2**10


class Revocations:
    """What a kiosk does about its own revocation, in any of its HTTP threads, as often as it comes.

    Args:
        identity: whose word counts, and for which kiosk.
        folder: the kiosk's, where the word is kept.
        memory: where the bytes of snapshots lie.

    """

    def __init__(self, identity: Identity, folder: Path, memory: Path) -> None:
        self._identity = identity
        self._folder = folder
        self._memory = memory

    def heed(self, error: SyncError) -> bool:
        """Whether the error is the registry's word; then it is kept, and the keys of cards and what lies in memory are gone."""
        if not isinstance(error, RegistryForbidsError) or error.word is None:
            return False
        if not is_proven(error.word, self._identity):
            log.warning("revocation_not_proven")
            return False
        kept = msgspec.json.encode(error.word)
        _told_when_impossible("revocation_not_kept", lambda: _keep(self._folder / REVOKED_NAME, kept))
        self.wipe()
        return True

    def was_heard(self) -> bool:
        """Whether the word was kept, in this run or an earlier one."""
        return was_revoked(self._folder, self._identity)

    def wipe(self) -> None:
        """Overwrite the key of cards and every byte of a snapshot in memory. What fails is tried again at the next start."""
        _told_when_impossible("keys_not_wiped", lambda: _overwrite(self._folder / IDENTITY_NAME, self._identity.card_key))
        _told_when_impossible("snapshot_not_wiped", self._wipe_memory)

    def _wipe_memory(self) -> None:
        for left in self._memory.iterdir() if self._memory.is_dir() else ():
            wipe(left)


def was_revoked(folder: Path, identity: Identity) -> bool:
    """Whether the registry's word is kept in a kiosk's folder. A file that proves nothing revokes nobody."""
    try:
        with (folder / REVOKED_NAME).open("rb") as file:
            word = msgspec.json.decode(file.read(_LONGEST_FILE), type=KioskRevoked)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return is_proven(word, identity)


def is_proven(word: KioskRevoked, identity: Identity) -> bool:
    """Whether the registry has signed this word, and for this kiosk."""
    try:
        Ed25519PublicKey.from_public_bytes(identity.registry_key).verify(word.signature, REVOCATION_CONTEXT + word.revocation)
        revocation = msgspec.json.decode(word.revocation, type=Revocation)
    except (InvalidSignature, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return revocation.kiosk == identity.kiosk


def _told_when_impossible(event: str, act: Callable[[], None]) -> None:
    """Do it; what the disk refuses is logged, because the rest is still to be wiped."""
    try:
        act()
    except OSError as fault:
        problem = fault.strerror
    else:
        return
    log.error(event, problem=problem)


def _keep(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _overwrite(path: Path, key: bytes) -> None:
    """Put zeros in a key's place, in the file itself: a new file would leave the old one's bytes, and need room on a full disk."""
    written, zeros = base64.b64encode(key), base64.b64encode(bytes(len(key)))
    with path.open("r+b", buffering=0) as file:
        place = file.read(_LONGEST_FILE).find(written)
        if place >= 0 and written != zeros:
            file.seek(place)
            file.write(zeros)
            os.fsync(file.fileno())
