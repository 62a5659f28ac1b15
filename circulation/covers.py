"""Envelopes by which the registry tells a kiosk what card keys travel under (``replica.covers``). JSON, version 1."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

CoverId = Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
"""Names a cover (``replica.covers``)."""


class SignedCover(Struct, frozen=True, kw_only=True):
    """The exact bytes of a ``CoverStatement`` and the registry's Ed25519 signature (``replica.covers``). Base64 on the wire."""

    statement: bytes
    signature: bytes


class CoverStatement(Struct, frozen=True, kw_only=True):
    """The cover in force, for one kiosk and one run of its program: ``sealed`` is its secret, which only the key that the kiosk stated opens."""

    v: Literal[1] = 1
    kiosk: UUID
    version: Annotated[int, Meta(ge=1)]
    sealed: Annotated[bytes, Meta(max_length=256)]
