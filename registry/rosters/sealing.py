"""What must wait is encrypted, under a key of the registry's own that no kiosk is given (R4)."""

import hashlib
import hmac
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from registry.keys import KEY_BYTES, KeyFileError, write_private

_FILE = "rosters-1.key"
_NONCE_BYTES = 12


class Seal:
    """Encrypts, and makes tags by which rows are found without their national IDs."""

    def __init__(self, secret: bytes, random_bytes: Callable[[int], bytes]) -> None:
        self._cipher = ChaCha20Poly1305(_derived(secret, b"youyue rosters seal v1"))
        self._tags = _derived(secret, b"youyue rosters tag v1")
        self._random_bytes = random_bytes

    @classmethod
    def open(cls, folder: Path, *, random_bytes: Callable[[int], bytes]) -> "Seal":
        """Read the key in a registry's key folder, or make it the first time (0600).

        Raises:
            KeyFileError: it is damaged, or others may read it.

        """
        path = folder / _FILE
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
        return cls(secret, random_bytes)

    def tag(self, *parts: str) -> bytes:
        """32 bytes that are equal for equal texts, and tell nothing of them."""
        return hmac.new(self._tags, "\0".join(parts).encode(), hashlib.sha256).digest()

    def seal(self, tag: bytes, content: bytes) -> bytes:
        """Encrypt, bound to the tag."""
        nonce = self._random_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, tag)

    def unseal(self, tag: bytes, sealed: bytes) -> bytes:
        """Decrypt.

        Raises:
            KeyFileError: the key is another one than it was encrypted with, or the row was tampered with.

        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], tag)
        except InvalidTag:
            message = f"waiting contact data can't be read with {_FILE}: restore the key from a backup"
            raise KeyFileError(message) from None


def _derived(secret: bytes, use: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, None, use).derive(secret)
