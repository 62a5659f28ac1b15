"""Cards: what a UID is, how systems write it, which form a number on file has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import UID_LENGTHS, CardUid, CardUidError, NumberForm, forms_matching

FIRST = CardUid.from_hex("04A32B1C")
SECOND = CardUid.from_hex("8AD14665")

WRITTEN = {
    NumberForm.HEX: ("04A32B1C", "8AD14665"),
    NumberForm.HEX_REVERSED: ("1C2BA304", "6546D18A"),
    NumberForm.DECIMAL_LITTLE: ("0472621828", "1699139978"),
    NumberForm.DECIMAL_BIG: ("0077802268", "2328970853"),
    NumberForm.LOW24_LITTLE: ("02859780", "04641162"),
    NumberForm.WIEGAND_LITTLE: ("043,41732", "070,53642"),
    NumberForm.WIEGAND_BIG: ("163,11036", "209,18021"),
}
"""Readings of two cards by readers sold in Taiwan, form by form."""

uids = st.sampled_from(sorted(UID_LENGTHS)).flatmap(lambda n: st.binary(min_size=n, max_size=n)).map(CardUid)


def test_the_table_names_every_form() -> None:
    assert set(WRITTEN) == set(NumberForm)


@pytest.mark.parametrize("form", NumberForm)
def test_a_uid_is_written_as_the_table_says(form: NumberForm) -> None:
    assert (FIRST.written_as(form), SECOND.written_as(form)) == WRITTEN[form]


@pytest.mark.parametrize("form", NumberForm)
def test_the_form_of_a_number_on_file_is_found(form: NumberForm) -> None:
    first, second = WRITTEN[form]
    assert forms_matching(FIRST, first) == (form,)
    assert forms_matching(SECOND, second) == (form,)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("4A32B1C", NumberForm.HEX),
        ("472621828", NumberForm.DECIMAL_LITTLE),
        ("77802268", NumberForm.DECIMAL_BIG),
        ("2859780", NumberForm.LOW24_LITTLE),
        ("43,41732", NumberForm.WIEGAND_LITTLE),
        ("04a32b1c", NumberForm.HEX),
        (" 043, 41732 ", NumberForm.WIEGAND_LITTLE),
    ],
)
def test_a_number_that_lost_its_leading_zeros_or_its_capitals_still_shows_its_form(written: str, form: NumberForm) -> None:
    assert forms_matching(FIRST, written) == (form,)


def test_leading_zeros_of_the_second_part_may_be_missing_too() -> None:
    assert forms_matching(CardUid.from_hex("00A30004"), "163,4") == (NumberForm.WIEGAND_BIG,)


def test_a_number_of_another_card_has_no_form() -> None:
    assert forms_matching(FIRST, "8AD14665") == ()


def test_nothing_typed_fits_no_card() -> None:
    assert forms_matching(FIRST, "") == ()


def test_a_palindromic_uid_fits_two_forms_and_both_are_named() -> None:
    assert forms_matching(CardUid.from_hex("12344321"), "12344321") == (NumberForm.HEX,)
    assert forms_matching(CardUid.from_hex("12343412"), "12343412") == (NumberForm.HEX, NumberForm.HEX_REVERSED)


@given(uids)
def test_whatever_a_form_writes_is_recognised_as_that_form(uid: CardUid) -> None:
    for form in NumberForm:
        assert form in forms_matching(uid, uid.written_as(form))


@given(uids)
def test_hexadecimal_is_read_back_to_the_same_uid(uid: CardUid) -> None:
    assert CardUid.from_hex(uid.hex) == uid


@given(st.binary(min_size=1, max_size=1), st.binary(min_size=3, max_size=3), st.binary(min_size=1, max_size=1))
def test_forms_of_three_bytes_are_shared_by_256_cards(first: bytes, kept: bytes, other: bytes) -> None:
    one, another = CardUid(kept + first), CardUid(kept + other)
    assert one.written_as(NumberForm.LOW24_LITTLE) == another.written_as(NumberForm.LOW24_LITTLE)


@pytest.mark.parametrize("form", NumberForm)
def test_only_forms_of_all_bytes_may_link_a_card_by_themselves(form: NumberForm) -> None:
    whole = {NumberForm.HEX, NumberForm.HEX_REVERSED, NumberForm.DECIMAL_LITTLE, NumberForm.DECIMAL_BIG}
    assert form.links_one_card == (form in whole)


@pytest.mark.parametrize("written", ["04A32B1C", "04:a3:2b:1c", "04 A3 2B 1C", "04-A3-2B-1C", "  04A32B1C\n"])
def test_a_uid_is_read_in_every_usual_spelling(written: str) -> None:
    assert CardUid.from_hex(written) == FIRST


@pytest.mark.parametrize("length", [0, 1, 3, 5, 6, 9, 11])
def test_a_uid_of_another_length_is_refused_with_its_length(length: int) -> None:
    with pytest.raises(CardUidError, match=f"has {length}$"):
        CardUid(bytes(length))


@pytest.mark.parametrize("length", [4, 7, 8, 10])
def test_a_uid_has_4_7_8_or_10_bytes(length: int) -> None:
    assert len(CardUid(b"\x04" * length).hex) == 2 * length


@pytest.mark.parametrize("written", ["", "hello", "04A32B1", "04A32B1G", "0472621828,"])
def test_a_text_that_is_no_uid_is_refused(written: str) -> None:
    with pytest.raises(CardUidError):
        CardUid.from_hex(written)


def test_the_refusal_shows_how_a_uid_is_written() -> None:
    with pytest.raises(CardUidError, match="write it in hexadecimal, such as 04A32B1C"):
        CardUid.from_hex("kitten")


@pytest.mark.parametrize(
    ("uid", "names_a_card"),
    [
        ("04A32B1C", True),
        ("08A32B1C", False),
        ("080000000000AA", True),
        ("00000000", False),
        ("FFFFFFFF", False),
        ("00000000000000", False),
        ("FFFFFFFFFFFFFFFFFFFF", False),
        ("00FF00FF", True),
        ("00000001", True),
    ],
)
def test_random_and_blank_uids_name_no_card(uid: str, names_a_card: bool) -> None:  # noqa: FBT001 - a column of the table
    assert CardUid.from_hex(uid).names_a_card is names_a_card


def test_a_uid_is_random_when_it_has_four_bytes_and_the_first_is_08() -> None:
    assert CardUid.from_hex("08A32B1C").is_random
    assert not CardUid.from_hex("04A32B08").is_random
    assert not CardUid.from_hex("08A32B1C08A32B").is_random
    assert not CardUid.from_hex("08A32B1C").is_blank
