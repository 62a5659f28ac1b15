"""Checking a kiosk's signature (RFC 9421) by the profile of ``circulation.signing``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from circulation.signing import COVERED, LABEL, MAX_SKEW, TAG


class SignatureRefusedError(Exception):
    """The request proves nothing. ``code`` is stable and goes back to the sender."""

    def __init__(self, *, code: str, problem: str) -> None:
        super().__init__(problem)
        self.code = code


class KeyHolder(Protocol):
    """Whoever a key ID names."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of an Ed25519 key."""
        ...


@dataclass(frozen=True, slots=True)
class Headers:
    """Header lines as they came."""

    lines: tuple[tuple[str, str], ...]

    def items(self) -> Iterable[tuple[str, str]]:
        """All lines in order."""
        return self.lines


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What is looked at of a request. ``url`` is absolute; its host is not covered and may be any."""

    method: str
    url: str
    headers: Headers


@dataclass(frozen=True, slots=True)
class Proof:
    """Whose key signed the request, and which ``Content-Digest`` it covers."""

    kiosk: UUID
    content_digest: str


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, find: Callable[[UUID], KeyHolder | None]) -> None:
        self._find = find

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        holder = self._find(kiosk_of(key_id))
        if holder is None:
            raise _unknown()
        return Ed25519PublicKey.from_public_bytes(holder.public_key)


class _Verifier(HTTPMessageVerifier):
    def __init__(self, keys: _Keys, now: Callable[[], datetime]) -> None:
        super().__init__(signature_algorithm=algorithms.ED25519, key_resolver=keys)
        self._now = now

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:  # noqa: ANN401, ARG002 - the library's signature
        """As the library does, by the registry's clock and the profile's window."""
        created = sig_input.params.get("created")
        if type(created) is not int:
            message = "the signature does not say when it was made"
            raise InvalidSignature(message)
        now = self._now()
        if abs(created - now.timestamp()) > MAX_SKEW.total_seconds():
            problem = f"the request was signed more than {MAX_SKEW.seconds} s from the registry's time: set the kiosk's clock"
            raise SignatureRefusedError(code="clock_skew", problem=problem)


def kiosk_of(key_id: str) -> UUID:
    """The kiosk that a key ID names.

    Raises:
        SignatureRefusedError: it is not a kiosk's.

    """
    try:
        return UUID(key_id)
    except ValueError:
        raise _unknown() from None


def verify(request: SignedRequest, find: Callable[[UUID], KeyHolder | None], *, now: Callable[[], datetime]) -> Proof:
    """Who signed a request. The body is not looked at: compare the digest with it afterwards.

    Raises:
        SignatureRefusedError: nobody we know did, or not now, or not all that must be covered.

    """
    if not any(name.lower() == "signature-input" for name, _ in request.headers.lines):
        raise SignatureRefusedError(code="signature_missing", problem="kiosks sign their requests (docs/sync-protocol.md)")
    try:
        results = _Verifier(_Keys(find), now).verify(request, expect_tag=TAG, require_components=COVERED)
    except HTTPMessageSignaturesException as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, SignatureRefusedError):
            raise cause from None
        raise SignatureRefusedError(code="signature_invalid", problem="the signature does not fit the request") from None
    if len(results) != 1 or results[0].label != LABEL:
        raise SignatureRefusedError(code="signature_invalid", problem=f"a request carries one signature, labelled {LABEL!r}")
    signed = results[0]
    return Proof(kiosk_of(str(signed.parameters["keyid"])), signed.covered_components['"content-digest"'])


def _unknown() -> SignatureRefusedError:
    return SignatureRefusedError(code="kiosk_unknown", problem="no kiosk of this name is enrolled here: enrol it again")
