"""How staff ask for a patron: by a card's number, a national ID, or a name. Read as people write them."""

import unicodedata
from dataclasses import dataclass, field
from typing import ClassVar

from circulation.cards import CardUid
from registry.enrolment.names import folded


@dataclass(frozen=True, slots=True)
class ByNumber:
    """The patron whose card has this number now."""

    uid: CardUid
    asked_by: ClassVar[str] = "number"


@dataclass(frozen=True, slots=True)
class ByNationalId:
    """The patron with this national ID or resident number. A wrong one finds nobody; the check digit is not looked at."""

    text: str = field(repr=False)
    asked_by: ClassVar[str] = "national_id"

    @classmethod
    def written(cls, text: str) -> "ByNationalId":
        """Read a number however it was typed: full width, small letters, blanks around it."""
        return cls(read_national_id(text))


@dataclass(frozen=True, slots=True)
class ByName:
    """Every patron of this name, in its folded form (R16)."""

    folded: str = field(repr=False)
    asked_by: ClassVar[str] = "name"

    @classmethod
    def written(cls, text: str) -> "ByName":
        """Read a name however it was typed."""
        return cls(folded(text))


Question = ByNumber | ByNationalId | ByName


def read_national_id(written: str) -> str:
    """A national ID as the registry keeps it. It need not be one that can exist: a wrong one is just nobody's."""
    return unicodedata.normalize("NFKC", written).strip().upper()
