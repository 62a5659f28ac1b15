"""What the registry knows of the rows that a batch looks at, and what its facts change of them. Pure."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from circulation.cards import CardState
from circulation.facts import CardReportedLost, CheckedIn, CheckedOut, CheckoutUndone, Fact, LostCardShown, Renewed
from circulation.ids import HoldId, ItemId, LoanId, PatronId
from circulation.items import Item
from circulation.loans import Loan
from circulation.opening_days import OpeningDays, moved_due_date
from circulation.patrons import Patron
from circulation.rules import RuleBook
from registry.exchange.arrivals import Arrival
from registry.exchange.moments import Moment
from registry.holds.queues import Holds
from registry.holds.records import HoldRecord


@dataclass(frozen=True, slots=True)
class KnownCard:
    """Whose card a card key is, and what it may do."""

    patron: PatronId
    state: CardState


@dataclass(frozen=True, slots=True)
class OpenLoan:
    """An open loan and the kiosk that made it, where one did."""

    loan: Loan
    kiosk: UUID | None


@dataclass(frozen=True, slots=True)
class HeardReturn:
    """An item came back to a kiosk, then. ``loan``: that it was about."""

    kiosk: UUID
    moment: Moment
    loan: UUID | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Every row that a batch looks at."""

    patrons: frozenset[UUID] = frozenset()
    items: frozenset[UUID] = frozenset()
    loans: frozenset[UUID] = frozenset()
    cards: frozenset[bytes] = frozenset()
    barcodes: frozenset[str] = frozenset()


def asked_by(arrivals: Sequence[Arrival]) -> Asked:
    """Collect what must be read, so that it can be read by set."""
    facts = [arrival.envelope.fact for arrival in arrivals if arrival.envelope is not None]
    of_patrons = [fact for fact in facts if isinstance(fact, CheckedOut | Renewed)]
    returned = [fact for fact in facts if isinstance(fact, CheckedIn)]
    lost = [fact for fact in facts if isinstance(fact, CardReportedLost)]
    items = [*(fact.item for fact in facts if isinstance(fact, CheckedOut)), *(fact.item for fact in returned)]
    shown = [fact.card for fact in facts if isinstance(fact, LostCardShown)]
    cards = [*(fact.card for fact in of_patrons), *(card for fact in lost for card in (fact.card, fact.by_card)), *shown]
    return Asked(
        frozenset(fact.patron for fact in of_patrons),
        frozenset(item for item in items if item is not None),
        frozenset(loan for loan in map(loan_named_by, facts) if loan is not None),
        frozenset(card for card in cards if card is not None),
        frozenset(fact.barcode for fact in returned),
    )


def loan_named_by(fact: Fact) -> UUID | None:
    """The loan that a fact names, as its kiosk knew it."""
    return fact.loan if isinstance(fact, CheckedOut | CheckoutUndone | Renewed | CheckedIn) else None


@dataclass(slots=True)
class Changes:
    """What a batch leaves behind, whatever happened in between: one state a row."""

    lent: dict[LoanId, OpenLoan] = field(default_factory=dict)
    renewed: dict[LoanId, Loan] = field(default_factory=dict)
    closed: dict[LoanId, datetime | None] = field(default_factory=dict)
    """When it came back; none for a loan that was undone."""
    items: dict[ItemId, Item] = field(default_factory=dict)
    served: dict[HoldId, LoanId] = field(default_factory=dict)
    """Holds that loans ended."""
    given_back: set[HoldId] = field(default_factory=set)
    """Holds that are there again, for their loans were undone."""
    late: dict[ItemId, datetime] = field(default_factory=dict)
    """Copies that were kept for somebody only when their return was heard of, long after: the kiosk may have sent them to any shelf."""


