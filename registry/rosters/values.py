"""Cells to values: what a spreadsheet made of a text is found out and reported, never repaired."""

import unicodedata
from datetime import date, datetime, time

from circulation.national_ids import NationalId, NationalIdError
from registry.rosters.dates import DateError, read_date
from registry.rosters.problems import ProblemCode
from registry.rosters.xlsx_sheet import Cell
from registry.spreadsheet import armed_again

LONGEST_NAME = 100
LONGEST_TEXT = 300
_EXACT_NUMBERS_END = 10**15
_LOST_ZERO_LENGTH = 9
"""Digits of a Taiwanese number (mobile, or area code 02 and eight) without its leading zero."""
_FEWEST_PHONE_DIGITS = 6
_SCHOOL_CODE_LENGTH = 6
_POSTAL_CODE_LENGTHS = (3, 5, 6)
_OLDEST = 99
"""Years. A pupil of a hundred is a year that was written in another calendar."""
_ALL_HIDDEN = 3
"""Characters of which none is shown: too few to hide the rest."""
_DATE_CHARACTERS = frozenset("0123456789-/.年月日民國中華: T")
_LONGEST_DATE = 20
_MOST_DATE_DIGITS = 8


class ValueProblemError(ValueError):
    """A cell doesn't hold what it must. The message never repeats the cell."""

    def __init__(self, code: ProblemCode, shown: str = "") -> None:
        super().__init__(code.value)
        self.code = code
        self.shown = shown


def text_of(cell: Cell) -> str:
    """A cell as text, without blanks around it.

    Raises:
        ValueProblemError: ``EXCEL_ROUNDED``, a number with more digits than a spreadsheet keeps, or none.

    """
    if isinstance(cell, str):
        return armed_again(cell.strip())
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        if not abs(cell) < _EXACT_NUMBERS_END:  # nor is NaN, which a crafted workbook may hold
            raise ValueProblemError(ProblemCode.EXCEL_ROUNDED)
        return str(int(cell)) if cell == int(cell) else repr(cell)
    return str(cell)


def read_name(cell: Cell) -> str:
    """A name as received (R16).

    Raises:
        ValueProblemError: it is missing, too long, or has control characters.

    """
    return _plain(text_of(cell), LONGEST_NAME)


def read_text(cell: Cell) -> str | None:
    """An address or other free text; none when the cell is empty.

    Raises:
        ValueProblemError: it is too long, or has control characters.

    """
    text = text_of(cell)
    return _plain(text, LONGEST_TEXT) if text else None


def _plain(text: str, longest: int) -> str:
    if not text:
        raise ValueProblemError(ProblemCode.VALUE_MISSING)
    if len(text) > longest or any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise ValueProblemError(ProblemCode.TEXT_UNREADABLE)
    return text


def read_national_id(cell: Cell) -> str:
    """A national ID or resident number.

    Raises:
        ValueProblemError: it is missing, or can be no such number.

    """
    text = text_of(cell)
    if not text:
        raise ValueProblemError(ProblemCode.VALUE_MISSING)
    try:
        return NationalId.read(text).text
    except NationalIdError as error:
        raise ValueProblemError(ProblemCode(error.fault.value), masked_number(text)) from None


def read_birth_date(cell: Cell, *, today: date) -> date:
    """A birth date: written, or a spreadsheet's own.

    Raises:
        ValueProblemError: it can't be read in one way only, or nobody alive has it.

    """
    born = _date_of(cell)
    if born > today:
        raise ValueProblemError(ProblemCode.DATE_FUTURE, f"{born}")
    if today.year - born.year > _OLDEST:
        raise ValueProblemError(ProblemCode.DATE_TOO_OLD, f"{born}")
    return born


def _date_of(cell: Cell) -> date:
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise ValueProblemError(ProblemCode.DATE_FORMAT, f"{cell}")
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    if not text:
        raise ValueProblemError(ProblemCode.VALUE_MISSING)
    try:
        return read_date(text)
    except DateError as error:
        raise ValueProblemError(error.code, shown_date(text)) from None


def read_phone(cell: Cell) -> str | None:
    """A phone number as received; none when the cell is empty.

    Raises:
        ValueProblemError: a spreadsheet has taken its leading zero, or it is none.

    """
    text = read_text(cell)
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text)
    if plain.isdigit() and len(plain) == _LOST_ZERO_LENGTH and not plain.startswith("0"):
        raise ValueProblemError(ProblemCode.EXCEL_LEADING_ZERO, masked_number(plain))
    if "E+" in plain.upper():
        raise ValueProblemError(ProblemCode.EXCEL_SCIENTIFIC)
    if sum(character.isdigit() for character in plain) < _FEWEST_PHONE_DIGITS:
        raise ValueProblemError(ProblemCode.PHONE_FORMAT)
    return text


def read_school_code(cell: Cell) -> str | None:
    """A school's code of six characters; none when the cell is empty.

    Raises:
        ValueProblemError: it has another length.

    """
    text = unicodedata.normalize("NFKC", text_of(cell)).strip().upper()
    if not text:
        return None
    if len(text) == _SCHOOL_CODE_LENGTH and text.isascii() and text.isalnum():
        return text
    lost = text.isdigit() and len(text) == _SCHOOL_CODE_LENGTH - 1
    raise ValueProblemError(ProblemCode.EXCEL_LEADING_ZERO if lost else ProblemCode.SCHOOL_CODE_FORMAT)


def read_postal_code(cell: Cell) -> str | None:
    """A postal code of 3, 5 or 6 digits; none when the cell is empty.

    Raises:
        ValueProblemError: it is none.

    """
    text = unicodedata.normalize("NFKC", text_of(cell)).replace("-", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) in _POSTAL_CODE_LENGTHS):
        raise ValueProblemError(ProblemCode.POSTAL_CODE_FORMAT)
    return text


def masked_number(text: str) -> str:
    """What may be shown of a number that names somebody."""
    plain = "".join(character for character in text if character.isascii() and character.isalnum())
    return f"{plain[:1]}{'*' * min(len(plain) - 2, 10)}{plain[-1:]}" if len(plain) > _ALL_HIDDEN else "*" * len(plain)


def shown_date(text: str) -> str:
    """A date as it was written, or nothing when it is something else: a shifted column must not print a name."""
    digits = sum(character.isdigit() for character in text)
    return text if digits <= _MOST_DATE_DIGITS and len(text) <= _LONGEST_DATE and _DATE_CHARACTERS.issuperset(text) else ""
