"""A small city for the registry's tests, and a kiosk that speaks to it over real HTTP with signed requests."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms
from sqlalchemy import text
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardUid
from circulation.facts import CheckedIn, CheckedOut, Fact, FactEnvelope, Renewed
from circulation.holds import HoldState
from circulation.ids import BranchCode, CardId, HoldId, ItemId, PatronId
from circulation.signing import ALGORITHM, AS_KIOSK, CONTENT_DIGEST, COVERED, SignedAs, content_digest
from circulation.wire import ChangesPage, EnrolmentAnswer, EnrolmentRequest, FactResult, Problem, PushAnswer, PushBatch, encode
from registry.cards.store import CardRecord
from registry.enrolment.store import PatronRecord
from registry.exchange.store_feed import head
from registry.holds.records import HoldRecord
from registry.house import Registry
from registry.lending.store import Branch
from registry.outside import Outside
from registry.settings import RegistrySettings
from replica.card_keys import card_key
from tests.builders import a_rule_set, an_item, opening_days
from tests.integration.registry.homes import Home

START = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
"""Ten in the morning at the library."""


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass(frozen=True)
class City:
    """Two branches, two patrons with a card each, four books at the first branch and one at the second."""

    registry: Registry
    clock: Clock
    home: Home
    ming: UUID
    hua: UUID
    ming_card: CardUid
    hua_card: CardUid
    books: tuple[UUID, ...]
    far_book: UUID

    def key_of(self, uid: CardUid) -> bytes:
        return card_key(uid, secret=self.registry.keys.card_secret)

    @property
    def feed(self) -> UUID:
        with self.registry.database.reading() as connection:
            return head(connection).feed

    def sql(self, query: str, **bound: str) -> list[tuple[Any, ...]]:
        """Ask by plain SQL, where ``:name`` is a bound value; every engine's values as SQLite keeps them."""
        with self.registry.database.reading() as connection:
            found = connection.execute(text(query), bound) if bound else connection.exec_driver_sql(query)
            return [tuple(_as_sqlite_keeps_it(value) for value in row) for row in found]


def _as_sqlite_keeps_it(value: object) -> object:
    match value:
        case UUID():
            return value.bytes
        case datetime():
            return (value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        case date():
            return value.isoformat()
        case dict() | list():
            return json.dumps(value)
        case _:
            return value


@dataclass(frozen=True)
class Founded:
    """A city whose registry is closed, to be copied."""

    home: Home
    city: City


def found_city(home: Home) -> Founded:
    clock = Clock()
    registry = Registry.open(home.folder, Outside(clock, uuid7, os.urandom), database=home.url)
    city = City(
        registry,
        clock,
        home,
        ming=uuid7(),
        hua=uuid7(),
        ming_card=CardUid.from_hex("04A32B1C"),
        hua_card=CardUid.from_hex("04A1B2C3D4E580"),
        books=tuple(uuid7() for _ in range(4)),
        far_book=uuid7(),
    )
    fill(registry, city)
    registry.close()
    return Founded(home, city)


def reopened(founded: Founded, home: Home, settings: RegistrySettings | None = None) -> City:
    """A founded city in a copy of its home, at the same moment."""
    clock = Clock()
    registry = Registry.open(home.folder, Outside(clock, uuid7, os.urandom), settings, database=home.url)
    return replace(founded.city, registry=registry, clock=clock, home=home)


def fill(registry: Registry, city: City) -> None:
    registry.add_branches([Branch(BranchCode("C01"), "總館", "大安區"), Branch(BranchCode("L12"), "龍華")], tell_feed=False)
    registry.add_rule_sets([a_rule_set()], tell_feed=False)
    registry.add_calendars({BranchCode("C01"): opening_days(), BranchCode("L12"): opening_days()}, tell_feed=False)
    registry.add_patrons(
        [
            PatronRecord(PatronId(city.ming), "王小明", "A123456789", date(2014, 5, 6), regular_at="C01"),
            PatronRecord(PatronId(city.hua), "歐陽小華", "F131234569", date(2013, 1, 2)),
        ],
        tell_feed=False,
    )
    registry.add_cards(
        [
            CardRecord(CardId(uuid7()), PatronId(city.ming), CardKind.EASYCARD, city.ming_card),
            CardRecord(CardId(uuid7()), PatronId(city.hua), CardKind.EASYCARD, city.hua_card),
        ],
        tell_feed=False,
    )
    registry.add_items([an_item(id=key, barcode=f"3023400000000{i}") for i, key in enumerate(city.books)], tell_feed=False)
    registry.add_items([an_item(id=city.far_book, barcode="30234000009999", branch="L12")], tell_feed=False)


@dataclass
class Kiosk:
    """A kiosk's side of the protocol, as small as it can be."""

    url: str
    clock: Clock
    me: EnrolmentAnswer
    key: Ed25519PrivateKey
    epoch: UUID = field(default_factory=uuid7)
    seq: int = 0
    session: requests.Session = field(default_factory=requests.Session)

    def request(self, method: str, path: str, body: bytes = b"", *, headers: Mapping[str, str] | None = None) -> requests.Response:
        prepared = self.signed(method, path, body, headers=headers)
        return self.session.send(prepared, timeout=30)

    def signed(self, method: str, path: str, body: bytes = b"", *, headers: Mapping[str, str] | None = None) -> requests.PreparedRequest:
        asked = requests.Request(method, self.url + path, data=body, headers={CONTENT_DIGEST: content_digest(body), **(headers or {})})
        prepared = self.session.prepare_request(asked)
        sign(prepared, self.me.kiosk, self.key, self.clock())
        return prepared

    def envelope(self, fact: Fact, *, at: datetime | None = None) -> bytes:
        self.seq += 1
        return encode(FactEnvelope(key=uuid7(), seq=self.seq, at=at or self.clock(), monotonic=1, boot="b", correlation="c", fact=fact))

    def batch(self, first_seq: int, *facts: bytes) -> bytes:
        return encode(PushBatch(epoch=self.epoch, first_seq=first_seq, facts=[msgspec.Raw(fact) for fact in facts]))

    def push_raw(self, first_seq: int, *facts: bytes) -> requests.Response:
        return self.request("POST", "/v1/facts", self.batch(first_seq, *facts))

    def push(self, first_seq: int, *facts: bytes) -> tuple[FactResult, ...]:
        answer = self.push_raw(first_seq, *facts)
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=PushAnswer).results

    def changes(self, feed: UUID, after: int, wait: float = 0) -> ChangesPage:
        answer = self.request("GET", f"/v1/changes?feed={feed}&after={after}&wait={wait}")
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=ChangesPage)


