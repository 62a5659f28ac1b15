"""What scanned codes look like: forms of item barcodes and of library cards' barcodes, as the library has configured them.

A form is written with one sign a character: ``#`` a digit, ``@`` a capital letter, ``?`` either of them, ``%`` as the last one the
modulo-10 check digit of a library Codabar (every other digit from the right doubled); any other character is itself. ``{12}`` after a
sign repeats it: ``3#{12}%`` is 30234000517861, kind, library, copy, check digit. Several forms are parted by blanks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, unique
from itertools import product
from string import ascii_letters, ascii_uppercase, digits

from circulation.mobile_codes import PREFIX

_DIGITS = frozenset(digits)
_CAPITALS = frozenset(ascii_uppercase)
_SIGNS = {"#": _DIGITS, "@": _CAPITALS, "?": _DIGITS | _CAPITALS, "%": _DIGITS}
_THEMSELVES = frozenset(ascii_letters + digits + "-./:$+_")
_PIECE = re.compile(r"(?P<sign>[^{}\s])(?:\{(?P<times>[1-9]\d?)\})?")
LONGEST_FORM = 64
"""Characters of a barcode that travels."""
CARD_NUMBER_LENGTHS = frozenset({8, 14, 16, 20})
"""Digits of a card number, as the desk takes it: it is kept as 4, 7, 8 or 10 bytes."""
_CARD_NUMBER_DIGITS = frozenset("0123456789ABCDEF")

_EAN_LENGTH = 13
_PUBLISHER_LENGTHS = frozenset({_EAN_LENGTH, _EAN_LENGTH + 2, _EAN_LENGTH + 5})
"""An EAN-13 alone, or read together with the two- or five-digit supplement printed beside it."""
_PUBLISHER_PREFIXES = ("977", "978", "979")
"""ISSN, ISBN, ISBN (ISO 2108, ISO 3297)."""


@unique
class FormFault(StrEnum):
    """What is wrong with configured forms."""

    SIGN = "sign"
    """A character that no form has, or a repetition that is none."""
    LENGTH = "length"
    CHECK_DIGIT = "check_digit"
    """It stands at the end, after digits."""
    CARD_NUMBER = "card_number"
    """The desk can't take such a number."""
    MOBILE = "mobile"
    """A mobile card's code could be taken for it."""
    SHARED = "shared"
    """A code could be an item's and a card's."""


class CodeFormError(ValueError):
    """Forms that can't tell codes apart, or are none. ``form`` is the one that is wrong, ``other`` the one that it is confused with."""

    def __init__(self, fault: FormFault, form: str, other: str = "") -> None:
        super().__init__(f"{fault}: {form} {other}".rstrip())
        self.fault = fault
        self.form = form
        self.other = other


@dataclass(frozen=True, slots=True)
class CodeForm:
    """One form. ``places`` says which characters may stand at each place."""

    written: str
    places: tuple[frozenset[str], ...]
    has_check_digit: bool = False

    @classmethod
    def read(cls, written: str) -> "CodeForm":
        """Read a form.

        Raises:
            CodeFormError: it is none.

        """
        pieces = list(_PIECE.finditer(written))
        signs = "".join(piece["sign"] * int(piece["times"] or 1) for piece in pieces)
        if "".join(piece[0] for piece in pieces) != written or not set(signs) <= _SIGNS.keys() | _THEMSELVES:
            raise CodeFormError(FormFault.SIGN, written)
        if not 0 < len(signs) <= LONGEST_FORM:
            raise CodeFormError(FormFault.LENGTH, written)
        places = tuple(_SIGNS.get(sign, frozenset(sign)) for sign in signs)
        if "%" in signs[:-1] or (signs.endswith("%") and not all(place <= _DIGITS for place in places)):
            raise CodeFormError(FormFault.CHECK_DIGIT, written)
        return cls(written, places, signs.endswith("%"))

    def has_shape(self, code: str) -> bool:
        """Whether a code looks like it, right check digit or not."""
        return len(code) == len(self.places) and all(character in place for character, place in zip(code, self.places, strict=True))

    def fits(self, code: str) -> bool:
        """Whether a code is of this form."""
        return self.has_shape(code) and (not self.has_check_digit or code == with_codabar_check_digit(code[:-1]))

    def shares_a_code_with(self, other: "CodeForm") -> bool:
        """Whether one code may be of both forms; check digits tell no forms apart."""
        return len(self.places) == len(other.places) and all(map(frozenset.__and__, self.places, other.places))

    def may_begin_like(self, prefix: str) -> bool:
        """Whether one of its codes begins so, in capital or small letters."""
        begun = zip(self.places, prefix, strict=False)
        return len(self.places) >= len(prefix) and all({sign.upper(), sign.lower()} & place for place, sign in begun)


@dataclass(frozen=True, slots=True)
class CodeForms:
    """How the library's codes look. Without forms of ``items`` any code that is no other may be an item's; without ``cards`` there are none."""

    items: tuple[CodeForm, ...] = ()
    cards: tuple[CodeForm, ...] = ()

    @classmethod
    def read(cls, items: str, cards: str) -> "CodeForms":
        """Read configured forms; empty texts are none.

        Raises:
            CodeFormError: one is none, or two can't be told apart.

        """
        return cls(read_item_forms(items), read_card_forms(cards)).checked()

    def checked(self) -> "CodeForms":
        """These, if they can be told apart: no code may ever be taken for two things.

        Raises:
            CodeFormError: a code could be an item's and a card's.

        """
        for card, item in product(self.cards, self.items):
            if card.shares_a_code_with(item):
                raise CodeFormError(FormFault.SHARED, card.written, item.written)
        return self


def read_item_forms(text: str) -> tuple[CodeForm, ...]:
    """Read the forms of item barcodes.

    Raises:
        CodeFormError: one is none, or could be a mobile card's code.

    """
    return _told_from_mobile_codes(map(CodeForm.read, text.split()))


def read_card_forms(text: str) -> tuple[CodeForm, ...]:
    """Read the forms of library cards' barcodes.

    Raises:
        CodeFormError: one is none, could be a mobile card's code, or is that of a number which the desk can't take.

    """
    forms = _told_from_mobile_codes(map(CodeForm.read, text.split()))
    for form in forms:
        if len(form.places) not in CARD_NUMBER_LENGTHS or not all(place <= _CARD_NUMBER_DIGITS for place in form.places):
            raise CodeFormError(FormFault.CARD_NUMBER, form.written)
    return forms


def _told_from_mobile_codes(forms: Iterable[CodeForm]) -> tuple[CodeForm, ...]:
    read = tuple(forms)
    for form in read:
        if form.may_begin_like(PREFIX):
            raise CodeFormError(FormFault.MOBILE, form.written)
    return read


LIBRARY_CODABAR = CodeForm.read("#{13}%")
"""Fourteen digits with a check digit, such as 30234000517861."""


def is_publisher_code(code: str) -> bool:
    """Whether this is an ISBN or ISSN as printed by a publisher: the right prefix and a right EAN-13 check digit."""
    if len(code) not in _PUBLISHER_LENGTHS or not _DIGITS.issuperset(code) or not code.startswith(_PUBLISHER_PREFIXES):
        return False
    numbers = [int(character) for character in code[:_EAN_LENGTH]]
    return (sum(numbers[0::2]) + 3 * sum(numbers[1::2])) % 10 == 0


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
