"""Forms of codes: what fits them, which can't be told apart, and which codes are a publisher's."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from circulation.barcodes import (
    LIBRARY_CODABAR,
    CodeForm,
    CodeFormError,
    CodeForms,
    FormFault,
    is_publisher_code,
    read_card_forms,
    read_item_forms,
    with_codabar_check_digit,
)
from circulation.cards import CardUid
from circulation.mobile_codes import PREFIX

ISBN = "9789573317241"
ISSN = "9771234567898"
SIGNS = st.sampled_from(["#", "@", "?", "7", "K", "k", "-"])
FORMS = st.lists(SIGNS, min_size=1, max_size=8).map("".join)
CHARACTERS = {"#": "0123456789", "@": "ABCXYZ", "?": "0129ABYZ"}


def fault_of(items: str = "", cards: str = "") -> tuple[FormFault, str, str]:
    with pytest.raises(CodeFormError) as refused:
        CodeForms.read(items, cards)
    return refused.value.fault, refused.value.form, refused.value.other


@pytest.mark.parametrize(
    ("code", "fits", "has_shape"),
    [
        ("30234000517861", True, True),
        ("30234000517860", False, True),
        ("3023400051786", False, False),
        ("302340005178610", False, False),
        ("3023400051786A", False, False),
        ("３０２３４０００５１７８６１", False, False),
        (" 30234000517861", False, False),
        ("", False, False),
    ],
)
def test_a_library_codabar_is_fourteen_digits_with_a_check_digit(code: str, *, fits: bool, has_shape: bool) -> None:
    assert (LIBRARY_CODABAR.fits(code), LIBRARY_CODABAR.has_shape(code)) == (fits, has_shape)


@pytest.mark.parametrize(
    ("form", "code", "fits"),
    [
        ("TPL####", "TPL1234", True),
        ("TPL####", "TPL12345", False),
        ("TPL####", "tpl1234", False),
        ("#{3}-@@/?", "123-AB/C", True),
        ("#{3}-@@/?", "123-AB/7", True),
        ("#{3}-@@/?", "123-ab/7", False),
        ("#{10}", "1234567890", True),
        ("B{3}", "BBB", True),
        ("?", "é", False),
    ],
)
def test_each_sign_stands_for_its_characters(form: str, code: str, *, fits: bool) -> None:
    assert CodeForm.read(form).fits(code) is fits


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ("12*4", FormFault.SIGN),
        ("#{0}", FormFault.SIGN),
        ("#{100}", FormFault.SIGN),
        ("{3}", FormFault.SIGN),
        ("#{3", FormFault.SIGN),
        ("#3}", FormFault.SIGN),
        ("#{٣}", FormFault.SIGN),
        ("書###", FormFault.SIGN),
        ("#{65}", FormFault.LENGTH),
        ("#{60}#####", FormFault.LENGTH),
        ("%##", FormFault.CHECK_DIGIT),
        ("##%%", FormFault.CHECK_DIGIT),
        ("#@%", FormFault.CHECK_DIGIT),
        ("T##%", FormFault.CHECK_DIGIT),
        ("YOUYUE.###", FormFault.MOBILE),
        ("youyue.?", FormFault.MOBILE),
        ("@{6}.", FormFault.MOBILE),
    ],
)
def test_what_is_no_form_is_refused_by_its_name(form: str, fault: FormFault) -> None:
    assert fault_of(items=f"#{{5}} {form}") == (fault, form, "")


@pytest.mark.parametrize("form", ["YOUYUE", "YOUYUEX###", "@{6}-##", "@{7}", "TPL.###"])
def test_what_only_resembles_a_mobile_cards_code_is_a_form(form: str) -> None:
    assert [one.written for one in read_item_forms(form)] == [form]


def test_empty_texts_are_no_forms() -> None:
    assert CodeForms.read(" ", "") == CodeForms()


@pytest.mark.parametrize("form", ["#{8}", "2#{12}%", "A1??0000".replace("?", "#"), "#{16}", "#{20}"])
def test_a_cards_number_is_one_that_the_desk_can_take(form: str) -> None:
    [read] = read_card_forms(form)
    code = "".join(min(place) for place in read.places)
    assert CardUid.from_hex(code).hex == code


@pytest.mark.parametrize("form", ["#{7}", "#{10}", "@#{7}", "?{8}", "G#{7}", "a#{7}", "12-34-5#"])
def test_another_number_is_none_of_a_card(form: str) -> None:
    assert fault_of(cards=form) == (FormFault.CARD_NUMBER, form, "")


@pytest.mark.parametrize(
    ("items", "cards"),
    [("#{14}", "2#{12}%"), ("#{13}%", "2#{13}"), ("??######", "#{8}"), ("3#{7} 2#{7}", "2#{7}"), ("A#{7}", "A######1")],
)
def test_forms_that_share_a_code_are_refused_together(items: str, cards: str) -> None:
    fault, card, item = fault_of(items, cards)
    assert fault is FormFault.SHARED
    assert card == cards
    assert item in items.split()


@pytest.mark.parametrize(("items", "cards"), [("3#{12}%", "2#{12}%"), ("#{14}", "#{8}"), ("@#{7}", "#{8}"), ("B#{7}", "A#{7}")])
def test_forms_that_share_none_are_taken(items: str, cards: str) -> None:
    forms = CodeForms.read(items, cards)
    assert [one.written for one in (*forms.items, *forms.cards)] == [items, cards]


@given(FORMS, FORMS, st.data())
def test_two_forms_are_told_to_share_a_code_exactly_when_one_code_fits_both(one: str, other: str, data: st.DataObject) -> None:
    first, second = CodeForm.read(one), CodeForm.read(other)
    code = "".join(data.draw(st.sampled_from(CHARACTERS.get(sign, sign))) for sign in one)
    assert first.fits(code)
    assert first.shares_a_code_with(second) == second.shares_a_code_with(first)
    if second.fits(code):
        assert first.shares_a_code_with(second)
    if first.shares_a_code_with(second):
        common = "".join(min(a & b) for a, b in zip(first.places, second.places, strict=True))
        assert first.fits(common)
        assert second.fits(common)


@given(FORMS, st.text("0123456789AKk-", max_size=9))
def test_a_form_repeated_by_a_number_is_the_form_written_out(form: str, code: str) -> None:
    sign = form[-1]
    assert CodeForm.read(f"{form}{{4}}").fits(code) == CodeForm.read(form + sign * 3).fits(code)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    assume(text.strip())
    try:
        forms = CodeForms.read(text, "").items
    except CodeFormError as refused:
        assert refused.form in text.split()  # noqa: PT017 - either way is right
    else:
        assert forms
        assert not any(form.may_begin_like(PREFIX) for form in forms)


@pytest.mark.parametrize("code", ["9789573317240", "9769573317244", "978957331724", "97895733172411", "9780306406158", "978957331724X"])
def test_a_code_is_the_publishers_only_with_the_right_prefix_length_and_check_digit(code: str) -> None:
    assert not is_publisher_code(code)


@pytest.mark.parametrize("code", [ISBN, "9780306406157", "9791090636071", ISSN])
def test_isbn_and_issn_are_known(code: str) -> None:
    assert is_publisher_code(code)


@given(st.text("0123456789", min_size=13, max_size=13))
def test_exactly_one_check_digit_is_right(payload: str) -> None:
    accepted = [digit for digit in "0123456789" if LIBRARY_CODABAR.fits(payload + digit)]
    assert accepted == [with_codabar_check_digit(payload)[-1]]


@given(st.text("0123456789", min_size=13, max_size=13), st.integers(0, 13), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(payload: str, place: int, shift: int) -> None:
    right = with_codabar_check_digit(payload)
    wrong = f"{right[:place]}{(int(right[place]) + shift) % 10}{right[place + 1 :]}"
    assert LIBRARY_CODABAR.has_shape(wrong)
    assert not LIBRARY_CODABAR.fits(wrong)


def test_the_check_digit_is_counted_from_the_right_whatever_the_length() -> None:
    assert with_codabar_check_digit("1234") == "12344"
    assert with_codabar_check_digit("7992739871") == "79927398713"


def test_letters_get_no_check_digit() -> None:
    with pytest.raises(ValueError, match="digits only"):
        with_codabar_check_digit("3023400051786A")
