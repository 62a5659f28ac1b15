"""What a file would change, as values: what is known, what becomes of each row, and everything that a commit writes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, unique

from circulation.cards import CardUid
from circulation.ids import PatronId
from registry.cards.replacement import Owner
from registry.cases.kinds import CaseKind
from registry.rosters.rows import BureauRow, ContactRow


@unique
class Outcome(StrEnum):
    """What becomes of a row: each has exactly one."""

    CREATED = "created"
    CHANGED = "changed"
    REPLACED = "replaced"
    """The patron's EasyCard number was replaced (Q3-4b)."""
    UNCHANGED = "unchanged"
    HELD = "held"
    """Nothing but a case."""
    WAITING = "waiting"
    """Contact data before the Bureau's word (R4)."""
    REPEATED = "repeated"
    NOT_CONSENTED = "not_consented"
    REFUSED = "refused"


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

    def kept_from(self, known: "PupilData | None") -> "PupilData":
        """This, with what is known where this says nothing."""
        if known is None:
            return self
        return PupilData(
            self.school or known.school,
            self.school_phone or known.school_phone,
            self.student_number or known.student_number,
            self.household_address or known.household_address,
        )


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
class KnownPatron:
    """A patron as the registry has one. ``easycard`` is the number of the EasyCard in hexadecimal."""

    id: PatronId
    name: str
    born: date | None
    contact_complete: bool
    regular_at: str | None
    easycard: str | None = None
    pupil: PupilData | None = None
    contact: ContactData | None = None
    consents: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What the registry knows of the people and numbers in a file. ``waiting`` and ``patrons`` are by national ID."""

    patrons: Mapping[str, KnownPatron]
    owners: Mapping[CardUid, Owner] = field(default_factory=dict)
    replaced: Mapping[CardUid, PatronId] = field(default_factory=dict)
    waiting: Mapping[str, ContactRow] = field(default_factory=dict)
    branch_of_school: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """A question with both sides. ``names`` are the texts that make it the same question when a file is loaded again."""

    kind: CaseKind
    row_number: int
    patron: PatronId | None
    other_patron: PatronId | None
    row_says: Mapping[str, str]
    registry_says: Mapping[str, str | None]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class NewPatron:
    """A preliminary record (Q3-2c), complete at once when the school's data was waiting."""

    id: PatronId
    row: BureauRow
    complete: bool
    regular_at: str | None


@dataclass(frozen=True, slots=True, repr=False)
class NewCard:
    """An EasyCard to bind, active at once (Q3-4a), and the number it replaces."""

    patron: PatronId
    row: BureauRow
    replaces: str | None = None


@dataclass(slots=True)
class Plan:
    """Everything a commit would write. ``school_year`` is in years of the Republic."""

    school_year: int
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    row_outcomes: dict[int, Outcome] = field(default_factory=dict)
    held: dict[int, CaseKind] = field(default_factory=dict)
    patrons: list[NewPatron] = field(default_factory=list)
    cards: list[NewCard] = field(default_factory=list)
    pupils: dict[PatronId, PupilData] = field(default_factory=dict)
    contacts: dict[PatronId, ContactData] = field(default_factory=dict)
    consents: list[PatronId] = field(default_factory=list)
    completed: list[PatronId] = field(default_factory=list)
    moved: dict[PatronId, str] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    waits: dict[str, ContactRow] = field(default_factory=dict)
    no_longer_waits: list[str] = field(default_factory=list)

    def note(self, number: int, outcome: Outcome) -> None:
        """Say what becomes of a row."""
        self.outcomes[outcome] += 1
        self.row_outcomes[number] = outcome

    def hold(self, case: Case) -> Outcome:
        """Lay a row before staff: nothing of it is done."""
        self.cases.append(case)
        self.held[case.row_number] = case.kind
        return Outcome.HELD

    @property
    def is_empty(self) -> bool:
        """Whether a commit would write nothing."""
        written = (self.patrons, self.cards, self.pupils, self.contacts, self.consents, self.completed, self.moved)
        return not any((*written, self.cases, self.waits, self.no_longer_waits))
