"""Mobile cards: the code that an app shows as a QR code, new every 30 seconds, and what a kiosk decides about one (Q7-b, Q8-a, R14).

A code is ``YOUYUE.`` and 140 characters of base 32 (RFC 4648): 87 bytes, big-endian:

| bytes | what |
|---|---|
| 1 | version, 1 |
| 2 | number of the registry's key |
| 4 | window: 30-second periods since 1970 (UTC) |
| 16 | patron: the row key, which names nobody |
| 64 | Ed25519 signature of ``youyue mobile code v1``, NUL and the 23 bytes before |

Capital letters, digits and a full stop: a QR code packs them tightly (version 6 is enough), and every scanner that poses as
a keyboard types them alike. No item barcode begins like this or is as long. Pure: who can check a signature does so for us.
"""

import base64
import binascii
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum, unique
from typing import Protocol
from uuid import UUID

from circulation.ids import PatronId

PREFIX = "YOUYUE."
PERIOD = timedelta(seconds=30)
"""How long a window lasts; part of the format, since the code counts windows."""
SIGNATURE_BYTES = 64
LONGEST_KEY_NUMBER = 2**16 - 1
_VERSION = 1
_SIGNED = struct.Struct(">BHI16s")
_PURPOSE = b"youyue mobile code v1\0"
_TEXT_LENGTH = len(PREFIX) + 140
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@unique
class MobileCodeProblem(StrEnum):
    """Why a code opens nothing: stable codes, the sentences stand in the catalogue as ``refusal.<code>``."""

    MALFORMED = "code_malformed"
    UNKNOWN_KEY = "code_unknown_key"
    """Signed with a key that is not known here (yet, or any more)."""
    WRONG_SIGNATURE = "code_wrong_signature"
    EXPIRED = "code_expired"
    """Its window is over: an old screenshot."""
    NOT_YET_VALID = "code_not_yet_valid"


class SignatureCheck(Protocol):
    """Whether an Ed25519 signature of a message is that of a public key (32 bytes)."""

    def __call__(self, public_key: bytes, message: bytes, signature: bytes, /) -> bool:
        """Say so; never raise for bytes of the right lengths."""


@dataclass(frozen=True, slots=True)
class MobileCode:
    """What a code says. Nothing of it is proven before ``decide_mobile_code`` has said so."""

    key_number: int
    window: int
    patron: PatronId
    signature: bytes = field(repr=False)

    @property
    def begins_at(self) -> datetime:
        """The first instant of its window (aware UTC)."""
        return _EPOCH + self.window * PERIOD

    @property
    def ends_at(self) -> datetime:
        """The end of its window: the first instant that is not in it."""
        return self.begins_at + PERIOD

    @property
    def message(self) -> bytes:
        """The bytes that are signed."""
        return message_of(self.key_number, self.window, self.patron)

    @property
    def text(self) -> str:
        """The code as it is shown."""
        packed = _SIGNED.pack(_VERSION, self.key_number, self.window, self.patron.bytes) + self.signature
        return PREFIX + base64.b32encode(packed).decode("ascii").rstrip("=")


def message_of(key_number: int, window: int, patron: PatronId) -> bytes:
    """The bytes to sign for a code. ``key_number`` has 16 bits, ``window`` 32.

    Raises:
        struct.error: a number is out of its range.

    """
    return _PURPOSE + _SIGNED.pack(_VERSION, key_number, window, patron.bytes)


def window_at(instant: datetime) -> int:
    """The window that an instant (aware) lies in."""
    return (instant - _EPOCH) // PERIOD


def is_mobile_code(scanned: str) -> bool:
    """Whether this means to be a mobile card, good or bad: it is then never taken for an item's barcode."""
    return scanned[: len(PREFIX)].upper() == PREFIX


def read_mobile_code(scanned: str) -> MobileCode | None:
    """Read a code, in capital or small letters (a keyboard's Caps Lock); nothing when it is none of this version.

    One code has one text: characters that would mean the same in another spelling are refused.
    """
    text = scanned.upper()
    if len(scanned) != _TEXT_LENGTH or not scanned.isascii() or not text.startswith(PREFIX):
        return None
    try:
        packed = base64.b32decode(text.removeprefix(PREFIX) + "====")
    except binascii.Error:
        return None
    version, key_number, window, patron = _SIGNED.unpack_from(packed)
    code = MobileCode(key_number, window, PatronId(UUID(bytes=patron)), packed[_SIGNED.size :])
    return code if version == _VERSION and code.text == text else None


def decide_mobile_code(
    scanned: str, *, now: datetime, keys: Mapping[int, bytes], is_signed: SignatureCheck, skew: timedelta
) -> MobileCode | MobileCodeProblem:
    """Whether a code opens its patron's session now: the code, or the first thing that is wrong with it.

    The rest of a code whose signature does not fit means nothing, so there is never more than one reason.

    Args:
        scanned: as it came from the scanner.
        now: the registry's time as far as it is known here (aware).
        keys: the public keys (32 bytes) that are trusted, by their numbers.
        is_signed: checks a signature.
        skew: by how much the clocks of registry and kiosk may differ; a code is good that much before and after its window.

    """
    code = read_mobile_code(scanned)
    if code is None:
        return MobileCodeProblem.MALFORMED
    key = keys.get(code.key_number)
    if key is None:
        return MobileCodeProblem.UNKNOWN_KEY
    if not is_signed(key, code.message, code.signature):
        return MobileCodeProblem.WRONG_SIGNATURE
    if now >= code.ends_at + skew:
        return MobileCodeProblem.EXPIRED
    return MobileCodeProblem.NOT_YET_VALID if now < code.begins_at - skew else code