def enrol(url: str, city: City, branch: str = "C01") -> Kiosk:
    code = city.registry.issue_code(branch).code
    key = Ed25519PrivateKey.generate()
    asked = EnrolmentRequest(code=code, public_key=public_half(key), name="kiosk")
    answer = requests.post(f"{url}/v1/enrolments", data=encode(asked), timeout=30)
    assert answer.status_code == 201, answer.text
    return Kiosk(url, city.clock, msgspec.json.decode(answer.content, type=EnrolmentAnswer), key)


def sign(prepared: requests.PreparedRequest, key_id: UUID, key: Ed25519PrivateKey, at: datetime, signed_as: SignedAs = AS_KIOSK) -> None:
    """Put a signature into a request that has its digest already."""
    keys = MappingKeyResolver(public_keys={}, private_keys={str(key_id): key})
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=keys).sign(
        prepared,
        key_id=str(key_id),
        created=at,
        label=signed_as.label,
        tag=signed_as.tag,
        covered_component_ids=COVERED,
        use_existing_digest=True,
    )
    assert f'alg="{ALGORITHM}"' in prepared.headers["Signature-Input"]


def public_half(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def a_checkout(
    patron: UUID, item: UUID, *, card: bytes | None = None, due: date = date(2026, 4, 10), loan: UUID | None = None
) -> CheckedOut:
    return CheckedOut(loan=loan or uuid7(), patron=patron, item=item, due=due, rules=1, card=card)


def a_return(*, loan: UUID | None = None, item: UUID | None = None, barcode: str = "?") -> CheckedIn:
    return CheckedIn(barcode=barcode, item=item, loan=loan)


def a_renewal(loan: UUID, patron: UUID, *, due: date = date(2026, 5, 10), card: bytes | None = None) -> Renewed:
    return Renewed(loan=loan, patron=patron, due=due, rules=1, card=card)


def a_hold(  # noqa: PLR0913 - one optional argument a field
    patron: UUID,
    *,
    title: str = "小王子",
    pickup: str = "C01",
    placed_at: datetime = START,
    state: HoldState = HoldState.WAITING,
    item: UUID | None = None,
    shelf: str = "",
    until: date | None = None,
) -> HoldRecord:
    copy = None if item is None else ItemId(item)
    return HoldRecord(HoldId(uuid7()), PatronId(patron), title, BranchCode(pickup), placed_at, state, copy, shelf, until)


def deaf(*, urgent: bool) -> None:
    """Hear of changes and wake nobody."""


def problem_of(answer: requests.Response) -> Problem:
    return msgspec.json.decode(answer.content, type=Problem)
