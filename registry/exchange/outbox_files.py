"""Reading the file by which a kiosk's facts came on a stick. Nothing of it is believed before the kiosk's signature is proved. Pure."""

from enum import StrEnum, unique
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec import Struct

from circulation.outbox_file import (
    MAX_OUTBOX_FILE,
    OutboxContent,
    SealedOutbox,
    SignedOutbox,
    bound_to,
    decryption_key_of,
    mark_of,
    signed_part,
)
from circulation.wire import PushBatch
from registry.keys import RegistryKeys
from replica.sealing import SEALING

Envelope = TypeVar("Envelope", bound=Struct)


@unique
class FileRefusal(StrEnum):
    """Why nothing of a file was taken: stable codes, ``outbox.refused.<code>`` in the catalogue."""

    TOO_LARGE = "outbox_too_large"
    NOT_ONE = "outbox_not_one"
    """No outbox, or one that was cut off or damaged."""
    NEWER = "outbox_newer"
    """A newer programme wrote it."""
    OTHER_REGISTRY = "outbox_other_registry"
    KIOSK_UNKNOWN = "outbox_kiosk_unknown"
    KIOSK_REVOKED = "outbox_kiosk_revoked"
    SIGNATURE = "outbox_signature"
    """The kiosk that it names did not write it so."""
    CONTENT = "outbox_content"
    """The signature is right and the content can't be read, or is not what the outside says."""
    GAP = "outbox_gap"
    """Facts are missing before these: an earlier file comes first."""
    REUSED = "outbox_reused"
    """A number or a key came before with another body: a ledger was copied, or somebody plays."""


class FileRefusedError(Exception):
    """Nothing of the file was taken. ``number`` is that of the fact that is missing, or stands against it."""

    def __init__(self, code: FileRefusal, number: int | None = None) -> None:
        super().__init__(str(code))
        self.code = code
        self.number = number


def read_outside(content: bytes, keys: RegistryKeys) -> tuple[SignedOutbox, SealedOutbox]:
    """What a file says of itself, for whoever knows the kiosk's key. Nothing of it is proved yet.

    Raises:
        FileRefusedError: it is no outbox, or not for this registry.

    """
    if len(content) > MAX_OUTBOX_FILE:
        raise FileRefusedError(FileRefusal.TOO_LARGE)
    signed = _decoded(content, SignedOutbox)
    outside = _decoded(signed.outbox, SealedOutbox)
    if outside.registry != mark_of(keys.public):
        raise FileRefusedError(FileRefusal.OTHER_REGISTRY)
    return signed, outside


def opened(signed: SignedOutbox, outside: SealedOutbox, kiosk_key: bytes, keys: RegistryKeys) -> PushBatch:
    """Prove the signature of the kiosk whose Ed25519 key this is, and decrypt.

    Raises:
        FileRefusedError: the signature proves nothing, or the content is not what the outside says.

    """
    try:
        Ed25519PublicKey.from_public_bytes(kiosk_key).verify(signed.signature, signed_part(signed.outbox))
    except InvalidSignature:
        raise FileRefusedError(FileRefusal.SIGNATURE) from None
    private = X25519PrivateKey.from_private_bytes(decryption_key_of(keys.signing.private_bytes_raw()))
    info = bound_to(outside.kiosk, outside.epoch, outside.first_seq, outside.last_seq)
    try:
        content = msgspec.json.decode(SEALING.decrypt(outside.sealed, private, info=info), type=OutboxContent)
    except (InvalidTag, ValueError, msgspec.DecodeError, RecursionError):
        raise FileRefusedError(FileRefusal.CONTENT) from None
    if outside.first_seq + len(content.facts) - 1 != outside.last_seq:
        raise FileRefusedError(FileRefusal.CONTENT)
    return PushBatch(epoch=outside.epoch, first_seq=outside.first_seq, facts=content.facts, chain=content.chain)


class _Versioned(Struct):
    v: int


def _decoded(content: bytes, of: type[Envelope]) -> Envelope:
    try:
        return msgspec.json.decode(content, type=of)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise FileRefusedError(FileRefusal.NEWER if _is_newer(content) else FileRefusal.NOT_ONE) from None


def _is_newer(content: bytes) -> bool:
    try:
        return msgspec.json.decode(content, type=_Versioned).v > 1
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
