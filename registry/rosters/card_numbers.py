"""Card numbers as a source writes them. Each source is configured with its one form; a number that fits another is not taken."""

import re
import unicodedata

from circulation.cards import CardUid, CardUidError, NumberForm, plain_number
from registry.rosters.problems import ProblemCode

EASYCARD_LENGTHS = (4, 7)
"""Bytes of an EasyCard's UID (ISO/IEC 14443-3 type A)."""
_SPREADSHEET_DIGITS = 15
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]+")
_LOST_ONE_OR_TWO_ZEROS = frozenset(length * 2 - lost for length in EASYCARD_LENGTHS for lost in (1, 2))
_DECIMAL_DIGITS = 10


class CardNumberError(ValueError):
    """The text is no card number of this source. The message never repeats the text."""

    def __init__(self, code: ProblemCode) -> None:
        super().__init__(code.value)
        self.code = code


class NumberFormError(ValueError):
    """Numbers in this form stand for 256 cards each: no card can be bound by them."""


def check_form(form: NumberForm) -> None:
    """See whether a source may write its numbers so.

    Raises:
        NumberFormError: it may not.

    """
    if not form.links_one_card:
        message = f"numbers in the form {form} keep three bytes only, 256 cards share each: ask the sender for the whole number"
        raise NumberFormError(message)


def read_card_number(written: str, form: NumberForm) -> CardUid:
    """Read a number in its source's form.

    Raises:
        CardNumberError: with the code of what is wrong.

    """
    text = plain_number(written)
    if _SCIENTIFIC.fullmatch(unicodedata.normalize("NFKC", written).strip().upper()):
        raise CardNumberError(ProblemCode.EXCEL_SCIENTIFIC)
    if _is_rounded(text):
        raise CardNumberError(ProblemCode.EXCEL_ROUNDED)
    uid = _from_hex(text, form) if form in {NumberForm.HEX, NumberForm.HEX_REVERSED} else _from_decimal(text, form)
    if not uid.names_a_card:
        raise CardNumberError(ProblemCode.CARD_NO_CARD)
    return uid


def _is_rounded(text: str) -> bool:
    """Whether this is a number that a spreadsheet has written zeros at the end of."""
    return _is_digits(text) and len(text) > _SPREADSHEET_DIGITS and not text[_SPREADSHEET_DIGITS:].strip("0")


def _from_hex(text: str, form: NumberForm) -> CardUid:
    if _is_digits(text) and len(text) in _LOST_ONE_OR_TWO_ZEROS:
        raise CardNumberError(ProblemCode.EXCEL_LEADING_ZERO)
    if len(text) not in {length * 2 for length in EASYCARD_LENGTHS}:
        raise CardNumberError(ProblemCode.CARD_FORMAT)
    try:
        uid = CardUid.from_hex(text)
    except CardUidError:
        raise CardNumberError(ProblemCode.CARD_FORMAT) from None
    return CardUid(uid.octets[::-1]) if form is NumberForm.HEX_REVERSED else uid


def _from_decimal(text: str, form: NumberForm) -> CardUid:
    if not _is_digits(text) or len(text) > len(str(1 << 56)):
        raise CardNumberError(ProblemCode.CARD_FORMAT)
    if len(text) < _DECIMAL_DIGITS:
        raise CardNumberError(ProblemCode.EXCEL_LEADING_ZERO)
    length = next((length for length in EASYCARD_LENGTHS if int(text) < 1 << 8 * length), None)
    if length is None:
        raise CardNumberError(ProblemCode.CARD_FORMAT)
    uid = CardUid(int(text).to_bytes(length, "little" if form is NumberForm.DECIMAL_LITTLE else "big"))
    if uid.written_as(form) != text:
        raise CardNumberError(ProblemCode.CARD_FORMAT)
    return uid


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
