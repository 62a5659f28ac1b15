"""What somebody types who reports a card lost without one: an ID, then a birth date, key by key.

Both are values that know which keys may come next; nothing here is ever shown whole.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from circulation.national_ids import NationalId, NationalIdError, NationalIdFault

HIDDEN = "●"
"""Stands for a typed character."""

SEEN = 3
"""The last characters that are shown as they were typed."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
_SECOND_LETTERS = "ABCD"
"""The second character of an old resident number."""
_ID_LENGTH = 10
_ROC_YEARS = 1911
"""民國 1 is 1912."""


def masked(typed: str, length: int) -> list[str]:
    """The cells of a field: hidden but for the last three, then empty ones."""
    hidden = max(0, len(typed) - SEEN)
    return [*[HIDDEN] * hidden, *typed[hidden:], *[""] * (length - len(typed))]


@dataclass(frozen=True, slots=True, repr=False)
class TypedId:
    """A national ID or resident number that is being typed."""

    text: str = ""

    def __repr__(self) -> str:
        """Keep the number out of logs and failed assertions."""
        return f"TypedId(<{len(self.text)}>)"

    @property
    def next_keys(self) -> str:
        """The keys that may come next."""
        if len(self.text) == 0:
            return LETTERS
        if len(self.text) == 1:
            return DIGITS + _SECOND_LETTERS
        return DIGITS if len(self.text) < _ID_LENGTH else ""

    @property
    def cells(self) -> list[str]:
        """What may be shown of it."""
        return masked(self.text, _ID_LENGTH)

    @property
    def complete(self) -> bool:
        """Whether no key is missing."""
        return len(self.text) == _ID_LENGTH

    @property
    def fault(self) -> NationalIdFault | None:
        """Why it can't exist; none when it can."""
        try:
            NationalId.read(self.text)
        except NationalIdError as error:
            return error.fault
        return None

    def press(self, key: str) -> "TypedId":
        """One character more, if it may come next."""
        return TypedId(self.text + key) if len(key) == 1 and key in self.next_keys else self

    def delete(self) -> "TypedId":
        """Without the last character."""
        return TypedId(self.text[:-1])


@unique
class Era(StrEnum):
    """How years are counted."""

    ROC = "roc"
    WESTERN = "western"

    @property
    def groups(self) -> tuple[int, int, int]:
        """Digits of year, month and day."""
        return (3, 2, 2) if self is Era.ROC else (4, 2, 2)


@unique
class DateFault(StrEnum):
    """Why it is no birth date."""

    IMPOSSIBLE = "date_impossible"
    FUTURE = "date_future"


@dataclass(frozen=True, slots=True, repr=False)
class TypedDate:
    """A birth date that is being typed: year, month, day, all digits."""

    era: Era = Era.ROC
    text: str = ""

    def __repr__(self) -> str:
        """Keep the date out of logs and failed assertions."""
        return f"TypedDate(<{self.era}, {len(self.text)}>)"

    @property
    def cells(self) -> list[str]:
        """What may be shown of it."""
        return masked(self.text, sum(self.era.groups))

    @property
    def complete(self) -> bool:
        """Whether no key is missing."""
        return len(self.text) == sum(self.era.groups)

    @property
    def day(self) -> date | None:
        """The day that is meant; none while it is no day of the calendar."""
        if not self.complete:
            return None
        digits = self.era.groups[0]
        year = int(self.text[:digits]) + (_ROC_YEARS if self.era is Era.ROC else 0)
        month, day = int(self.text[digits : digits + 2]), int(self.text[digits + 2 :])
        if self.era is Era.ROC and year == _ROC_YEARS:
            return None
        if not date.min.year <= year <= date.max.year or not 1 <= month <= 12:  # noqa: PLR2004 - the months of a year
            return None
        return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None

    def fault(self, *, today: date) -> DateFault | None:
        """Why it can't be a birth date on this day; none when it can."""
        if self.day is None:
            return DateFault.IMPOSSIBLE
        return DateFault.FUTURE if self.day > today else None

    def press(self, key: str) -> "TypedDate":
        """One digit more, while one is missing."""
        return TypedDate(self.era, self.text + key) if len(key) == 1 and key in DIGITS and not self.complete else self

    def delete(self) -> "TypedDate":
        """Without the last digit."""
        return TypedDate(self.era, self.text[:-1])
