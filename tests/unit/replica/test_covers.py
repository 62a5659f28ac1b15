"""Covers of card keys: whoever has not been told one finds nothing by the keys that he can make (ADR 43)."""

from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import CardKind, CardState
from circulation.covers import SignedCover
from circulation.range_checks import RangeDigest
from circulation.wire import Change
from replica.covered_rows import turned, turned_range
from replica.covers import Cover, UntrustedCoverError, opened, public_key_of, public_text, sealed_for, signed
from replica.mapping import RowKeyError
from replica.rows import CardRow

KIOSK, OTHER_KIOSK = UUID(int=1), UUID(int=2)
REGISTRY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PATRON = UUID(int=7)
SECRETS = st.binary(min_size=32, max_size=32)
CARD_KEYS = st.binary(min_size=16, max_size=16)


def a_run(number: int = 5) -> X25519PrivateKey:
    """The key of one run of a kiosk."""
    return X25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def a_cover(number: int = 1) -> Cover:
    return Cover(bytes([number]) * 32)


def a_told_cover(cover: Cover, *, kiosk: UUID = KIOSK, to: X25519PrivateKey | None = None, by: Ed25519PrivateKey = REGISTRY) -> SignedCover:
    key = (to or a_run()).public_key().public_bytes_raw()
    return signed(sealed_for(cover, kiosk=kiosk, version=3, to=key), by.sign)


def take(told: SignedCover, *, kiosk: UUID = KIOSK, key: X25519PrivateKey | None = None) -> tuple[Cover, int]:
    return opened(told, key or a_run(), kiosk=kiosk, registry_key=REGISTRY.public_key().public_bytes_raw())


def a_card(key: bytes) -> CardRow:
    return CardRow(key, PATRON, CardKind.EASYCARD, CardState.ACTIVE)


def a_change(key: bytes, *, row: bool = True) -> Change:
    return Change(seq=1, table="card", key=key.hex(), row=msgspec.Raw(msgspec.json.encode(a_card(key))) if row else None)


@given(secret=SECRETS, key=CARD_KEYS)
def test_a_card_key_comes_back_from_under_its_cover(secret: bytes, key: bytes) -> None:
    cover = Cover(secret)
    assert cover.uncovered(cover.covered(key)) == key
    assert len(cover.covered(key)) == len(key)


@given(secret=SECRETS, one=CARD_KEYS, other=CARD_KEYS)
def test_two_cards_stay_two_under_a_cover(secret: bytes, one: bytes, other: bytes) -> None:
    cover = Cover(secret)
    assert (cover.covered(one) == cover.covered(other)) is (one == other)


@given(one=SECRETS, other=SECRETS, key=CARD_KEYS)
def test_another_cover_is_another_name_for_a_card(one: bytes, other: bytes, key: bytes) -> None:
    assert (Cover(one).covered(key) == Cover(other).covered(key)) is (one == other)
    assert (Cover(one).id == Cover(other).id) is (one == other)


def test_a_cover_does_not_show_its_secret() -> None:
    assert bytes([1]).hex() * 3 not in repr(a_cover())
    assert "\\x01" not in repr(a_cover())


@given(content=st.binary(max_size=5_000), cut=st.integers(min_value=0, max_value=5_000), salt=st.binary(min_size=16, max_size=16))
def test_the_bytes_of_a_snapshot_come_back_however_they_are_cut(content: bytes, cut: int, salt: bytes) -> None:
    covered = a_cover().stream(salt).update(content)
    stream = a_cover().stream(salt)
    assert stream.update(covered[:cut]) + stream.update(covered[cut:]) == content


def test_two_snapshots_under_one_cover_have_nothing_in_common() -> None:
    zeros = bytes(64)
    assert a_cover().stream(bytes(16)).update(zeros) != a_cover().stream(bytes([1]) * 16).update(zeros)
    assert a_cover(1).stream(bytes(16)).update(zeros) != a_cover(2).stream(bytes(16)).update(zeros)


@given(keys=st.lists(CARD_KEYS, max_size=5), rows=st.booleans())
def test_changes_of_cards_travel_under_a_cover_and_come_back(*, keys: list[bytes], rows: bool) -> None:
    changes = tuple(a_change(key, row=rows) for key in keys)
    covered = turned(changes, a_cover().covered)
    assert all(key.hex() not in str(covered) for key in keys)
    assert turned(covered, a_cover().uncovered) == changes


