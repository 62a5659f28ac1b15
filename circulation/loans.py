"""Loans: who has which item until when."""

from dataclasses import dataclass
from datetime import date, datetime

from circulation.ids import BranchCode, ItemId, LoanId, PatronId
from circulation.items import ItemKind


@dataclass(frozen=True, slots=True)
class Loan:
    """One open loan. ``due`` is the last day (local date) on which a return is in time; ``lent_at`` is aware UTC.

    ``barcode`` and ``branch`` (its home) are the item's, so that it is known wherever it comes back, and ``wanted``
    says that another patron waits for the title.
    """

    id: LoanId
    patron: PatronId
    item: ItemId
    title: str
    kind: ItemKind
    due: date
    lent_at: datetime
    renewals: int = 0
    barcode: str = ""
    branch: BranchCode | None = None
    wanted: bool = False

    def is_overdue(self, *, today: date) -> bool:
        """Whether the due date has passed."""
        return self.due < today
