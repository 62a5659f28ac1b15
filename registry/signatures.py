"""Checking the signature of a kiosk or a partner (RFC 9421) by the profile of ``circulation.signing``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from circulation.signing import AS_KIOSK, AS_PARTNER, COVERED, MAX_SKEW, SignedAs


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


Signer = TypeVar("Signer", bound=KeyHolder)


@dataclass(frozen=True, slots=True)
class Proof(Generic[Signer]):
    """Whose key signed the request, and which ``Content-Digest`` it covers."""

    signer: Signer
    content_digest: str


class _Keys(HTTPSignatureKeyResolver, Generic[Signer]):
    def __init__(self, find: Callable[[UUID], Signer | None], signed_as: SignedAs) -> None:
        self._find = find
        self._as = signed_as

    def signer(self, key_id: str) -> Signer:
        try:
            found = self._find(UUID(key_id))
        except ValueError:
            found = None
        if found is None:
            raise SignatureRefusedError(code=f"{self._as.label}_unknown", problem=_UNKNOWN[self._as.label])
        return found

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.signer(key_id).public_key)


class _Verifier(HTTPMessageVerifier):
    def __init__(self, keys: HTTPSignatureKeyResolver, now: Callable[[], datetime]) -> None:
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
            problem = f"the request was signed more than {MAX_SKEW.seconds} s from the registry's time: set the clock"
            raise SignatureRefusedError(code="clock_skew", problem=problem)


def verify(
    request: SignedRequest, find: Callable[[UUID], Signer | None], *, now: Callable[[], datetime], signed_as: SignedAs = AS_KIOSK
) -> Proof[Signer]:
    """Who signed a request. The body is not looked at: compare the digest with it afterwards.

    Raises:
        SignatureRefusedError: nobody we know did, or not now, or not all that must be covered.

    """
    if not any(name.lower() == "signature-input" for name, _ in request.headers.lines):
        raise SignatureRefusedError(code="signature_missing", problem="requests are signed here (docs/sync-protocol.md)")
    keys = _Keys(find, signed_as)
    try:
        results = _Verifier(keys, now).verify(request, expect_tag=signed_as.tag, require_components=COVERED)
    except HTTPMessageSignaturesException as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, SignatureRefusedError):
            raise cause from None
        raise SignatureRefusedError(code="signature_invalid", problem="the signature does not fit the request") from None
    if len(results) != 1 or results[0].label != signed_as.label:
        raise SignatureRefusedError(code="signature_invalid", problem=f"a request carries one signature, labelled {signed_as.label!r}")
    signed = results[0]
    return Proof(keys.signer(str(signed.parameters["keyid"])), signed.covered_components['"content-digest"'])


_UNKNOWN = {
    AS_KIOSK.label: "no kiosk of this name is enrolled here: enrol it again",
    AS_PARTNER.label: "no partner of this name is registered here: ask the library",
}
