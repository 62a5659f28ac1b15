"""What rows would change, as values: what becomes of each row, and everything that a commit writes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, unique

from circulation.cards import CardUid
from circulation.ids import PatronId
from registry.cases.kinds import CaseKind
from registry.rosters.known import ContactData, Fresh, Named, Person, PupilData
from registry.rosters.rows import BureauRow, CardRow, ContactRow


@unique
class Outcome(StrEnum):
    """What becomes of a row: each has exactly one."""

    CREATED = "created"
    CHANGED = "changed"
    REPLACED = "replaced"
    """The patron's EasyCard number was replaced (Q3-4b, Q6-3a, Q7-c)."""
    STOPPED = "stopped"
    """The card is reported lost (R18)."""
    ENDED = "ended"
    """The number ended: the card was handed in (Q7-b)."""
    NOTED = "noted"
    """The card's history says so and nothing else has changed (Q7-a)."""
    UNCHANGED = "unchanged"
    OLDER = "older"
    """The registry has a newer word: the card stays (R15)."""
    HELD = "held"
    """Nothing but a case."""
    WAITING = "waiting"
    """Contact data before the Bureau's word (R4)."""
    REPEATED = "repeated"
    NOT_CONSENTED = "not_consented"
    NOT_PARTICIPATING = "not_participating"
    """A card event of somebody who takes no part in the programme: nothing is stored (Q6-3b)."""
    REFUSED = "refused"


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
    row: CardRow
    replaces: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CardTold:
    """A patron's card that a row tells something of."""

    patron: PatronId
    card: CardUid


@dataclass(slots=True)
class Plan:
    """Everything a commit would write. ``school_year`` is in years of the Republic; ``decided`` are cases that staff have decided."""

    school_year: int
    decided: frozenset[CaseKind] = frozenset()
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    row_outcomes: dict[int, Outcome] = field(default_factory=dict)
    held: dict[int, CaseKind] = field(default_factory=dict)
    row_of: dict[PatronId, int] = field(default_factory=dict)
    patrons: list[NewPatron] = field(default_factory=list)
    cards: list[NewCard] = field(default_factory=list)
    ended: list[CardTold] = field(default_factory=list)
    lost: list[CardTold] = field(default_factory=list)
    cancelled: list[CardTold] = field(default_factory=list)
    named: dict[CardUid, Named] = field(default_factory=dict)
    fresh: dict[PatronId, Fresh] = field(default_factory=dict)
    pupils: dict[PatronId, PupilData] = field(default_factory=dict)
    contacts: dict[PatronId, ContactData] = field(default_factory=dict)
    consents: list[PatronId] = field(default_factory=list)
    completed: list[PatronId] = field(default_factory=list)
    moved: dict[PatronId, str] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    waits: dict[str, ContactRow] = field(default_factory=dict)
    no_longer_waits: list[str] = field(default_factory=list)
    newcomers: dict[tuple[str, date], list[Person]] = field(default_factory=dict)

    def note(self, number: int, outcome: Outcome) -> None:
        """Say what becomes of a row."""
        self.outcomes[outcome] += 1
        self.row_outcomes[number] = outcome

    def ask(self, case: Case) -> None:
        """Lay a question before staff; what the row says is done all the same."""
        if case.kind not in self.decided:
            self.cases.append(case)

    def hold(self, case: Case) -> Outcome:
        """Lay a row before staff: nothing of it is done."""
        self.cases.append(case)
        self.held[case.row_number] = case.kind
        return Outcome.HELD

    def name(self, card: CardUid, patron: PatronId, day: date, known: Named | None) -> None:
        """Remember that the Bureau named this number for a patron at this date."""
        before = self.named.get(card, known)
        now = Named(patron, day, day) if before is None or before.patron != patron else before.extended(day)
        if now != before:
            self.named[card] = now

    @property
    def is_empty(self) -> bool:
        """Whether a commit would write nothing."""
        of_cards = (self.cards, self.ended, self.lost, self.cancelled, self.named, self.fresh)
        of_people = (self.patrons, self.pupils, self.contacts, self.consents, self.completed, self.moved)
        return not any((*of_cards, *of_people, self.cases, self.waits, self.no_longer_waits))

    @property
    def touched(self) -> set[PatronId]:
        """Whose data a commit would write."""
        lists = (self.cards, self.ended, self.lost, self.cancelled)
        about = ((one.id for one in self.patrons), *((one.patron for one in some) for some in lists), self.pupils, self.contacts)
        return set().union(*about, self.consents, self.completed, self.moved)
