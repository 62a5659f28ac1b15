import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import UID_LENGTHS, CardUid
from drivers.apdu import GET_UID, CardLiftedError, sw_name, uid_of_answer
from drivers.ports import CardAnswerError


def test_the_question_is_that_of_the_standard() -> None:
    assert GET_UID.hex() == "ffca000000"


@pytest.mark.parametrize("length", sorted(UID_LENGTHS))
def test_a_good_answer_gives_the_uid(length: int) -> None:
    octets = bytes(range(1, length + 1))
    assert uid_of_answer(octets + b"\x90\x00") == CardUid(octets)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("90", "an answer of 1 byte has no status"),
        ("9000", "a card UID has 4, 7, 8 or 10 bytes, this one has 0"),
        ("0102039000", "a card UID has 4, 7, 8 or 10 bytes, this one has 3"),
        ("6A81", "status 6A81 (function not supported)"),
        ("04A32B1C6300", "status 6300 (no information given)"),
        ("04A32B1C9001", "status 9001 (not a status the standard names)"),
        ("00" * 259, "an answer of 259 bytes is longer than any answer may be"),
    ],
)
def test_a_bad_answer_is_named(answer: str, problem: str) -> None:
    with pytest.raises(CardAnswerError) as refused:
        uid_of_answer(bytes.fromhex(answer))
    assert str(refused.value) == problem


def test_of_all_status_words_9000_alone_gives_a_uid() -> None:
    def is_taken(sw: int) -> bool:
        with contextlib.suppress(CardAnswerError):
            return uid_of_answer(b"\x04\xa3\x2b\x1c" + sw.to_bytes(2, "big")) is not None
        return False

    assert [sw for sw in range(0x10000) if is_taken(sw)] == [0x9000]


def test_no_answer_means_that_the_card_was_lifted() -> None:
    with pytest.raises(CardLiftedError):
        uid_of_answer(b"")


@given(answer=st.binary(max_size=300))
def test_any_bytes_give_a_uid_or_the_one_error(answer: bytes) -> None:
    uid = None
    with contextlib.suppress(CardAnswerError):
        uid = uid_of_answer(answer)
    is_good = answer.endswith(b"\x90\x00") and len(answer) - 2 in UID_LENGTHS
    assert (uid is not None) == is_good
    assert uid is None or uid.octets == answer[:-2]


def test_an_error_never_quotes_the_answer() -> None:
    with pytest.raises(CardAnswerError) as refused:
        uid_of_answer(bytes.fromhex("04A32B1C5D9000"))
    assert "A32B" not in str(refused.value).upper()


def test_a_status_word_is_written_as_the_standard_does() -> None:
    assert sw_name(0x6A81) == "6A81 (function not supported)"
    assert sw_name(0x0001) == "0001 (not a status the standard names)"
