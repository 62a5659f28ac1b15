"""Card numbers of a source, in its one form; a number that a spreadsheet ruined is found out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import CardUid, NumberForm
from registry.rosters.card_numbers import CardNumberError, NumberFormError, check_form, read_card_number
from registry.rosters.problems import ProblemCode

LINKING = [form for form in NumberForm if form.links_one_card]


@pytest.mark.parametrize(
    ("written", "form", "octets"),
    [
        ("04A32B1C", NumberForm.HEX, "04A32B1C"),
        ("04:a3:2b:1c", NumberForm.HEX, "04A32B1C"),
        ("０４Ａ３２Ｂ１Ｃ", NumberForm.HEX, "04A32B1C"),
        ("04A1B2C3D4E580", NumberForm.HEX, "04A1B2C3D4E580"),
        ("1C2BA304", NumberForm.HEX_REVERSED, "04A32B1C"),
        ("0472590084", NumberForm.DECIMAL_LITTLE, "04272B1C"),
        ("0077802268", NumberForm.DECIMAL_BIG, "04A32B1C"),
    ],
)
def test_a_number_is_read_in_its_sources_form(written: str, form: NumberForm, octets: str) -> None:
    assert read_card_number(written, form) == CardUid.from_hex(octets)


@pytest.mark.parametrize(
    ("written", "form", "code"),
    [
        ("4123456", NumberForm.HEX, ProblemCode.EXCEL_LEADING_ZERO),
        ("4510012345678", NumberForm.HEX, ProblemCode.EXCEL_LEADING_ZERO),
        ("77802268", NumberForm.DECIMAL_BIG, ProblemCode.EXCEL_LEADING_ZERO),
        ("1234567890123450", NumberForm.HEX, ProblemCode.EXCEL_ROUNDED),
        ("12345678901234500", NumberForm.DECIMAL_BIG, ProblemCode.EXCEL_ROUNDED),
        ("4.12E+12", NumberForm.HEX, ProblemCode.EXCEL_SCIENTIFIC),
        ("4E+12", NumberForm.DECIMAL_BIG, ProblemCode.EXCEL_SCIENTIFIC),
        ("4A32B1C", NumberForm.HEX, ProblemCode.CARD_FORMAT),
        ("0077802268", NumberForm.HEX, ProblemCode.CARD_FORMAT),
        ("1234567890123456", NumberForm.HEX, ProblemCode.CARD_FORMAT),
        ("04A32B1G", NumberForm.HEX, ProblemCode.CARD_FORMAT),
        ("99999999999999999", NumberForm.DECIMAL_BIG, ProblemCode.CARD_FORMAT),
        ("王小明", NumberForm.HEX, ProblemCode.CARD_FORMAT),
        ("08A32B1C", NumberForm.HEX, ProblemCode.CARD_NO_CARD),
        ("00000000", NumberForm.HEX, ProblemCode.CARD_NO_CARD),
        ("FFFFFFFF", NumberForm.HEX, ProblemCode.CARD_NO_CARD),
    ],
)
def test_a_number_that_is_none_or_was_ruined_is_a_problem(written: str, form: NumberForm, code: ProblemCode) -> None:
    with pytest.raises(CardNumberError) as caught:
        read_card_number(written, form)
    assert caught.value.code is code


@pytest.mark.parametrize("form", list(NumberForm))
def test_only_forms_that_keep_the_whole_number_may_be_configured(form: NumberForm) -> None:
    if form in LINKING:
        check_form(form)
    else:
        with pytest.raises(NumberFormError, match="256 cards"):
            check_form(form)


@given(st.sampled_from(LINKING), st.binary(min_size=4, max_size=4) | st.binary(min_size=7, max_size=7))
def test_a_number_written_in_a_form_comes_back_or_is_refused_but_is_never_another_card(form: NumberForm, octets: bytes) -> None:
    uid = CardUid(octets)
    try:
        found = read_card_number(uid.written_as(form), form)
    except CardNumberError:
        found = None
    decimal = form in {NumberForm.DECIMAL_LITTLE, NumberForm.DECIMAL_BIG}
    assert found == uid or (found is None and (decimal or not uid.names_a_card))


@given(st.sampled_from(LINKING), st.text(max_size=24))
def test_any_text_is_a_number_or_a_problem(form: NumberForm, written: str) -> None:
    try:
        uid = read_card_number(written, form)
    except CardNumberError:
        return
    assert uid.names_a_card
