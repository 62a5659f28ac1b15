"""National IDs and resident numbers: whether one can exist. They identify a person: never shown, logged or printed.

Source: the Ministry of the Interior's coding of 國民身分證統一編號 and 外來人口統一證號 (the new form since
2021-01-02; the old one ends 2031-01-01). About one typing error in ten passes the check digit, so a match
always looks at the birth date too (R3).
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum, unique

_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
"""In the order of their values, the first is 10."""
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1)


@unique
class NationalIdForm(StrEnum):
    """Who carries such a number."""

    CITIZEN = "citizen"
    RESIDENT = "resident"
    RESIDENT_OLD = "resident_old"
    """Two letters; the same person may carry a new number too (case "possible duplicate")."""


_PATTERNS = {
    NationalIdForm.CITIZEN: re.compile(r"[A-Z][12][0-9]{7}"),
    NationalIdForm.RESIDENT: re.compile(r"[A-Z][89][0-9]{7}"),
    NationalIdForm.RESIDENT_OLD: re.compile(r"[A-Z][A-D][0-9]{7}"),
}
"""Everything before the check digit."""


@unique
class NationalIdFault(StrEnum):
    """Why a text is no such number: stable codes, the sentences stand in the catalogue."""

    FORMAT = "national_id_format"
    CHECK_DIGIT = "national_id_check_digit"


class NationalIdError(ValueError):
    """The text is no national ID or resident number. The message never repeats the text."""

    def __init__(self, fault: NationalIdFault) -> None:
        """Say what is wrong, and nothing about whom."""
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True, repr=False)
class NationalId:
    """A number that can exist, upper case without spaces.

    Raises:
        NationalIdError: the text has another form, or its check digit is wrong.

    """

    text: str

    def __post_init__(self) -> None:
        """Refuse what no authority issues."""
        expected = with_check_digit(self.text[:-1])
        if self.text != expected:
            fault = NationalIdFault.CHECK_DIGIT if self.text[-1] in "0123456789" else NationalIdFault.FORMAT
            raise NationalIdError(fault)

    def __repr__(self) -> str:
        """Keep the number out of logs and failed assertions."""
        return f"NationalId(<{self.form}>)"

    @classmethod
    def read(cls, written: str) -> "NationalId":
        """Read a number as people and files write it: full width, small letters, blanks around it.

        Raises:
            NationalIdError: as above.

        """
        return cls(unicodedata.normalize("NFKC", written).strip().upper())

    @property
    def form(self) -> NationalIdForm:
        """Who carries such a number."""
        return _form_of(self.text[:-1])


def with_check_digit(prefix: str) -> str:
    """Complete the first nine characters of a number with the digit that makes it valid.

    Raises:
        NationalIdError: the nine characters begin no number.

    """
    form = _form_of(prefix)
    first = _LETTERS.index(prefix[0]) + 10
    second = (_LETTERS.index(prefix[1]) + 10) % 10 if form is NationalIdForm.RESIDENT_OLD else int(prefix[1])
    digits = (first // 10, first % 10, second, *map(int, prefix[2:]))
    total = sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return f"{prefix}{-total % 10}"


def _form_of(prefix: str) -> NationalIdForm:
    for form, pattern in _PATTERNS.items():
        if pattern.fullmatch(prefix):
            return form
    raise NationalIdError(NationalIdFault.FORMAT)
