"""National IDs and resident numbers: which texts can be one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.national_ids import NationalId, NationalIdError, NationalIdFault, NationalIdForm, with_check_digit

VALID = {
    "A123456789": NationalIdForm.CITIZEN,
    "F131234569": NationalIdForm.CITIZEN,
    "W234567893": NationalIdForm.CITIZEN,
    "O200000015": NationalIdForm.CITIZEN,
    "Z199999990": NationalIdForm.CITIZEN,
    "A800123450": NationalIdForm.RESIDENT,
    "F900123457": NationalIdForm.RESIDENT,
    "AC01234567": NationalIdForm.RESIDENT_OLD,
    "FD12345676": NationalIdForm.RESIDENT_OLD,
}

prefixes = st.from_regex(r"[A-Z]([1289][0-9]{7}|[A-D][0-9]{7})", fullmatch=True)


@pytest.mark.parametrize(("text", "form"), VALID.items())
def test_a_number_that_can_exist_is_accepted_and_its_form_known(text: str, form: NationalIdForm) -> None:
    assert NationalId(text).form is form


@pytest.mark.parametrize("text", VALID)
def test_the_check_digit_of_a_valid_number_is_computed(text: str) -> None:
    assert with_check_digit(text[:-1]) == text


@pytest.mark.parametrize("text", ["A123456780", "A800123451", "AC01234568"])
def test_a_wrong_check_digit_is_named(text: str) -> None:
    with pytest.raises(NationalIdError) as refusal:
        NationalId(text)
    assert refusal.value.fault is NationalIdFault.CHECK_DIGIT


@pytest.mark.parametrize(
    "text",
    ["", "A", "A12345678", "A1234567890", "1234567890", "A323456789", "AE01234567", "a123456789", "A12345678X", "A 12345678", "Å123456789"],
)
def test_another_form_is_named(text: str) -> None:
    with pytest.raises(NationalIdError) as refusal:
        NationalId(text)
    assert refusal.value.fault is NationalIdFault.FORMAT


@pytest.mark.parametrize("written", ["A123456789", "a123456789", " A123456789\n", "Ａ１２３４５６７８９"])
def test_a_number_is_read_as_people_write_it(written: str) -> None:
    assert NationalId.read(written).text == "A123456789"


@given(prefixes)
def test_exactly_one_check_digit_is_right(prefix: str) -> None:
    accepted = [digit for digit in "0123456789" if _accepted(prefix + digit)]
    assert accepted == [with_check_digit(prefix)[-1]]


@given(prefixes, st.integers(2, 8), st.integers(1, 9))
def test_a_wrong_digit_is_noticed_wherever_its_weight_has_no_factor_with_ten(prefix: str, place: int, shift: int) -> None:
    right = with_check_digit(prefix)
    wrong = f"{right[:place]}{(int(right[place]) + shift) % 10}{right[place + 1 :]}"
    weight = 9 - place
    assert _accepted(wrong) == (weight * shift % 10 == 0)


def test_neither_the_number_nor_the_refusal_shows_itself_in_a_log() -> None:
    assert "123456789" not in repr(NationalId("A123456789"))
    with pytest.raises(NationalIdError) as refusal:
        NationalId("A123456780")
    assert "123456780" not in repr(refusal.value)
    assert str(refusal.value) == "national_id_check_digit"


def _accepted(text: str) -> bool:
    try:
        NationalId(text)
    except NationalIdError:
        return False
    return True
