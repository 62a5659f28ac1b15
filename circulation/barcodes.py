"""Item barcodes: which scanned codes may be a copy of this library, by the format the library has configured."""

from dataclasses import dataclass
from enum import StrEnum, unique

_DIGITS = frozenset("0123456789")
_EAN_LENGTH = 13
_PUBLISHER_LENGTHS = frozenset({_EAN_LENGTH, _EAN_LENGTH + 2, _EAN_LENGTH + 5})
"""An EAN-13 alone, or read together with the two- or five-digit supplement printed beside it."""
_PUBLISHER_PREFIXES = ("977", "978", "979")
"""ISSN, ISBN, ISBN (ISO 2108, ISO 3297)."""


@unique
class BarcodeFault(StrEnum):
    """Why a code is no item barcode: stable codes, the sentences stand in the catalogue."""

    EMPTY = "barcode_empty"
    PUBLISHER_CODE = "barcode_publisher_code"
    """The ISBN or ISSN that the publisher printed: every copy has the same."""
    LENGTH = "barcode_length"
    ALPHABET = "barcode_alphabet"
    CHECK_DIGIT = "barcode_check_digit"


@dataclass(frozen=True, slots=True)
class BarcodeFormat:
    """What the library's item barcodes look like. ``lengths`` in characters; empty: any length.

    ``codabar_check_digit`` says that the last digit is the modulo-10 check of the 14-digit library Codabar.
    """

    lengths: frozenset[int] = frozenset()
    alphabet: frozenset[str] = _DIGITS
    codabar_check_digit: bool = False


LIBRARY_CODABAR = BarcodeFormat(lengths=frozenset({14}), codabar_check_digit=True)
"""Such as 30234000517861: kind, library, copy, check digit."""


def barcode_fault(code: str, barcode_format: BarcodeFormat) -> BarcodeFault | None:
    """What is wrong with a scanned code, the thing to tell a person first; none when it may be an item's."""
    if not code:
        return BarcodeFault.EMPTY
    if is_publisher_code(code):
        return BarcodeFault.PUBLISHER_CODE
    if not barcode_format.alphabet.issuperset(code):
        return BarcodeFault.ALPHABET
    if barcode_format.lengths and len(code) not in barcode_format.lengths:
        return BarcodeFault.LENGTH
    if barcode_format.codabar_check_digit and code != with_codabar_check_digit(code[:-1]):
        return BarcodeFault.CHECK_DIGIT
    return None


def is_publisher_code(code: str) -> bool:
    """Whether this is an ISBN or ISSN as printed by a publisher: the right prefix and a right EAN-13 check digit."""
    if len(code) not in _PUBLISHER_LENGTHS or not _DIGITS.issuperset(code) or not code.startswith(_PUBLISHER_PREFIXES):
        return False
    digits = [int(character) for character in code[:_EAN_LENGTH]]
    return (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


def with_codabar_check_digit(payload: str) -> str:
    """Complete the digits of a library barcode with their modulo-10 check digit (every other digit from the right doubled).

    Raises:
        ValueError: the payload holds something other than digits.

    """
    if not _DIGITS.issuperset(payload):
        message = "a Codabar payload has digits only"
        raise ValueError(message)
    doubled = "".join(str(2 * int(digit)) for digit in payload[::-2])
    total = sum(map(int, doubled)) + sum(map(int, payload[-2::-2]))
    return f"{payload}{-total % 10}"
