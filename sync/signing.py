"""The kiosk's half of request signing (RFC 9421), by the profile of ``circulation.signing``, and the clock it signs by."""

from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from requests import PreparedRequest

from circulation.signing import CONTENT_DIGEST, COVERED, LABEL, TAG, content_digest
from kiosk.ports import Clock


class RegistryClock:
    """The registry's time, as far as this kiosk knows it: its own wall clock until the registry has told its own.

    Once told, it goes on by the monotonic clock, so that a jump of the wall clock changes nothing.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """Aware UTC."""
        told = self._told
        if told is None:
            return self._clock.now()
        server_time, at = told
        return server_time + timedelta(seconds=self._clock.monotonic() - at)

    def learn(self, server_time: datetime) -> None:
        """Take over the registry's time (aware) as of this moment."""
        self._told = (server_time, self._clock.monotonic())


class RequestSigner:
    """Signs requests with the device key. Both threads of a kiosk share one, and with it the registry's time."""

    def __init__(self, kiosk: UUID, device_key: Ed25519PrivateKey, clock: RegistryClock) -> None:
        self.clock = clock
        self._key_id = str(kiosk)
        resolver = MappingKeyResolver(public_keys={}, private_keys={self._key_id: device_key})
        self._signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=resolver)

    def sign(self, request: PreparedRequest) -> None:
        """Put digest and signature into the request's headers, in place of any that are there."""
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        request.headers[CONTENT_DIGEST] = content_digest(body)
        self._signer.sign(
            request,
            key_id=self._key_id,
            created=self.clock.now(),
            label=LABEL,
            tag=TAG,
            include_alg=True,
            covered_component_ids=COVERED,
            body=body,
            use_existing_digest=True,
        )
