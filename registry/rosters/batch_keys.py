"""Keys that belong to one batch: random, themselves sealed under the registry's key, and destroyed when their time is over.

Whoever has the registry's key and an old copy of the sealed content, but no longer the batch's key, reads nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, unique
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from registry.keys import KEY_BYTES, KeyFileError
from registry.rosters.sealing import Seal

_NONCE_BYTES = 12


@unique
class KeyUse(StrEnum):
    """What a batch's key opens."""

    STAGED = "staged"
    """Rows that wait to be committed."""
    UNDO = "undo"
    """What the batch did, and what was there before."""


@dataclass(frozen=True, slots=True, repr=False)
class BatchKey:
    """A batch's key in the open: for as long as a unit of work lasts, and nowhere on disk."""

    batch: UUID
    use: KeyUse
    secret: bytes
    random_bytes: Callable[[int], bytes]

    @classmethod
    def new(cls, batch: UUID, use: KeyUse, random_bytes: Callable[[int], bytes]) -> "BatchKey":
        """Make a key."""
        return cls(batch, use, random_bytes(KEY_BYTES), random_bytes)

    @classmethod
    def opened(cls, sealed: bytes, batch: UUID, use: KeyUse, seal: Seal, random_bytes: Callable[[int], bytes]) -> "BatchKey":
        """Open a key that is kept.

        Raises:
            KeyFileError: the registry's key is another than it was sealed with.

        """
        return cls(batch, use, seal.unseal(_tag(batch, use), sealed), random_bytes)

    def kept(self, seal: Seal) -> bytes:
        """The key as it may be kept."""
        return seal.seal(_tag(self.batch, self.use), self.secret)

    def seal(self, piece: int, content: bytes) -> bytes:
        """Encrypt a piece of the batch."""
        nonce = self.random_bytes(_NONCE_BYTES)
        return nonce + ChaCha20Poly1305(self.secret).encrypt(nonce, content, _tag(self.batch, self.use, piece))

    def open(self, piece: int, sealed: bytes) -> bytes:
        """Decrypt a piece of the batch.

        Raises:
            KeyFileError: it is not this batch's, or was tampered with.

        """
        try:
            return ChaCha20Poly1305(self.secret).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _tag(self.batch, self.use, piece))
        except InvalidTag:
            message = "what is kept of a batch can't be read: it is damaged"
            raise KeyFileError(message) from None


def _tag(batch: UUID, use: KeyUse, piece: int | None = None) -> bytes:
    return f"youyue batch v1 {use} {batch} {'' if piece is None else piece}".encode()
