"""The registry's own keys: files in its data folder that only their owner may read."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from replica.covers import Cover
from replica.durable import sync_to_disk

KEY_BYTES = 32
_SIGNING = "registry-signing.key"
_CARDS = "card-key-1.key"


class KeyFileError(Exception):
    """A key file is missing, damaged, another library's, or readable by others: somebody must repair it."""


@dataclass(frozen=True, slots=True)
class RegistryKeys:
    """The Ed25519 key that signs manifests, the secret that card keys are made with, and the folder where these and the others are."""

    signing: Ed25519PrivateKey
    card_secret: bytes
    folder: Path
    card_key_version: int = 1

    @property
    def public(self) -> bytes:
        """The public half of the signing key: 32 bytes."""
        return self.signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def mark(self) -> bytes:
        """What a library remembers of its keys: 32 bytes that tell nothing of them, and are others for other keys."""
        return hashlib.sha256(b"youyue keys" + self.public + hashlib.sha256(self.card_secret).digest()).digest()

    @property
    def audit_key(self) -> bytes:
        """What the audit trail is chained with: 32 bytes made from the signing key, so that an older library needs no new file."""
        return HKDF(SHA256(), KEY_BYTES, None, b"youyue audit chain v1").derive(self.signing.private_bytes_raw())

    @property
    def witness_key(self) -> bytes:
        """What witnesses of the feed are sealed with: 32 bytes, made in the same way."""
        return HKDF(SHA256(), KEY_BYTES, None, b"youyue feed witness v1").derive(self.signing.private_bytes_raw())

    def cover(self, salt: bytes) -> Cover:
        """The cover that was made with this salt. Its secret stands nowhere: a stolen database without the keys opens nothing."""
        return Cover(HKDF(SHA256(), KEY_BYTES, salt, b"youyue cover of a library v1").derive(self.signing.private_bytes_raw()))

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature: 64 bytes."""
        return self.signing.sign(message)

    def has_signed(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature is this key's."""
        try:
            self.signing.public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return True


def make_keys(folder: Path, *, random_bytes: Callable[[int], bytes]) -> RegistryKeys:
    """Make the keys of a library that has none yet (0600, in a folder of 0700); those that are there already are taken.

    Raises:
        KeyFileError: as ``read_keys``.

    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(PermissionError):  # a folder that may be passed and not read can't be synced, and is no reason to do without keys
        sync_to_disk(folder.parent)
    for name in (_SIGNING, _CARDS):
        with suppress(FileExistsError):
            write_private(folder / name, random_bytes(KEY_BYTES))
    return read_keys(folder, mark=None)


def read_keys(folder: Path, *, mark: bytes | None) -> RegistryKeys:
    """Read the keys of a library. ``mark`` is what it remembers of them; none: nothing yet.

    Raises:
        KeyFileError: a key file is missing, damaged, readable by others, or of another library.

    """
    signing = Ed25519PrivateKey.from_private_bytes(read_private(folder / _SIGNING))
    keys = RegistryKeys(signing, read_private(folder / _CARDS), folder)
    if mark is not None and keys.mark != mark:
        message = f"the keys in {folder} are another library's: give the folder of this one, or bring its keys back from a backup"
        raise KeyFileError(message)
    return keys


def read_private(path: Path) -> bytes:
    """The 32 bytes of a key file of this library.

    Raises:
        KeyFileError: it is missing, damaged, or readable by others.

    """
    if not path.exists():
        message = f"{path} is missing, and this library has its keys already: give its own folder, or bring them back from a backup"
        raise KeyFileError(message)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        message = f"{path} can be read by others: chmod 600 it, and think about who may have copied it"
        raise KeyFileError(message)
    secret = path.read_bytes()
    if len(secret) != KEY_BYTES:
        message = f"{path} holds {len(secret)} bytes instead of {KEY_BYTES}: restore it from a backup"
        raise KeyFileError(message)
    return secret


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read: whole or not at all, and durable with its name when this returns.

    Raises:
        FileExistsError: it is there already and is left alone.

    """
    descriptor, fresh = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a renaming, never replaces what is there.
        path.hardlink_to(fresh)
    finally:
        Path(fresh).unlink()
    sync_to_disk(path.parent)
