"""What a kiosk shows in the modes that staff set: how far a class is, and whether a card works. No name, no loan, no title."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.refusal import Refusal


@dataclass(frozen=True, slots=True)
class ClassProgress:
    """How far a class is: ``pupils`` have borrowed ``items``, the turn that is open among them. ``until``: when it ends, in the library's time."""

    pupils: int
    items: int
    until: datetime
    turn: int = 0
    """Which one it is; another number is another pupil."""


@dataclass(frozen=True, slots=True)
class CardCheck:
    """Cards are checked and none lies there. ``good`` and ``other`` count those that did."""

    good: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class CardChecked:
    """A card was checked: it works (no ``refusal``), or what is the matter. ``reference`` finds it in the kiosk's logs; the screen goes by itself."""

    refusal: Refusal | None
    ends_at: float
    reference: str = ""
