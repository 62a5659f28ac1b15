"""What a partner is, which decides what it may use; its key as somebody wrote it down. Pure."""

import base64
import binascii
import hashlib
from enum import StrEnum, unique

KEY_BYTES = 32
_GROUP = 4


@unique
class PartnerRole(StrEnum):
    """What a partner speaks for."""

    BUREAU = "bureau"
    """The Education Bureau's card-making and student-record system (教育局)."""
    APP = "app"
    """An app that shows mobile cards (iRead, 行動台北卡)."""


@unique
class PartnerRefusal(StrEnum):
    """Why a partner can't be registered or revoked so. The sentences stand in the catalogue as ``desk.refused.<code>``."""

    NAME = "partner_name"
    """A name has 1 to 60 printable characters."""
    KEY = "partner_key"
    """Not the public half of an Ed25519 key, 32 bytes in base64."""
    KEY_TAKEN = "partner_key_taken"
    """Some partner or kiosk has this key, maybe a revoked one: a key that was taken away never comes back."""
    UNKNOWN = "partner_unknown"
    """No partner of this ID has any rights."""


def read_public_key(written: str) -> bytes | None:
    """The 32 bytes of an Ed25519 public key as base64, or as hexadecimal digits; nothing when it is none."""
    text = "".join(written.split())
    try:
        key = bytes.fromhex(text) if len(text) == 2 * KEY_BYTES else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        key = b""
    return key if len(key) == KEY_BYTES else None


def fingerprint(public_key: bytes) -> str:
    """Thirty-two digits to read out on the telephone: half of the key's SHA-256, such as ``3f2a 90c1 …``."""
    digits = hashlib.sha256(public_key).hexdigest()[:32]
    return " ".join(digits[i : i + _GROUP] for i in range(0, len(digits), _GROUP))
