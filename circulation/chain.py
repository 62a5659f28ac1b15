"""The chain of a kiosk's facts: each value holds all facts of an epoch up to one, so that none can be changed, left out or put in later. Pure.

A value is made of the digest of a fact's bytes, not of the bytes: the registry forgets those (``docs/sync-protocol.md``), and can
still say whether its record is whole.
"""

import hashlib
from collections.abc import Iterable, Iterator
from uuid import UUID

_ANCHOR = b"youyue-chain-v1"


def anchor(epoch: UUID) -> bytes:
    """The value before the first fact of an epoch: 32 bytes."""
    return hashlib.sha256(_ANCHOR + epoch.bytes).digest()


def after_digest(before: bytes, digest: bytes) -> bytes:
    """The value after a fact, by the SHA-256 of its bytes."""
    return hashlib.sha256(before + digest).digest()


def after(before: bytes, body: bytes) -> bytes:
    """The value after a fact, by its exact bytes as they travel."""
    return after_digest(before, hashlib.sha256(body).digest())


def along(before: bytes, bodies: Iterable[bytes]) -> Iterator[bytes]:
    """The values after each of these facts, in their order."""
    for body in bodies:
        before = after(before, body)
        yield before
