"""How kiosks and partners sign their requests: the profile of RFC 9421 that both sides share. Values only; each side brings its library.

Every request of an enrolled kiosk is signed, reads too, and also one without a body: it then carries
the digest of no bytes. The host is not covered, because a kiosk and a registry behind a proxy do not
see the same one; TLS with the own CA says who answers. A replayed read tells its thief nothing that
TLS did not already have to hide, a replayed push is harmless: facts are idempotent. A partner (the Education
Bureau's system, an app for mobile cards) signs in the same way under a label and a tag of its own, so
that no kiosk's signature ever passes as a partner's; its routes too are safe against a replay.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import timedelta

ALGORITHM = "ed25519"
"""``alg`` of the signature's parameters."""
LABEL = "kiosk"
"""The signature's label in ``Signature-Input`` and ``Signature``."""
TAG = "youyue-kiosk-v1"
"""``tag`` of the signature's parameters: a signature made for anything else is none."""
COVERED = ("@method", "@path", "@query", "content-digest")
"""What is signed, in this order. ``@query`` without a query is ``?`` (RFC 9421, section 2.2.7)."""
MAX_SKEW = timedelta(seconds=300)
"""How far ``created`` may be from the registry's clock, either way."""
CONTENT_DIGEST = "Content-Digest"


@dataclass(frozen=True, slots=True)
class SignedAs:
    """As what somebody signs: the signature's label, and the tag among its parameters. One made as anything else is none."""

    label: str
    tag: str


AS_KIOSK = SignedAs(LABEL, TAG)
AS_PARTNER = SignedAs("partner", "youyue-partner-v1")


def content_digest(body: bytes) -> str:
    """The value of the ``Content-Digest`` field for a body (RFC 9530): ``sha-256=:BASE64:``."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
