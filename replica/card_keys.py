"""Card keys: how a replica names a card without holding its UID.

A 4-byte UID has only 2³² values, so a plain hash could be turned back in hours: the key is an HMAC
under a secret that the registry gives to enrolled kiosks and rotates when one is revoked.
"""

import hashlib
import hmac

from circulation.cards import CardUid

CARD_KEY_BYTES = 16


def card_key(uid: CardUid, *, secret: bytes) -> bytes:
    """The 16-byte key of a card. The kind is not part of it: a tap shows a UID and no kind that can be trusted."""
    return hmac.new(secret, b"youyue card v1\0" + uid.octets, hashlib.sha256).digest()[:CARD_KEY_BYTES]


def card_tag(uid: CardUid, *, secret: bytes) -> str:
    """Six hexadecimal digits for logs: enough to follow a card through a day, too few to find it again. ``secret`` is the kiosk's own."""
    return hmac.new(secret, b"youyue log v1\0" + uid.octets, hashlib.sha256).hexdigest()[:6]
