"""What a kiosk knows of its library, a card, an item: the values its replica answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from circulation.cards import CardKind, CardState
from circulation.ids import BranchCode
from circulation.items import Item, ItemStatus
from circulation.loans import Loan
from circulation.opening_days import Hours, OpeningDays
from circulation.patrons import Patron
from circulation.rules import RuleBook
from circulation.wire import Position

_FOR_SOMEBODY = frozenset({ItemStatus.ON_HOLD_SHELF, ItemStatus.IN_TRANSIT})


@dataclass(frozen=True, slots=True)
class KnownCard:
    """A card on record, the patron it belongs to, and the patron's open loans. ``kind`` is none when this version does not know it."""

    state: CardState
    patron: Patron
    loans: tuple[Loan, ...] = ()
    kind: CardKind | None = None


@dataclass(frozen=True, slots=True)
class KnownPatron:
    """A patron on record and the open loans."""

    patron: Patron
    loans: tuple[Loan, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item and its open loans: one at most, unless two kiosks lent it while apart.

    Of another branch's items only those on loan are known, by their loans.
    """

    item: Item
    loans: tuple[Loan, ...] = ()

    def with_status(self, status: ItemStatus | None) -> "KnownItem":
        """The same with the status that it has by now; none: it has not changed. Neither there nor on its way there it waits for nobody."""
        if status is None:
            return self
        held_for = self.item.held_for if status in _FOR_SOMEBODY else None
        return replace(self, item=replace(self.item, status=status, held_for=held_for))


@dataclass(frozen=True, slots=True)
class OwnCard:
    """One of a patron's cards, by its key."""

    key: bytes
    kind: CardKind
    state: CardState


@dataclass(frozen=True, slots=True)
class Library:
    """The branch this kiosk stands in, its rules and its calendar. Without a calendar no due date can be promised.

    ``names`` are those of all branches that are known.
    """

    branch: BranchCode
    branch_name: str
    rule_book: RuleBook
    opening_days: OpeningDays | None
    names: Mapping[BranchCode, str] = field(default_factory=dict)

    def name_of(self, branch: BranchCode) -> str:
        """What a branch is called; one that is not known by its code."""
        return self.names.get(branch, branch)

    def hours_on(self, day: date) -> Hours | None:
        """The branch's hours on a local date; none when closed or unknown."""
        return None if self.opening_days is None else self.opening_days.hours_on(day)


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """Which snapshot a replica was, and up to where the feed has been applied; ``verified_at`` is the registry's time (aware UTC)."""

    branch: BranchCode
    feed: UUID
    cursor: Position
    version: int
    card_key_version: int
    verified_at: datetime
