"""What the registry knows of the people and the numbers in rows that have come, read by set before anything is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from circulation.cards import CardState, CardUid
from circulation.ids import CardId, PatronId
from circulation.patrons import PatronClass
from registry.cards.replacement import Owner
from registry.cards.store import CardSource
from registry.rosters.rows import BureauRow, ContactRow


@dataclass(frozen=True, slots=True, repr=False)
class PupilData:
    """What the Bureau says of a patron's school."""

    school: str | None = None
    school_phone: str | None = None
    student_number: str | None = None
    household_address: str | None = None

    @classmethod
    def of(cls, row: BureauRow) -> "PupilData":
        """What a row says."""
        return cls(row.school_code, row.school_phone, row.student_number, row.household_address)

    @property
    def values(self) -> tuple[str | None, ...]:
        """What is said, each part by itself."""
        return self.school, self.school_phone, self.student_number, self.household_address

    def joined(self, years: "PupilYears", known: "PupilData | None", known_years: "PupilYears") -> tuple["PupilData", "PupilYears"]:
        """This and what is known, of each part the newer word, and of which school year that is."""
        before = NOTHING_SAID if known is None else known.values
        parts = [
            (new, year) if new is not None and year >= known_year else (old, known_year)
            for new, year, old, known_year in zip(self.values, years, before, known_years, strict=True)
        ]
        return PupilData(*(value for value, _ in parts)), tuple(year for _, year in parts)


PupilYears = tuple[int, ...]
"""Of which school year each part of a pupil's data is; 0 for one that nobody has said."""
NO_YEARS: PupilYears = (0, 0, 0, 0)
NOTHING_SAID = (None, None, None, None)


@dataclass(frozen=True, slots=True)
class Fresh:
    """How new the newest words about a patron are: older ones never overwrite them (R15).

    ``card_as_of`` is the date of the newest word of the Bureau that changed the EasyCard, ``contact_year`` the school
    year of the contact data, ``pupil_years`` those of the pupil's data.
    """

    card_as_of: date | None = None
    contact_year: int | None = None
    pupil_years: PupilYears = NO_YEARS


@dataclass(frozen=True, slots=True, repr=False)
class ContactData:
    """How to reach a patron."""

    address: str
    phone: str | None = None
    mobile: str | None = None
    postal_code: str | None = None
    guardian: str | None = None

    @classmethod
    def of(cls, row: ContactRow) -> "ContactData":
        """What a row says."""
        return cls(row.address, row.phone, row.mobile, row.postal_code, row.guardian)


@dataclass(frozen=True, slots=True, repr=False)
class KnownCard:
    """A patron's EasyCard as it is on record. ``number`` is hexadecimal.

    ``bound_at`` is aware UTC, ``bound_on`` that day at the library; none when nobody noted it.
    """

    number: str
    id: CardId = field(default_factory=lambda: CardId(UUID(int=0)))
    state: CardState = CardState.ACTIVE
    source: CardSource = CardSource.LIBRARY
    bound_at: datetime | None = None
    bound_on: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class KnownPatron:
    """A patron as the registry has one."""

    id: PatronId
    name: str
    born: date | None
    contact_complete: bool
    regular_at: str | None
    card: KnownCard | None = None
    pupil: PupilData | None = None
    contact: ContactData | None = None
    consents: frozenset[int] = frozenset()
    fresh: Fresh = Fresh()
    patron_class: PatronClass = PatronClass.PERSONAL
    withdrawn_on: date | None = None
    """The library's date on which the consent was taken back last: no word from before brings it back (R11, R15)."""

    @property
    def easycard(self) -> str | None:
        """The number of the EasyCard in hexadecimal."""
        return None if self.card is None else self.card.number


@dataclass(frozen=True, slots=True)
class Named:
    """A number that the Bureau has named for a patron, and on which dates first and last."""

    patron: PatronId
    first: date
    last: date

    def covers(self, patron: PatronId, day: date) -> bool:
        """Whether this very word has been heard before."""
        return self.patron == patron and self.first <= day <= self.last

    def extended(self, day: date) -> "Named":
        """The same with one more date."""
        return Named(self.patron, min(self.first, day), max(self.last, day))


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """Somebody who may be the same as somebody in a row. ``folded`` is the name for comparing."""

    id: PatronId
    folded: str
    born: date | None
    national_id: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the registry knows of the people and numbers in rows. ``patrons`` and ``waiting`` are by national ID.

    ``owners`` have a number now, ``replaced`` had it before; ``mirrored`` have, or had, the number that these octets are in
    the other order. ``named`` is what the Bureau said of numbers, ``cancelled`` numbers are noted as cancelled, ``lost`` ones
    as lost by the Bureau. ``others`` are people behind numbers that are somebody else's; ``alike`` those with the same folded
    name and birth date as somebody with a resident number whom nobody knows.
    """

    patrons: Mapping[str, KnownPatron]
    owners: Mapping[CardUid, Owner] = field(default_factory=dict)
    replaced: Mapping[CardUid, PatronId] = field(default_factory=dict)
    waiting: Mapping[str, ContactRow] = field(default_factory=dict)
    branch_of_school: Mapping[str, str] = field(default_factory=dict)
    waiting_years: Mapping[str, int] = field(default_factory=dict)
    mirrored: Mapping[CardUid, PatronId] = field(default_factory=dict)
    named: Mapping[CardUid, Named] = field(default_factory=dict)
    cancelled: frozenset[CardUid] = frozenset()
    lost: frozenset[CardUid] = frozenset()
    others: Mapping[PatronId, Person] = field(default_factory=dict)
    alike: Mapping[tuple[str, date], tuple[Person, ...]] = field(default_factory=dict)
