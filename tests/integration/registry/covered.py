"""A kiosk whose program knows covers, for the registry's tests."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec
import requests
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec import UnsetType

from circulation.covers import SignedCover
from circulation.range_checks import RangeCheck, RangeDigest
from circulation.wire import ChangesPage, SignedManifest, encode
from replica.covers import Cover, opened, public_text
from replica.tables import SCHEMA_VERSION
from tests.integration.registry.city import City, Kiosk


@dataclass
class CoveredKiosk:
    """A kiosk whose program knows covers. ``cover`` is what it holds."""

    plain: Kiosk
    key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    cover: Cover | None = None
    version: int = 0

    @property
    def stated(self) -> dict[str, str]:
        return {"cover": "" if self.cover is None else self.cover.id, "cover_key": public_text(self.key)}

    def poll(self, city: City, after: int = 0, *, wait: float = 0) -> ChangesPage:
        answer = self.ask(city, after, wait=wait)
        assert answer.status_code == 200, answer.text
        page = msgspec.json.decode(answer.content, type=ChangesPage)
        self.take(page.new_cover)
        return page

    def ask(self, city: City, after: int = 0, *, wait: float = 0, **stated: str) -> requests.Response:
        query = urlencode({"feed": str(city.feed), "after": str(after), "wait": str(wait), **self.stated, **stated})
        return self.plain.request("GET", f"/v1/changes?{query}")

    def take(self, told: SignedCover | UnsetType) -> None:
        if not isinstance(told, UnsetType):
            me = self.plain.me
            self.cover, self.version = opened(told, self.key, kiosk=me.kiosk, registry_key=me.registry_key)

    def snapshot(self) -> SignedManifest:
        answer = self.plain.request("GET", f"/v1/snapshots/latest?{urlencode(self.stated)}")
        assert answer.status_code == 200, answer.text
        signed = msgspec.json.decode(answer.content, type=SignedManifest)
        self.take(signed.new_cover)
        return signed

    def compare(self, city: City, cover: str | UnsetType, *ranges: RangeDigest) -> requests.Response:
        check = RangeCheck(feed=city.feed, cursor=head(city), schema=SCHEMA_VERSION, ranges=ranges, cover=cover)
        return self.plain.request("POST", "/v1/range-checks", encode(check))


def head(city: City) -> int:
    ((number,),) = city.sql("SELECT n FROM feed_head")
    assert isinstance(number, int)
    return number


def held(kiosk: CoveredKiosk) -> Cover:
    assert kiosk.cover is not None
    return kiosk.cover
