"""What comes under a cover: a key that is stated, a cover that is told, changes and bounds of cards."""

from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec import Raw

from circulation.covers import CoverStatement, SignedCover
from circulation.range_checks import RangeDigest
from circulation.wire import Change, encode
from replica.covered_rows import turned, turned_range
from replica.covers import Cover, UntrustedCoverError, message_of, opened, public_key_of, public_text, sealed_for, signed
from replica.mapping import RowKeyError
from tests.fuzz.inputs import Bytes, is_plain, text_of
from tests.fuzz.target import Target

KIOSK = UUID(int=1)
REGISTRY = Ed25519PrivateKey.from_private_bytes(bytes(32))
RUN = X25519PrivateKey.from_private_bytes(bytes(range(32)))
COVER = Cover(bytes(range(32, 64)))
SEALED = bytes.fromhex(
    "613c20b032db54574a5d95d6d6af95d8a5b837322d2e7815bb6a1e36cc0f964ed71defbe2303f68a"
    "a0370a02f85344fd66183831f1c6f196647e525da9f0290b440bc83e5a6ae0df551925f1b023dfd7"
)
"""``COVER`` for ``KIOSK`` and ``RUN``, sealed once: it would be other bytes each time."""
STATEMENT = encode(CoverStatement(kiosk=KIOSK, version=3, sealed=SEALED))


def told_cover(data: bytes) -> None:
    """Whatever is told or stated: one cover is taken, and only as it was told."""
    given = Bytes(data)
    place, change = given.number(2), given.number()
    altered = bytearray(STATEMENT)
    altered[place % len(altered)] ^= change
    bent = bytes(altered)
    text = given.rest()
    true = REGISTRY.sign(message_of(text))
    for statement, signature in ((bent, REGISTRY.sign(message_of(bent))), (text, true), (text, true[::-1])):
        told = SignedCover(statement=statement, signature=signature)
        try:
            cover, version = opened(told, RUN, kiosk=KIOSK, registry_key=REGISTRY.public_key().public_bytes_raw())
        except UntrustedCoverError as error:
            assert is_plain(str(error))
        else:
            assert (cover, version) == (COVER, 3)
    assert COVER.stream(bytes(16)).update(COVER.stream(bytes(16)).update(text)) == text
    made, block = Cover(text[:32].ljust(32, b"\0")), text[32:48].ljust(16, b"\0")
    assert made.uncovered(made.covered(block)) == block
    assert len(bytes.fromhex(made.id)) == 8
    try:
        key = public_key_of(text_of(text))
    except ValueError as error:
        assert is_plain(str(error))
    else:
        try:
            sealed = signed(sealed_for(COVER, kiosk=KIOSK, version=3, to=key), REGISTRY.sign)
        except ValueError:
            return  # a point that would make every shared secret the same
        assert COVER.secret not in sealed.statement
        assert len(public_text(RUN)) == len(text)


def covered_rows(data: bytes) -> None:
    """A change of a card: what is one comes back the same, what is none stays as it is, and so do others."""
    given = Bytes(data)
    split = given.number()
    text = given.rest()
    key, row = text_of(text[:split]), text[split:]
    change = Change(seq=1, table="card", key=key, row=Raw(row) if row else None)
    (covered,) = turned((change,), COVER.covered)
    (back,) = turned((covered,), COVER.uncovered)
    assert turned((back,), COVER.covered) == (covered,)
    other = Change(seq=1, table="loan", key=key, row=change.row)
    assert turned((other,), COVER.covered) == (other,)
    others = RangeDigest(table="loan", after=key, rows=0, xor="0" * 16)
    assert turned_range(others, COVER.covered) == others
    bounds = RangeDigest(table="card", after=key, upto=key, rows=0, xor="0" * 16)
    try:
        there = turned_range(bounds, COVER.covered)
    except RowKeyError as error:
        assert is_plain(str(error))
    else:
        again = turned_range(there, COVER.uncovered)
        assert bytes.fromhex(again.after) == bytes.fromhex(key)


TARGETS = (
    Target("told_cover", ("replica.covers",), told_cover, longest=300),
    Target("covered_rows", ("replica.covered_rows",), covered_rows, longest=200),
)
