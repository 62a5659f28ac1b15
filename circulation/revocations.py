"""Envelopes by which the registry says that a kiosk has no rights any more. JSON, version 1."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from circulation.wire import VERSION, Problem


class KioskRevoked(Problem, frozen=True, kw_only=True):
    """403: this kiosk's rights were taken away. The exact bytes of the ``Revocation`` and the registry's Ed25519 signature of them.

    Without the signature a 403 is no more than a refusal: anybody on the way could write one.
    """

    revocation: bytes
    signature: bytes


class Revocation(Struct, frozen=True, kw_only=True):
    """The registry's word that a kiosk must forget what it knows of patrons. It names one kiosk and holds for ever."""

    v: Literal[1] = VERSION
    kiosk: UUID
    revoked_at: datetime


REVOCATION_CONTEXT = b"youyue revocation v1\0"
"""Stands before the bytes of a ``Revocation`` when they are signed, so that no other signature can be taken for one."""
