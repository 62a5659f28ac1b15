"""What a kiosk holds of covers: told by its registry alone, in memory alone, and never taken for another (ADR 43)."""

from dataclasses import dataclass, field
from io import BytesIO
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from circulation.covers import SignedCover
from circulation.range_checks import DifferingRange, RangeAnswer, RangeCheck, RangeDigest
from circulation.wire import Change, ChangesPage, SignedManifest, SnapshotManifest
from replica.covers import Cover, public_text, sealed_for, signed
from sync.covers import HeldCover
from sync.errors import RegistryAnswerError
from sync.identity import Identity
from tests.unit.sync.values import FEED, NOW, a_page, an_identity

CARD = bytes(range(16))
FIRST, SECOND = Cover(bytes(32)), Cover(bytes([2]) * 32)


@dataclass
class Kiosk:
    """A run of a kiosk, and the registry that it believes."""

    registry: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)

    def __post_init__(self) -> None:
        self.identity: Identity = an_identity(registry_key=self.registry.public_key().public_bytes_raw())
        self.held = HeldCover(self.identity, self.key)

    def told(self, cover: Cover, *, by: Ed25519PrivateKey | None = None) -> SignedCover:
        to = self.key.public_key().public_bytes_raw()
        statement = sealed_for(cover, kiosk=self.identity.kiosk, version=1, to=to)
        return signed(statement, (by or self.registry).sign)


@pytest.fixture
def kiosk() -> Kiosk:
    return Kiosk()


def a_covered_page(under: Cover, told: SignedCover | UnsetType = UNSET) -> ChangesPage:
    return replace(a_bare_page(under.covered(CARD)), cover=under.id, new_cover=told)


def a_bare_page(key: bytes = CARD) -> ChangesPage:
    return replace(a_page(start=0, end=1), changes=(Change(seq=1, table="card", key=key.hex()),))


def a_check(*ranges: RangeDigest) -> RangeCheck:
    return RangeCheck(feed=FEED, cursor=1, schema=3, ranges=ranges or (RangeDigest(table="card", upto=CARD.hex(), rows=1, xor="0" * 16),))


def an_answer(under: Cover) -> RangeAnswer:
    rows = (Change(seq=1, table="card", key=under.covered(CARD).hex()),)
    return RangeAnswer(server_time=NOW, position=1, differing=(DifferingRange(range=0, rows=rows),), cover=under.id)


def a_manifest(under: Cover | None = None) -> SnapshotManifest:
    plain = SnapshotManifest(
        name="a", sha256="0" * 64, size=1, plain_size=1, version=1, schema=3, branch="C01", feed=uuid4(), cursor=1, built_at=NOW
    )
    return plain if under is None else replace(plain, cover=under.id, salt=bytes(16))


def test_a_run_begins_without_a_cover_and_says_so(kiosk: Kiosk) -> None:
    assert kiosk.held.stated == {"cover": "", "cover_key": public_text(kiosk.key)}


def test_a_page_brings_the_cover_that_it_lies_under(kiosk: Kiosk) -> None:
    page = kiosk.held.page(a_covered_page(FIRST, kiosk.told(FIRST)))
    assert [one.key for one in page.changes] == [CARD.hex()]
    assert kiosk.held.stated["cover"] == FIRST.id
    assert [one.key for one in kiosk.held.page(a_covered_page(FIRST)).changes] == [CARD.hex()]


def test_another_cover_takes_the_place_of_the_one_before(kiosk: Kiosk) -> None:
    kiosk.held.page(a_covered_page(FIRST, kiosk.told(FIRST)))
    assert [one.key for one in kiosk.held.page(a_covered_page(SECOND, kiosk.told(SECOND))).changes] == [CARD.hex()]
    with pytest.raises(RegistryAnswerError, match="cover: another one than this kiosk holds"):
        kiosk.held.page(a_covered_page(FIRST))


def test_a_page_under_a_cover_that_was_never_told_is_no_answer(kiosk: Kiosk) -> None:
    with pytest.raises(RegistryAnswerError, match="cover: another one"):
        kiosk.held.page(a_covered_page(FIRST))


def test_a_cover_of_another_registry_is_no_answer_and_is_not_held(kiosk: Kiosk) -> None:
    with pytest.raises(RegistryAnswerError, match=r"new_cover\.signature: not by this kiosk's registry"):
        kiosk.held.page(a_covered_page(FIRST, kiosk.told(FIRST, by=Ed25519PrivateKey.generate())))
    assert kiosk.held.id == ""


def test_a_registry_from_before_covers_is_understood(kiosk: Kiosk) -> None:
    bare = a_bare_page()
    assert kiosk.held.page(bare) is bare
    kiosk.held.page(a_covered_page(FIRST, kiosk.told(FIRST)))
    assert kiosk.held.page(bare) is bare
    packed = BytesIO(b"packed")
    assert kiosk.held.uncovered(packed, a_manifest()) is packed


def test_a_check_is_sent_under_the_cover_and_says_when_there_is_none_yet(kiosk: Kiosk) -> None:
    assert kiosk.held.check(a_check()) == replace(a_check(), cover="")
    kiosk.held.page(a_covered_page(FIRST, kiosk.told(FIRST)))
    sent = kiosk.held.check(a_check())
    assert (sent.cover, sent.ranges[0].upto) == (FIRST.id, FIRST.covered(CARD).hex())


def test_an_answer_to_a_check_comes_from_under_the_cover(kiosk: Kiosk) -> None:
    kiosk.held.page(a_covered_page(FIRST, kiosk.told(FIRST)))
    assert kiosk.held.answer(an_answer(FIRST)).differing[0].rows[0].key == CARD.hex()


@pytest.mark.parametrize("answer", [replace(an_answer(FIRST), cover=UNSET), an_answer(SECOND)], ids=["none", "another"])
def test_an_answer_that_compared_other_ranges_is_none(kiosk: Kiosk, answer: RangeAnswer) -> None:
    kiosk.held.page(a_covered_page(FIRST, kiosk.told(FIRST)))
    with pytest.raises(RegistryAnswerError, match="cover: another one"):
        kiosk.held.answer(answer)


def test_a_snapshot_comes_from_under_the_cover_that_came_with_its_manifest(kiosk: Kiosk) -> None:
    signed_manifest = SignedManifest(manifest=b"", signature=bytes(64), new_cover=kiosk.told(FIRST))
    assert kiosk.held.told_with(signed_manifest) is signed_manifest
    content = bytes(range(256)) * 9_000
    packed = BytesIO(FIRST.stream(bytes(16)).update(content))
    assert kiosk.held.uncovered(packed, a_manifest(FIRST)).read() == content


def test_a_snapshot_under_another_cover_is_not_unpacked(kiosk: Kiosk) -> None:
    kiosk.held.page(a_covered_page(FIRST, kiosk.told(FIRST)))
    with pytest.raises(RegistryAnswerError, match="cover: another one"):
        kiosk.held.uncovered(BytesIO(b"packed"), a_manifest(SECOND))
