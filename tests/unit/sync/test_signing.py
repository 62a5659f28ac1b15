"""Signed requests and the time they are signed by."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageVerifier, InvalidSignature, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from requests import PreparedRequest, Request

from circulation.signing import COVERED, LABEL, TAG, content_digest
from sync.signing import RegistryClock, RequestSigner
from tests.unit.sync.values import NOW, StillClock, later

KIOSK = uuid4()
DEVICE = Ed25519PrivateKey.generate()


def a_signed_request(method: str = "POST", url: str = "http://127.0.0.1:1/v1/facts", body: bytes | None = b'{"v":1}') -> PreparedRequest:
    request = Request(method, url, data=body).prepare()
    signer_at(datetime.now(UTC)).sign(request)
    return request


def signer_at(now: datetime, kiosk: UUID = KIOSK) -> RequestSigner:
    return RequestSigner(kiosk, DEVICE, RegistryClock(StillClock(wall=now)))


def verify(request: PreparedRequest) -> set[str]:
    keys = MappingKeyResolver(public_keys={str(KIOSK): DEVICE.public_key()}, private_keys={})
    verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=keys)
    (result,) = verifier.verify(request, expect_tag=TAG, expect_label=LABEL)
    return {name.strip('"') for name in result.covered_components}


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("POST", "http://127.0.0.1:1/v1/facts", b'{"v":1}'),
        ("GET", "http://127.0.0.1:1/v1/changes?feed=x&after=0&wait=25", None),
        ("GET", "http://127.0.0.1:1/v1/snapshots/latest", None),
    ],
)
def test_every_request_carries_a_signature_over_the_profile(method: str, url: str, body: bytes | None) -> None:
    request = a_signed_request(method, url, body)
    assert verify(request) >= set(COVERED)
    assert request.headers["Content-Digest"] == content_digest(body or b"")


@pytest.mark.parametrize(
    "change",
    [
        lambda request: setattr(request, "method", "PUT"),
        lambda request: setattr(request, "url", "http://127.0.0.1:1/v1/other"),
        lambda request: setattr(request, "url", "http://127.0.0.1:1/v1/facts?after=1"),
        lambda request: request.headers.__setitem__("Content-Digest", content_digest(b"other")),
    ],
    ids=["method", "path", "query", "digest"],
)
def test_what_is_covered_can_not_be_changed(change: object) -> None:
    request = a_signed_request()
    assert callable(change)
    change(request)
    with pytest.raises(InvalidSignature):
        verify(request)


def test_signing_again_replaces_the_signature_and_its_time() -> None:
    request = Request("POST", "http://127.0.0.1:1/v1/facts", data=b"{}").prepare()
    clock = StillClock()
    registry_clock = RegistryClock(clock)
    signer = RequestSigner(KIOSK, DEVICE, registry_clock)
    signer.sign(request)
    first = request.headers["Signature-Input"]
    registry_clock.learn(later(7200))
    signer.sign(request)
    assert f"created={int(NOW.timestamp())}" in first
    assert f"created={int(later(7200).timestamp())}" in request.headers["Signature-Input"]
    assert request.headers["Signature-Input"].count("created=") == 1


def test_the_learned_time_goes_on_by_the_monotonic_clock_and_does_not_jump() -> None:
    clock = StillClock()
    registry_clock = RegistryClock(clock)
    assert registry_clock.now() == NOW
    registry_clock.learn(later(600))
    clock.seconds += 30
    clock.wall -= timedelta(days=365)
    assert registry_clock.now() == later(630)
