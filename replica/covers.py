"""Covers: what hides card keys between the registry and its kiosks, and changes whenever a kiosk's rights are taken away (ADR 43).

Every kiosk can turn a UID into a card key (``replica.card_keys``), so who takes a kiosk can find cards by their keys for ever. What travels
and what the registry keeps ready for travelling lies under a cover, which he does not get any more.
"""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR, ECB
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from circulation.covers import CoverStatement, SignedCover
from circulation.wire import encode
from replica.mobile_keys import is_signed
from replica.sealing import SEALING

SECRET_BYTES: Final = 32
SALT_BYTES: Final = 16
KEY_BYTES: Final = 32
"""Of an X25519 key."""
_PURPOSE: Final = b"youyue cover v1\0"


class UntrustedCoverError(Exception):
    """This cover is not the registry's for this kiosk, or was sealed for another run of it."""


@dataclass(frozen=True)
class Cover:
    """``secret``: 32 bytes, of which card keys and snapshots have a key each. ``id`` (16 hexadecimal digits) tells nothing of it."""

    secret: bytes = field(repr=False)

    @cached_property
    def id(self) -> str:
        """Its name."""
        return hashlib.sha256(b"youyue cover id v1\0" + self.secret).hexdigest()[:16]

    def covered(self, card_key: bytes) -> bytes:
        """What stands for a card key under this cover: 16 bytes, the same for the same key, another one's for no other key."""
        return self._of_card_keys.encryptor().update(card_key)

    def uncovered(self, covered: bytes) -> bytes:
        """The card key that these 16 bytes stand for."""
        return self._of_card_keys.decryptor().update(covered)

    def stream(self, salt: bytes) -> CipherContext:
        """Covers the bytes of one snapshot and uncovers them. ``salt``: 16 random bytes of that snapshot.

        It does not say whether bytes were changed: the signed digest of a snapshot does, before anything is uncovered.
        """
        derived = HKDF(SHA256(), SECRET_BYTES + 16, salt, b"youyue cover of a snapshot v1").derive(self.secret)
        return Cipher(AES256(derived[:SECRET_BYTES]), CTR(derived[SECRET_BYTES:])).encryptor()

    @cached_property
    def _of_card_keys(self) -> Cipher[ECB]:
        key = HKDF(SHA256(), SECRET_BYTES, None, b"youyue cover of card keys v1").derive(self.secret)
        return Cipher(AES256(key), ECB())  # noqa: S305 - a card key is one block and no two are alike: there is no pattern to be seen


def sealed_for(cover: Cover, *, kiosk: UUID, version: int, to: bytes) -> CoverStatement:
    """A cover that only who holds the private half of ``to`` (an X25519 key) can open, by HPKE: a proxy that opens TLS must not get it.

    Raises:
        ValueError: ``to`` is no public key.

    """
    sealed = SEALING.encrypt(cover.secret, X25519PublicKey.from_public_bytes(to), info=_sealed_as(kiosk, version))
    return CoverStatement(kiosk=kiosk, version=version, sealed=sealed)


def message_of(statement: bytes) -> bytes:
    """What the registry signs: a signature made for anything else is none."""
    return _PURPOSE + statement


def opened(told: SignedCover, key: X25519PrivateKey, *, kiosk: UUID, registry_key: bytes) -> tuple[Cover, int]:
    """The cover that the registry tells this kiosk, and its version.

    Raises:
        UntrustedCoverError: it does not, or not for this key.

    """
    if not is_signed(registry_key, message_of(told.statement), told.signature):
        message = "signature: not by this kiosk's registry"
        raise UntrustedCoverError(message)
    try:
        statement = msgspec.json.decode(told.statement, type=CoverStatement)
        if statement.kiosk != kiosk:
            message = "kiosk: another one"
            raise UntrustedCoverError(message)
        secret = SEALING.decrypt(statement.sealed, key, info=_sealed_as(kiosk, statement.version))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError, InvalidTag):
        message = "statement: can't be opened here"
        raise UntrustedCoverError(message) from None
    return Cover(secret), statement.version


def signed(statement: CoverStatement, sign: Callable[[bytes], bytes]) -> SignedCover:
    """A statement with the registry's signature."""
    written = encode(statement)
    return SignedCover(statement=written, signature=sign(message_of(written)))


def public_text(key: X25519PrivateKey) -> str:
    """The public half as a poll states it: URL-safe base64."""
    return base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).decode()


def public_key_of(text: str) -> bytes:
    """The 32 bytes of such a text.

    Raises:
        ValueError: it is none.

    """
    try:
        key = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:  # of base64, and of text that is no ASCII
        key = b""
    if len(key) != KEY_BYTES:
        message = "no X25519 key in URL-safe base64"
        raise ValueError(message)
    return key


def _sealed_as(kiosk: UUID, version: int) -> bytes:
    return b"youyue cover sealed v1\0" + kiosk.bytes + version.to_bytes(8, "big")
