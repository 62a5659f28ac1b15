"""The registry's own keys: files in its data folder that only their owner may read."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY_BYTES = 32
_SIGNING = "registry-signing.key"
_CARDS = "card-key-1.key"


class KeyFileError(Exception):
    """A key file is damaged, or readable by others: somebody must repair it."""


@dataclass(frozen=True, slots=True)
class RegistryKeys:
    """The Ed25519 key that signs manifests, and the secret that card keys are made with."""

    signing: Ed25519PrivateKey
    card_secret: bytes
    card_key_version: int = 1

    @property
    def public(self) -> bytes:
        """The public half of the signing key: 32 bytes."""
        return self.signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature: 64 bytes."""
        return self.signing.sign(message)


def open_keys(folder: Path, *, random_bytes: Callable[[int], bytes]) -> RegistryKeys:
    """Read the keys, or make them the first time (0600, in a folder of 0700).

    Raises:
        KeyFileError: a key file has another length than it should, or others may read it.

    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    signing = Ed25519PrivateKey.from_private_bytes(_secret(folder / _SIGNING, random_bytes))
    return RegistryKeys(signing, _secret(folder / _CARDS, random_bytes))


def _secret(path: Path, random_bytes: Callable[[int], bytes]) -> bytes:
    try:
        write_private(path, random_bytes(KEY_BYTES))
    except FileExistsError:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            message = f"{path} can be read by others: chmod 600 it, and think about who may have copied it"
            raise KeyFileError(message) from None
    secret = path.read_bytes()
    if len(secret) != KEY_BYTES:
        message = f"{path} holds {len(secret)} bytes instead of {KEY_BYTES}: restore it from a backup"
        raise KeyFileError(message)
    return secret


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read, durable when this returns.

    Raises:
        FileExistsError: it is there already and is left alone.

    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
