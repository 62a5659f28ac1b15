"""The keys of mobile codes as they reach a kiosk: signed by the registry's own key, the one that was pinned at enrolment.

The feed is not signed, TLS guards it. Whoever could put a row into it, a proxy that breaks TLS open, would
make codes for every patron with a key of his own: so a key counts only with the registry's signature.
"""

import struct
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from replica.rows import MobileKeyRow

_PURPOSE = b"youyue mobile key v1\0"


def statement_of(number: int, public_key: bytes) -> bytes:
    """What the registry signs: that codes with this number are checked with this key."""
    return _PURPOSE + struct.pack(">H", number) + public_key


def is_signed(public_key: bytes, message: bytes, signature: bytes, /) -> bool:
    """Whether an Ed25519 signature (64 bytes) of a message is that of a public key (32 bytes)."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def trusted_keys(rows: Iterable[MobileKeyRow], *, registry_key: bytes) -> dict[int, bytes]:
    """The public keys that bear the registry's signature, by their numbers."""
    return {row.number: row.public_key for row in rows if is_signed(registry_key, statement_of(row.number, row.public_key), row.signature)}
