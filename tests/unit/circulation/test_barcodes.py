"""Item barcodes: which codes the configured format accepts, and what is said of the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.barcodes import (
    LIBRARY_CODABAR,
    BarcodeFault,
    BarcodeFormat,
    barcode_fault,
    is_publisher_code,
    with_codabar_check_digit,
)

ISBN = "9789573317241"
ISSN = "9771234567898"


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("30234000517861", None),
        ("30234000517860", BarcodeFault.CHECK_DIGIT),
        ("3023400051786", BarcodeFault.LENGTH),
        ("302340005178610", BarcodeFault.LENGTH),
        ("3023400051786A", BarcodeFault.ALPHABET),
        ("３０２３４０００５１７８６１", BarcodeFault.ALPHABET),
        (" 30234000517861", BarcodeFault.ALPHABET),
        ("", BarcodeFault.EMPTY),
        (ISBN, BarcodeFault.PUBLISHER_CODE),
        (ISBN + "52495", BarcodeFault.PUBLISHER_CODE),
        (ISSN + "02", BarcodeFault.PUBLISHER_CODE),
    ],
)
def test_a_library_codabar_is_fourteen_digits_with_a_check_digit(code: str, fault: BarcodeFault | None) -> None:
    assert barcode_fault(code, LIBRARY_CODABAR) == fault


def test_a_library_without_a_rule_takes_any_digits() -> None:
    assert barcode_fault("7", BarcodeFormat()) is None
    assert barcode_fault("7A", BarcodeFormat()) is BarcodeFault.ALPHABET


def test_the_alphabet_and_the_lengths_are_the_librarys() -> None:
    letters = BarcodeFormat(lengths=frozenset({7, 8}), alphabet=frozenset("TPL0123456789"))
    assert barcode_fault("TPL1234", letters) is None
    assert barcode_fault("TPL12345", letters) is None
    assert barcode_fault("TPL123", letters) is BarcodeFault.LENGTH
    assert barcode_fault("tpl1234", letters) is BarcodeFault.ALPHABET


def test_a_publishers_code_is_refused_even_where_thirteen_digits_are_the_rule() -> None:
    assert barcode_fault(ISBN, BarcodeFormat(lengths=frozenset({13}))) is BarcodeFault.PUBLISHER_CODE


@pytest.mark.parametrize("code", ["9789573317240", "9769573317244", "978957331724", "97895733172411", "9780306406158", "978957331724X"])
def test_a_code_is_the_publishers_only_with_the_right_prefix_length_and_check_digit(code: str) -> None:
    assert not is_publisher_code(code)


@pytest.mark.parametrize("code", [ISBN, "9780306406157", "9791090636071", ISSN])
def test_isbn_and_issn_are_known(code: str) -> None:
    assert is_publisher_code(code)


@given(st.text("0123456789", min_size=13, max_size=13))
def test_exactly_one_check_digit_is_right(payload: str) -> None:
    accepted = [digit for digit in "0123456789" if barcode_fault(payload + digit, LIBRARY_CODABAR) is None]
    assert accepted == [with_codabar_check_digit(payload)[-1]]


@given(st.text("0123456789", min_size=13, max_size=13), st.integers(0, 13), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(payload: str, place: int, shift: int) -> None:
    right = with_codabar_check_digit(payload)
    wrong = f"{right[:place]}{(int(right[place]) + shift) % 10}{right[place + 1 :]}"
    assert barcode_fault(wrong, LIBRARY_CODABAR) is BarcodeFault.CHECK_DIGIT


def test_the_check_digit_is_counted_from_the_right_whatever_the_length() -> None:
    assert with_codabar_check_digit("1234") == "12344"
    assert with_codabar_check_digit("7992739871") == "79927398713"


def test_letters_get_no_check_digit() -> None:
    with pytest.raises(ValueError, match="digits only"):
        with_codabar_check_digit("3023400051786A")
