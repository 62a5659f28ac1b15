"""A partner's side of the protocol: a machine that is no kiosk, with a key of its own."""

import base64
from dataclasses import dataclass, field
from uuid import UUID

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from circulation.signing import AS_PARTNER, CONTENT_DIGEST, SignedAs, content_digest
from registry.partners.roles import PartnerRole
from tests.integration.registry.city import City, Clock, public_half, sign


@dataclass
class Machine:
    """Signs as a partner, unless a test says otherwise."""

    url: str
    clock: Clock
    id: UUID
    key: Ed25519PrivateKey
    signed_as: SignedAs = AS_PARTNER
    session: requests.Session = field(default_factory=requests.Session)

    def request(self, method: str, path: str, body: bytes = b"") -> requests.Response:
        return self.session.send(self.signed(method, path, body), timeout=30)

    def signed(self, method: str, path: str, body: bytes = b"") -> requests.PreparedRequest:
        prepared = self.session.prepare_request(
            requests.Request(method, self.url + path, data=body, headers={CONTENT_DIGEST: content_digest(body)})
        )
        sign(prepared, self.id, self.key, self.clock(), self.signed_as)
        return prepared


def written(key: Ed25519PrivateKey) -> str:
    """A key's public half as its people write it down."""
    return base64.b64encode(public_half(key)).decode()


def a_machine(url: str, city: City, role: PartnerRole = PartnerRole.APP, *, name: str = "iRead") -> Machine:
    """A partner that staff have registered."""
    key = Ed25519PrivateKey.generate()
    made = city.registry.desk.partners.register(name, role, written(key), by="staff:lin")
    return Machine(url, city.clock, made.id, key)