@dataclass(slots=True)
class World:
    """What the registry knows of the rows that a batch looks at. Changes as the facts are settled in their order."""

    patrons: dict[PatronId, Patron]
    items: dict[ItemId, Item]
    cards: dict[bytes, KnownCard]
    rules: RuleBook
    taken: set[LoanId] = field(default_factory=set)
    """Keys of loans that are on record, closed ones too."""
    item_of: dict[LoanId, ItemId] = field(default_factory=dict)
    """The items of the loans on record that a fact names."""
    holds: Holds = field(default_factory=Holds)
    """Who waits for these titles, and for whom these items are kept."""
    served: dict[LoanId, list[HoldRecord]] = field(default_factory=dict)
    """The holds that open loans ended, of the loans that a fact names."""
    loans: dict[LoanId, OpenLoan] = field(default_factory=dict)
    """The open loans of these patrons, of these items, and those named by themselves. Added by ``open`` only."""
    returns: dict[ItemId, list[HeardReturn]] = field(default_factory=dict)
    """When these items came back, as was heard until now, the first there was first. Added to by ``note_return``."""
    opening_days: OpeningDays | None = None
    """Those of the branch that the facts come from."""
    changes: Changes = field(default_factory=Changes)
    _of_patron: dict[PatronId, dict[LoanId, Loan]] = field(default_factory=dict)
    _of_item: dict[ItemId, dict[LoanId, Loan]] = field(default_factory=dict)
    _by_barcode: dict[str, ItemId] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_barcode = {item.barcode: item.id for item in self.items.values()}

    def note_return(self, item: ItemId, one: HeardReturn) -> None:
        """An item came back: what a later fact is told does not depend on the batch that brought either."""
        insort(self.returns.setdefault(item, []), one, key=lambda other: other.moment.at)

    def open(self, one: OpenLoan) -> None:
        """Take note of an open loan that is on record."""
        loan = one.loan
        self.loans[loan.id] = one
        self.taken.add(loan.id)
        self.item_of[loan.id] = loan.item
        self._of_patron.setdefault(loan.patron, {})[loan.id] = loan
        self._of_item.setdefault(loan.item, {})[loan.id] = loan

    def lend(self, one: OpenLoan) -> None:
        """Put a new loan on record."""
        self.open(one)
        self.changes.lent[one.loan.id] = one

    def renew(self, key: LoanId, due: date) -> None:
        """Give an open loan a new due date, and count it."""
        known = self.loans[key]
        loan = replace(known.loan, due=due, renewals=known.loan.renewals + 1)
        one = OpenLoan(loan, known.kiosk)
        self.open(one)
        if key in self.changes.lent:
            self.changes.lent[key] = one
        else:
            self.changes.renewed[key] = loan

    def close(self, key: LoanId, *, returned_at: datetime | None) -> None:
        """End an open loan: it came back, or it was undone."""
        loan = self.loans.pop(key).loan
        del self._of_patron[loan.patron][key]
        del self._of_item[loan.item][key]
        self.changes.closed[key] = returned_at

    def shelve(self, item: Item) -> None:
        """Note an item's new status."""
        self.items[item.id] = item
        self.changes.items[item.id] = item

    def serve(self, item: Item, loan: Loan) -> list[HoldRecord]:
        """End the holds that a loan ends: the one that its item was kept for, and those by which the patron waits for the title."""
        kept = [one for one in self.holds.all_kept_with(item.id) if one.patron == loan.patron]
        ended = [*kept, *self.holds.waiting_of(item.title, loan.patron)]
        for one in ended:
            was_changed = self.holds.changed.get(one.id)
            self.holds.end(one)
            if was_changed is not None:
                # It ends as it has become: that is what comes back when the loan is undone.
                self.holds.changed[one.id] = was_changed
        if ended:
            self.served.setdefault(loan.id, []).extend(ended)
            self.changes.served |= {one.id: loan.id for one in ended}
        return ended

    def give_back(self, loan: LoanId) -> list[HoldRecord]:
        """Put back the holds that a loan ended, for it is undone."""
        found = self.served.pop(loan, [])
        for one in found:
            if self.changes.served.pop(one.id, None) is None:
                self.changes.given_back.add(one.id)
            self.holds.note(one)
        return found

    def promised(self, due: date) -> date:
        """A due date that a kiosk promised, or the next open day: it had not heard yet that its branch is closed then."""
        return due if self.opening_days is None else moved_due_date(due, self.opening_days)

    def loans_of(self, patron: PatronId) -> list[Loan]:
        """The patron's open loans."""
        return list(self._of_patron.get(patron, {}).values())

    def open_loans_of(self, item: ItemId) -> list[Loan]:
        """The item's open loans, the first there was first. More than one is a conflict that staff have been told of (I4)."""
        return list(self._of_item.get(item, {}).values())

    def item_with(self, barcode: str) -> Item | None:
        """The item of a barcode."""
        key = self._by_barcode.get(barcode)
        return None if key is None else self.items[key]
