"""What the page of devices shows besides the standings that every view has: what was tried, and how far the search for a form is.

It is for staff, and it stands where anybody may look: of a card's number four digits are shown, of a code only an item's.
"""

from dataclasses import dataclass
from enum import StrEnum, unique

from circulation.calibration import Calibration
from circulation.cards import CardKind, CardUid
from kiosk.scans import ScanFault


@unique
class CardFault(StrEnum):
    """Why a card that was laid down is of no use: stable codes, the sentences stand in the catalogue as ``devices.card.<code>``."""

    UNREADABLE = "unreadable"
    RANDOM = "random"
    """Its number is another at each tap: a telephone."""
    BLANK = "blank"
    COMPARED = "compared"
    """The search knows it already."""


@dataclass(frozen=True, slots=True)
class CardTried:
    """A card as a reader read it. ``tried`` counts all that was tried on this page; ``known``: whether the replica has the card, none: there is none."""

    tried: int
    reader: str
    shown: str = ""
    """The last digits of its number."""
    octets: int = 0
    kind: CardKind | None = None
    fault: CardFault | None = None
    known: bool | None = None


@unique
class CodeKind(StrEnum):
    """What a code was taken for."""

    ITEM = "item"
    CARD = "card"
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class CodeTried:
    """A code as a scanner read it: its kind, or why it is nothing. ``text`` is an item's, text from outside; of any other code nothing is kept."""

    tried: int
    scanner: str
    kind: CodeKind | None = None
    text: str = ""
    fault: ScanFault | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """What the search said last, and of which card."""

    shown: str
    found: Calibration


@dataclass(frozen=True, slots=True)
class FormSought:
    """The search for the form of a source's numbers. ``asked``: the card whose number is to be typed; none: a card is to be laid down."""

    asked: str | None = None
    compared: tuple[str, ...] = ()
    last: Compared | None = None
    fault: CardFault | None = None
    laid: int = 0
    """How many cards were laid down: another number is another card, and what was typed for the one before is nothing."""

    @property
    def is_over(self) -> bool:
        """Whether another card can add nothing."""
        return self.last is not None and self.last.found.outcome.ends


@dataclass(frozen=True, slots=True)
class Devices:
    """The page of devices; with ``sought`` the search stands in the place of the list."""

    card: CardTried | None = None
    code: CodeTried | None = None
    sought: FormSought | None = None


def last_digits(uid: CardUid) -> str:
    """Enough to tell the cards on a table apart."""
    return uid.hex[-4:]


def fault_of(uid: CardUid) -> CardFault | None:
    """Why a number names no card."""
    if uid.is_random:
        return CardFault.RANDOM
    return CardFault.BLANK if uid.is_blank else None
