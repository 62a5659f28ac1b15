"""What a kiosk is for just now: lending as on every day, a visit of a class, or checking cards on the day they are handed out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique


@unique
class Mode(StrEnum):
    """What staff may set a kiosk to."""

    LENDING = "lending"
    CLASS_VISIT = "class_visit"
    CARD_CHECK = "card_check"


@dataclass(frozen=True, slots=True)
class Lending:
    """As on every day."""


@dataclass(frozen=True, slots=True)
class ClassVisit:
    """One pupil after the other: the next card ends the turn before it, no name is shown, a counter runs.

    ``turns`` have begun; in those that are over ``pupils`` have borrowed ``items``. Ends at a monotonic second; ``until`` is the same instant (aware UTC).
    """

    ends_at: float
    until: datetime
    turns: int = 0
    pupils: int = 0
    items: int = 0


@dataclass(frozen=True, slots=True)
class CardCheck:
    """A card is laid down and works, or does not: no name, no loan, nothing lent. Without ``ends_at`` it goes on until staff end it.

    ``good`` and ``other`` count the cards that were laid down.
    """

    ends_at: float | None = None
    until: datetime | None = None
    good: int = 0
    other: int = 0


Duty = Lending | ClassVisit | CardCheck
