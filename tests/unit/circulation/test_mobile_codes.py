"""Mobile codes: one form, everything else refused, and nothing of an old screenshot."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from circulation.barcodes import LIBRARY_CODABAR
from circulation.ids import PatronId
from circulation.mobile_codes import (
    PERIOD,
    PREFIX,
    MobileCode,
    MobileCodeProblem,
    decide_mobile_code,
    is_mobile_code,
    message_of,
    read_mobile_code,
    window_at,
)

KEY, OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32)), Ed25519PrivateKey.from_private_bytes(bytes([1] * 32))
KEYS = {1: KEY.public_key().public_bytes_raw(), 2: OTHER_KEY.public_key().public_bytes_raw()}
PATRON = PatronId(UUID("01970000-0000-7000-8000-000000000001"))
NOON = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
SKEW = timedelta(seconds=15)
QR_ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
INSTANT = timedelta(microseconds=1)


def is_signed(public_key: bytes, message: bytes, signature: bytes, /) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def a_code(*, at: datetime = NOON, key_number: int = 1, key: Ed25519PrivateKey = KEY, patron: PatronId = PATRON) -> MobileCode:
    window = window_at(at)
    return MobileCode(key_number, window, patron, key.sign(message_of(key_number, window, patron)))


def decided(text: str, *, now: datetime = NOON, skew: timedelta = SKEW) -> MobileCode | MobileCodeProblem:
    return decide_mobile_code(text, now=now, keys=KEYS, is_signed=is_signed, skew=skew)


def test_a_code_of_now_opens_its_patrons_session() -> None:
    code = a_code()
    assert decided(code.text) == code
    assert code.begins_at <= NOON < code.ends_at


def test_a_code_is_short_and_of_characters_that_every_scanner_types_alike() -> None:
    text = a_code().text
    assert len(text) == 147
    assert set(text) <= QR_ALPHANUMERIC
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567.")


def test_no_item_barcode_of_the_library_is_taken_for_a_code_nor_a_code_for_one() -> None:
    assert not LIBRARY_CODABAR.has_shape(a_code().text)
    assert not is_mobile_code("30234000517861")
    assert not is_mobile_code("9789573317241")


@pytest.mark.parametrize("text", [PREFIX, PREFIX.lower() + "x", a_code().text, a_code().text[:20], PREFIX + "9" * 500])
def test_whatever_begins_like_a_code_means_to_be_one(text: str) -> None:
    assert is_mobile_code(text)


@pytest.mark.parametrize("text", ["", "YOUYUE", " YOUYUE.", "YOUYUE,AAAA", "30234000517861"])
def test_what_begins_otherwise_is_none(text: str) -> None:
    assert not is_mobile_code(text)
    assert read_mobile_code(text) is None


def test_r14_an_old_screenshot_opens_nothing_from_the_end_of_its_window_on() -> None:
    code = a_code()
    last = code.ends_at + SKEW - INSTANT
    assert decided(code.text, now=last) == code
    assert decided(code.text, now=code.ends_at + SKEW) is MobileCodeProblem.EXPIRED
    assert all(decided(code.text, now=NOON + timedelta(seconds=n)) is MobileCodeProblem.EXPIRED for n in (60, 3600, 10**9))
    # All that it can do, from the first moment that anybody can have it: less than a minute.
    assert code.ends_at + SKEW - code.begins_at < timedelta(minutes=1)


def test_a_code_of_the_next_window_is_good_within_the_clocks_difference_only() -> None:
    code = a_code(at=NOON + PERIOD)
    assert decided(code.text, now=code.begins_at - SKEW) == code
    assert decided(code.text, now=code.begins_at - SKEW - INSTANT) is MobileCodeProblem.NOT_YET_VALID


def test_without_a_tolerance_a_window_is_exactly_half_a_minute() -> None:
    code = a_code()
    none = timedelta()
    assert decided(code.text, now=code.begins_at, skew=none) == code
    assert decided(code.text, now=code.begins_at - INSTANT, skew=none) is MobileCodeProblem.NOT_YET_VALID
    assert decided(code.text, now=code.ends_at, skew=none) is MobileCodeProblem.EXPIRED


def test_another_keys_signature_is_none() -> None:
    assert decided(a_code(key=OTHER_KEY).text) is MobileCodeProblem.WRONG_SIGNATURE
    assert decided(a_code(key_number=2).text) is MobileCodeProblem.WRONG_SIGNATURE
    assert isinstance(decided(a_code(key_number=2, key=OTHER_KEY).text), MobileCode)


def test_a_key_that_is_not_known_here_has_a_word_of_its_own() -> None:
    assert decided(a_code(key_number=3).text) is MobileCodeProblem.UNKNOWN_KEY


def test_a_signature_for_anything_else_is_none() -> None:
    window = window_at(NOON)
    message = message_of(1, window, PATRON)
    bare = MobileCode(1, window, PATRON, KEY.sign(message.split(b"\0", 1)[1]))
    assert decided(bare.text) is MobileCodeProblem.WRONG_SIGNATURE


def test_no_character_of_a_code_can_be_another() -> None:
    text = a_code().text
    for i, character in enumerate(text):
        for other in ("A", "7", "."):
            if other != character:
                assert isinstance(decided(text[:i] + other + text[i + 1 :]), MobileCodeProblem), i


def test_a_code_typed_in_small_letters_is_the_same() -> None:
    assert decided(a_code().text.lower()) == a_code()


@pytest.mark.parametrize(
    "text",
    [
        PREFIX,
        a_code().text[:-1],
        a_code().text + "A",
        a_code().text + "=",
        a_code().text[:-1] + "1",
        a_code().text[:-1] + "ſ",
        a_code().text[:-1] + "ａ",
        a_code().text[:-1] + "H",  # bits after the last byte
        PREFIX + "A" * 140,  # version 0
        PREFIX + "AI" + "A" * 138,  # version 2
        PREFIX + "\0" * 140,
        PREFIX + "=" * 140,
    ],
)
def test_everything_else_is_malformed(text: str) -> None:
    assert decided(text) is MobileCodeProblem.MALFORMED


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_and_nothing_is_raised(text: str) -> None:
    assert read_mobile_code(text) is None
    assert decided(PREFIX + text) is not None


@given(st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.uuids(), st.binary(min_size=64, max_size=64))
def test_every_code_is_read_as_it_was_written(key_number: int, window: int, patron: UUID, signature: bytes) -> None:
    code = MobileCode(key_number, window, PatronId(patron), signature)
    assert read_mobile_code(code.text) == code
    assert window_at(code.begins_at) == window == window_at(code.ends_at - INSTANT)


def test_a_code_in_a_traceback_shows_no_signature() -> None:
    assert "signature" not in repr(a_code())
