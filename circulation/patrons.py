"""Patrons as lending sees them: no name, no birth date, nothing that a kiosk may not hold."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from circulation.blocks import Block
from circulation.ids import PatronId


@unique
class PatronClass(StrEnum):
    """The class of rules an account lives under."""

    PERSONAL = "personal"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Patron:
    """An account. ``expires`` is its last valid day (local date); none means it does not expire (R19)."""

    id: PatronId
    masked_name: str
    patron_class: PatronClass = PatronClass.PERSONAL
    expires: date | None = None
    contact_complete: bool = True
    regular_here: bool = False
    blocks: tuple[Block, ...] = ()
