"""What the facts did that are sent again: a registry that was restored may have forgotten it, and a kiosk reads its own writes (I10)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from circulation.checkins import decide_checkin
from circulation.facts import CardReportedLost, CheckedIn, CheckedOut, CheckoutUndone, FactEnvelope, Renewed
from circulation.ids import ItemId, LoanId, PatronId
from circulation.item_life import ItemEvent, after
from circulation.items import Item, ItemKind, ItemStatus
from circulation.loans import Loan
from kiosk.known import KnownItem, KnownPatron, Library
from kiosk.overlay import LocalLoan


class Known(Protocol):
    """The replica that the facts are laid over. Each look-up may raise ``ReplicaError``."""

    def item(self, barcode: str, /) -> KnownItem | None:
        """The item with this barcode."""

    def item_of(self, key: ItemId, /) -> KnownItem | None:
        """The item with this key."""

    def patron(self, key: PatronId, /) -> KnownPatron | None:
        """A patron and the open loans."""


@dataclass(frozen=True, slots=True)
class LaidAnew:
    """Loans, statuses of items and lost cards, each with the number of the last fact about it."""

    loans: dict[LoanId, tuple[int, LocalLoan]] = field(default_factory=dict)
    statuses: dict[ItemId, tuple[int, ItemStatus]] = field(default_factory=dict)
    losses: dict[bytes, tuple[int, PatronId]] = field(default_factory=dict)


def lay_anew(facts: Iterable[tuple[int, FactEnvelope]], known: Known, library: Library, *, today: date) -> LaidAnew:
    """Lay facts over a replica in their order, each with its number.

    What the replica shows by itself is left to it. Until the facts have been answered again, a loan that ended elsewhere since is open
    here: too little is lent meanwhile, never an item that somebody has. Of a loan made elsewhere only what the replica shows can be
    laid over.

    Raises:
        ReplicaError: the replica is damaged.

    """
    table = _Table(known, library, today)
    for seq, envelope in facts:
        match envelope.fact:
            case CheckedOut() as fact:
                table.lend(seq, fact, at=envelope.at)
            case CheckoutUndone(loan):
                table.put_back(seq, LoanId(loan))
            case CheckedIn() as fact:
                table.take_back(seq, fact)
            case Renewed() as fact:
                table.renew(seq, fact)
            case CardReportedLost(card, patron):
                table.laid.losses[card] = seq, PatronId(patron)
            case _:
                pass
    return table.laid


class _Table:
    def __init__(self, known: Known, library: Library, today: date) -> None:
        self._known = known
        self._library = library
        self._today = today
        self._loans_of_item: defaultdict[UUID | None, list[LoanId]] = defaultdict(list)
        self._shown: dict[LoanId, Loan] = {}
        self.laid = LaidAnew()

    def lend(self, seq: int, fact: CheckedOut, *, at: datetime) -> None:
        found = self._known.item_of(ItemId(fact.item))
        # Of an item that was forgotten, too, only the key is left; what the overlay has said of it before stays.
        item = found.item if found else Item(ItemId(fact.item), "", "", ItemKind.BOOK, ItemStatus.AVAILABLE, self._library.branch)
        of = LoanId(fact.loan), PatronId(fact.patron), item.id, item.title, item.kind, fact.due, at
        shown = next((loan for loan in found.loans if loan.id == fact.loan), None) if found else None
        if shown is not None:
            self._shown[shown.id] = shown
        else:
            self._lay(seq, LocalLoan(Loan(*of, barcode=item.barcode, branch=item.branch)))
        self._shelve(seq, item, after(self._status(item), ItemEvent.CHECKED_OUT))

    def put_back(self, seq: int, loan: LoanId) -> None:
        if loan in self._shown:
            self._lay(seq, LocalLoan(self._shown[loan], put_back=True, lent_here=False))
        elif loan in self.laid.loans:
            lent_by, one = self.laid.loans[loan]
            status = self.laid.statuses.get(one.loan.item)
            if status is not None and status[0] == lent_by:
                del self.laid.statuses[one.loan.item]
            self.laid.loans[loan] = seq, replace(one, put_back=True)

    def take_back(self, seq: int, fact: CheckedIn) -> None:
        found = self._known.item(fact.barcode)
        lent_here = [one for key in self._loans_of_item[fact.item] if not (one := self.laid.loans[key][1]).is_over]
        lent_elsewhere = [LocalLoan(loan, lent_here=False) for loan in (found.loans if found else ()) if loan.id == fact.loan]
        for over in (*lent_elsewhere, *lent_here):
            self._lay(seq, replace(over, returned=True))
        if found is not None:
            item = replace(found.item, status=self._status(found.item))
            loan = next((one.loan for one in (*lent_here, *lent_elsewhere) if one.loan.id == fact.loan), None)
            decided = decide_checkin(item, loan, here=self._library.branch, today=self._today)
            self._shelve(seq, found.item, decided.status or item.status)

    def renew(self, seq: int, fact: Renewed) -> None:
        key = LoanId(fact.loan)
        if key in self.laid.loans:
            one = self.laid.loans[key][1]
            self._lay(seq, replace(one, loan=replace(one.loan, due=fact.due, renewals=one.loan.renewals + 1)))
            return
        patron = self._known.patron(PatronId(fact.patron))
        shown = next((loan for loan in patron.loans if loan.id == key), None) if patron else None
        if shown is not None and shown.due < fact.due:
            self._lay(seq, LocalLoan(replace(shown, due=fact.due, renewals=shown.renewals + 1), lent_here=False))

    def _status(self, item: Item) -> ItemStatus:
        return self.laid.statuses[item.id][1] if item.id in self.laid.statuses else item.status

    def _shelve(self, seq: int, item: Item, status: ItemStatus) -> None:
        if status is not self._status(item):
            self.laid.statuses[item.id] = seq, status

    def _lay(self, seq: int, one: LocalLoan) -> None:
        if one.loan.id not in self.laid.loans:
            self._loans_of_item[one.loan.item].append(one.loan.id)
        self.laid.loans[one.loan.id] = seq, one
