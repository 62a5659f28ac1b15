"""Offline terms as they reach a kiosk: signed by the registry's own key, the one that was pinned at enrolment.

The feed is not signed, TLS guards it. Whoever could put limits into it, a proxy that breaks TLS open, would let a stolen card lend
without an end: so terms count only with the registry's signature over their very bytes.
"""

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from circulation.documents import DocumentError
from circulation.offline_terms import OfflineTerms, read_terms, written_terms
from circulation.wire import MAX_TERMS_BYTES, SignedTerms
from replica.mobile_keys import is_signed

_PURPOSE = b"youyue offline terms v1\0"


class UntrustedTermsError(Exception):
    """These offline terms are not the registry's."""


class UnreadableTermsError(Exception):
    """The registry signed them, and this programme can't read them; the message names the place."""


def statement_of(terms: OfflineTerms) -> bytes:
    """The bytes of a version: JSON, the same for the same terms."""
    return msgspec.json.encode(written_terms(terms), order="sorted")


def message_of(statement: bytes) -> bytes:
    """What the registry signs: a signature made for anything else is none."""
    return _PURPOSE + statement


def signed_with(key: Ed25519PrivateKey, terms: OfflineTerms) -> SignedTerms:
    """Terms with a key's signature."""
    statement = statement_of(terms)
    return SignedTerms(statement=statement, signature=key.sign(message_of(statement)))


def trusted_terms(told: SignedTerms, *, registry_key: bytes) -> OfflineTerms:
    """The terms that bear the registry's signature.

    Raises:
        UntrustedTermsError: these do not, or are longer than any are.
        UnreadableTermsError: they do, and are none that this programme knows.

    """
    if len(told.statement) > MAX_TERMS_BYTES or not is_signed(registry_key, message_of(told.statement), told.signature):
        message = "signature: not by this kiosk's registry"
        raise UntrustedTermsError(message)
    try:
        document = msgspec.json.decode(told.statement, type=dict[str, object])
        return read_terms(document, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, DocumentError) as error:
        message = " ".join(str(error).split())[:200]
        raise UnreadableTermsError(message) from None
