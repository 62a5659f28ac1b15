"""What happens in three school years, as values: files as their senders fill them, and what people do at desks."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of card, by the library's words."""

    EASYCARD = "easycard"
    IPASS = "ipass"
    BARCODE = "barcode"
    CHIP = "chip"


@dataclass(frozen=True, slots=True)
class StudentRow:
    """The Bureau: a pupil and the card that was made. Without a number: a passport, or nothing. ``consented`` none: no tick at all."""

    number: str
    name: str
    born: str
    card: str
    school: str
    consented: bool = True


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A school: how to reach a pupil."""

    number: str
    name: str
    born: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class ReissueRow:
    """The Bureau: a new card for one that was lost or broken, made on a day."""

    number: str
    born: str
    card: str
    issued: date


@dataclass(frozen=True, slots=True)
class LeavingRow:
    """The Bureau: a student ID was handed in (繳回), or cancelled and kept (註銷)."""

    number: str
    born: str
    card: str
    handed_in: bool
    left: date


@dataclass(frozen=True, slots=True)
class LossRow:
    """The Bureau: a student ID was reported lost through the school."""

    number: str
    born: str
    card: str
    lost: date


@dataclass(frozen=True, slots=True)
class AccountBefore:
    """Somebody the library knew before the programme, with cards."""

    number: str
    name: str
    born: date
    cards: tuple[tuple[Kind, str], ...]


@dataclass(frozen=True, slots=True)
class StudentFile:
    """The Bureau's file of a school year."""

    year: int
    rows: tuple[StudentRow, ...]


@dataclass(frozen=True, slots=True)
class ContactFile:
    """A school's file of a school year."""

    year: int
    school: str
    rows: tuple[ContactRow, ...]


@dataclass(frozen=True, slots=True)
class ReissueFile:
    rows: tuple[ReissueRow, ...]


@dataclass(frozen=True, slots=True)
class LeavingFile:
    rows: tuple[LeavingRow, ...]


@dataclass(frozen=True, slots=True)
class LossFile:
    rows: tuple[LossRow, ...]


@dataclass(frozen=True, slots=True)
class DeskLoss:
    """Somebody calls, or comes to a desk, and proves to be the holder of this card."""

    card: str


@dataclass(frozen=True, slots=True)
class DeskRestore:
    """The card was found again, and a librarian gives it back."""

    card: str


@dataclass(frozen=True, slots=True)
class DeskReplacement:
    """A new card of a kind at a desk, in place of the one on record, if any."""

    number: str
    kind: Kind
    card: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A family takes its consent back."""

    number: str


Event = (
    AccountBefore | StudentFile | ContactFile | ReissueFile | LeavingFile | LossFile | DeskLoss | DeskRestore | DeskReplacement | Withdrawal
)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event on a day."""

    on: date
    event: Event
