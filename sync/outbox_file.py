"""Facts that leave a kiosk on a stick: encrypted for the registry, signed by the kiosk."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from circulation.outbox_file import OutboxContent, SealedOutbox, SignedOutbox, bound_to, encryption_key_of, mark_of, signed_part
from circulation.wire import PushBatch, encode
from replica.sealing import SEALING
from sync.identity import Identity


def sealed_outbox(identity: Identity, batch: PushBatch, *, made_at: datetime) -> bytes:
    """The bytes of a file with the facts of a batch, of any length, which only the registry can read.

    Args:
        identity: whose they are; its ``registry_key`` says for whom.
        batch: what would be pushed.
        made_at: aware UTC; it is told, and decides nothing.

    Raises:
        ValueError: the registry's key can't be used to encrypt.

    """
    last_seq = batch.first_seq + len(batch.facts) - 1
    content = encode(OutboxContent(facts=batch.facts, chain=batch.chain))
    for_registry = X25519PublicKey.from_public_bytes(encryption_key_of(identity.registry_key))
    sealed = SEALING.encrypt(content, for_registry, info=bound_to(identity.kiosk, batch.epoch, batch.first_seq, last_seq))
    outbox = encode(
        SealedOutbox(
            kiosk=identity.kiosk,
            epoch=batch.epoch,
            first_seq=batch.first_seq,
            last_seq=last_seq,
            made_at=made_at,
            registry=mark_of(identity.registry_key),
            sealed=sealed,
        )
    )
    return encode(SignedOutbox(outbox=outbox, signature=identity.signing_key.sign(signed_part(outbox))))