def test_a_row_and_its_change_are_called_the_same_under_a_cover() -> None:
    (change,) = turned((a_change(bytes(16)),), a_cover().covered)
    assert change.row is not None
    row = msgspec.json.decode(change.row, type=CardRow)
    assert row.key.hex() == change.key
    assert (row.patron, row.kind, row.state) == (PATRON, CardKind.EASYCARD, CardState.ACTIVE)


@pytest.mark.parametrize(
    "change",
    [
        Change(seq=1, table="branch", key="C01", row=msgspec.Raw(b'{"code":"C01","name":"B"}')),
        Change(seq=1, table="card", key="no key", row=msgspec.Raw(b'{"key":"AA=="}')),
        Change(seq=1, table="card", key="00ff", row=msgspec.Raw(b"null")),
        Change(seq=1, table="tomorrow's", key="x"),
    ],
    ids=["another table", "nothing that can be read", "a key that is too short", "a table that nobody knows"],
)
def test_what_is_no_row_of_a_card_stays_as_it_is_for_its_reader_to_say_so(change: Change) -> None:
    assert turned((change,), a_cover().covered) == (change,)


def test_bounds_of_cards_are_covered_and_others_are_not() -> None:
    of = RangeDigest(table="card", after="00" * 16, upto="ff" * 16, rows=2, xor="0" * 16)
    covered = turned_range(of, a_cover().covered)
    assert {covered.after, covered.upto}.isdisjoint({of.after, of.upto})
    assert turned_range(covered, a_cover().uncovered) == of
    whole = RangeDigest(table="card", rows=2, xor="0" * 16)
    assert turned_range(whole, a_cover().covered) == whole
    loans = RangeDigest(table="loan", after=str(UUID(int=3)), rows=2, xor="0" * 16)
    assert turned_range(loans, a_cover().covered) == loans
    with pytest.raises(RowKeyError, match="'x' is no key of the table card"):
        turned_range(RangeDigest(table="card", after="x", rows=2, xor="0" * 16), a_cover().covered)


def test_the_kiosk_it_is_told_opens_a_cover_and_learns_its_version() -> None:
    assert take(a_told_cover(a_cover())) == (a_cover(), 3)


def test_a_proxy_that_reads_along_does_not_see_the_secret() -> None:
    told = a_told_cover(a_cover())
    assert a_cover().secret not in told.statement
    assert a_cover().secret.hex().encode() not in told.statement


def test_another_registrys_word_is_no_cover() -> None:
    with pytest.raises(UntrustedCoverError, match="signature: not by this kiosk's registry"):
        take(a_told_cover(a_cover(), by=Ed25519PrivateKey.from_private_bytes(bytes(32))))


def test_a_signature_made_for_anything_else_makes_no_cover() -> None:
    statement = a_told_cover(a_cover()).statement
    with pytest.raises(UntrustedCoverError, match="signature"):
        take(SignedCover(statement=statement, signature=REGISTRY.sign(statement)))


def test_what_another_kiosk_was_told_is_not_taken() -> None:
    with pytest.raises(UntrustedCoverError, match="kiosk: another one"):
        take(a_told_cover(a_cover(), kiosk=OTHER_KIOSK))


def test_what_was_sealed_for_an_earlier_run_can_not_be_opened() -> None:
    with pytest.raises(UntrustedCoverError, match="statement: can't be opened here"):
        take(a_told_cover(a_cover(), to=a_run(5)), key=a_run(6))


@pytest.mark.parametrize("statement", [b"", b"[]", b"{}", b"\xff", b"[" * 5_000], ids=["nothing", "a list", "no fields", "no text", "deep"])
def test_what_the_registry_signed_and_is_no_cover_is_refused(statement: bytes) -> None:
    with pytest.raises(UntrustedCoverError, match="statement: can't be opened here"):
        take(SignedCover(statement=statement, signature=REGISTRY.sign(b"youyue cover v1\0" + statement)))


def test_a_key_travels_as_text() -> None:
    assert public_key_of(public_text(a_run())) == a_run().public_key().public_bytes_raw()


@pytest.mark.parametrize("text", ["", "AAAA", "*" * 44, "ä" * 44, "A" * 44 + "AAAA"], ids=["none", "short", "signs", "no ASCII", "long"])
def test_what_is_no_key_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="no X25519 key in URL-safe base64"):
        public_key_of(text)


def test_nothing_is_sealed_for_a_key_that_opens_everything() -> None:
    with pytest.raises(ValueError, match=r"."):
        sealed_for(a_cover(), kiosk=KIOSK, version=1, to=bytes(32))
