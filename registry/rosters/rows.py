"""A row of a roster, whatever it came as: what it says, or everything that is wrong with it."""

from dataclasses import dataclass, field
from datetime import date

import msgspec

from circulation.cards import CardUid
from registry.rosters.problems import Problem


class _Row(msgspec.Struct, frozen=True):
    """Every row names a person by national ID and birth date. ``number`` is its place in the file, as a spreadsheet counts."""

    number: int

    def __repr__(self) -> str:
        """Keep the pupil out of logs and failed assertions."""
        return f"{type(self).__name__}({self.number})"


class BureauRow(_Row, frozen=True):
    """A consenting pupil with a student ID (Q3-2c). ``issued_on`` is the card's own date where the sender tells it."""

    name: str
    national_id: str
    born: date
    card: CardUid
    household_address: str | None
    school_phone: str | None
    school_code: str | None
    student_number: str | None
    issued_on: date | None = None

    __repr__ = _Row.__repr__


class ContactRow(_Row, frozen=True):
    """A pupil's contact data (Q3-1a)."""

    name: str
    national_id: str
    born: date
    address: str
    phone: str | None
    mobile: str | None
    postal_code: str | None
    guardian: str | None

    __repr__ = _Row.__repr__


class ReissueRow(_Row, frozen=True):
    """A new card for a participating pupil (補發, Q6-3a). ``reason`` is the sender's word and decides nothing (R6)."""

    national_id: str
    born: date
    card: CardUid
    issued_on: date
    old_card: CardUid | None = None
    reason: str | None = None

    __repr__ = _Row.__repr__


class LeavingRow(_Row, frozen=True):
    """A pupil left a school: the card was handed in (繳回, Q7-b), or cancelled and kept (註銷, Q7-a)."""

    national_id: str
    born: date
    handed_in: bool
    left_on: date
    card: CardUid | None = None

    __repr__ = _Row.__repr__


class LossRow(_Row, frozen=True):
    """A loss that the Bureau tells of (R18)."""

    national_id: str
    born: date
    lost_on: date
    card: CardUid | None = None

    __repr__ = _Row.__repr__


RosterRow = BureauRow | ContactRow | ReissueRow | LeavingRow | LossRow
CardRow = BureauRow | ReissueRow
"""Rows that name a card to bind."""


@dataclass(frozen=True, slots=True)
class NotConsented:
    """A row with an explicit "no": nothing of it is kept but its number. The ID is for erasing what waits, and for nothing else."""

    number: int
    national_id: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that can't be taken. ``consented`` decides whether its cells may be written into the file of bad rows."""

    number: int
    problems: tuple[Problem, ...]
    consented: bool


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A row that can be taken, perhaps with warnings."""

    row: RosterRow
    warnings: tuple[Problem, ...] = ()
