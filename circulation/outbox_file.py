"""The file by which facts travel on a stick: encrypted for the registry, signed by the kiosk. Values only; each side brings its library.

The outer envelope is ``SignedOutbox``: the exact bytes of a ``SealedOutbox`` and the kiosk's Ed25519 signature of them. Within, an
``OutboxContent`` is encrypted by HPKE (RFC 9180: DHKEM X25519, HKDF-SHA256, ChaCha20-Poly1305). ``info`` binds it to whose it is, so
that nobody can put another kiosk's facts under a name of their own.

The registry's encryption key is its signing key in the other form of the same curve (RFC 7748, section 4.1), which every enrolled
kiosk has had since enrolment: no key is told, so none can be told wrongly, and an old kiosk needs nothing. That one key pair is
safe for both uses is proved for just this pair of schemes (E. Thormarker, IACR ePrint 2021/509).
"""

import hashlib
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from circulation.wire import ChainSpan

OUTBOX_VERSION: Literal[1] = 1
MAX_OUTBOX_FILE = 64 * 2**20
"""Bytes of a file at most: many times what a full ledger (10,000 facts) has."""
MAX_OUTBOX_FACTS = 20_000
_PURPOSE = b"youyue outbox v1\n"
_FIELD = 2**255 - 19
_KEY_BYTES = 32

Seq = Annotated[int, Meta(ge=1, le=2**53)]
FactBytes = Annotated[list[Raw], Meta(min_length=1, max_length=MAX_OUTBOX_FACTS)]


class OutboxContent(Struct, frozen=True, kw_only=True):
    """Facts of one ledger in order: the i-th has number ``first_seq + i``. Exactly the bytes that a push sends, and its ``chain``."""

    v: Literal[1] = OUTBOX_VERSION
    facts: FactBytes
    chain: ChainSpan | UnsetType = UNSET


class SealedOutbox(Struct, frozen=True, kw_only=True):
    """Whose facts these are and which; ``sealed`` is the encrypted content, ``registry`` the mark of the key it is for."""

    v: Literal[1] = OUTBOX_VERSION
    kiosk: UUID
    epoch: UUID
    first_seq: Seq
    last_seq: Seq
    made_at: datetime
    registry: bytes
    sealed: bytes


class SignedOutbox(Struct, frozen=True, kw_only=True):
    """The exact bytes of a sealed outbox and the kiosk's Ed25519 signature of ``signed_part`` of them. Base64 in the file."""

    v: Literal[1] = OUTBOX_VERSION
    outbox: bytes
    signature: bytes


def signed_part(outbox: bytes) -> bytes:
    """What the kiosk signs: a signature made for anything else is none."""
    return _PURPOSE + outbox


def bound_to(kiosk: UUID, epoch: UUID, first_seq: int, last_seq: int) -> bytes:
    """HPKE's ``info``: whose facts these are, and which."""
    return _PURPOSE + f"{kiosk} {epoch} {first_seq} {last_seq}".encode()


def mark_of(registry_key: bytes) -> bytes:
    """What tells one registry's key from another's in a file: 16 bytes."""
    return hashlib.sha256(_PURPOSE + registry_key).digest()[:16]


def encryption_key_of(registry_key: bytes) -> bytes:
    """The X25519 public key (32 bytes) that is the same point as an Ed25519 public key: u = (1 + y) / (1 - y).

    Raises:
        ValueError: these are not 32 bytes of a point that has such a key.

    """
    y = int.from_bytes(registry_key, "little") & (2**255 - 1)
    if len(registry_key) != _KEY_BYTES or y in {0, 1} or y >= _FIELD:
        message = "the registry's key can't be used to encrypt"
        raise ValueError(message)
    return ((1 + y) * pow(1 - y, -1, _FIELD) % _FIELD).to_bytes(_KEY_BYTES, "little")


def decryption_key_of(registry_seed: bytes) -> bytes:
    """The X25519 private key (32 bytes) of an Ed25519 private key: the scalar that it signs with (RFC 8032, section 5.1.5)."""
    return hashlib.sha512(registry_seed).digest()[:_KEY_BYTES]
