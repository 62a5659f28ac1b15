"""The overlay: what this kiosk's own facts did that its replica does not show yet. Merged per patron and per item, never stored in the replica."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from circulation.ids import PatronId
from circulation.loans import Loan


@dataclass(frozen=True, slots=True)
class LocalLoan:
    """A loan that something happened to here, as it was after that.

    ``put_back``: it never left the library. ``returned``: the item came back here. Both hide the replica's row, until the cursor has
    passed that news. ``lent_here``: made here; any other is open only while the replica says so. ``renewed_in``: the offline period
    (when the feed had last been verified) in which it was renewed here.
    """

    loan: Loan
    put_back: bool = False
    returned: bool = False
    lent_here: bool = True
    renewed_in: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nobody has the item any more."""
        return self.put_back or self.returned


def loans_of(patron: PatronId, replica: Iterable[Loan], local: Iterable[LocalLoan]) -> tuple[Loan, ...]:
    """The patron's open loans as they are after this kiosk's own facts, earliest due date first."""
    return by_due_date(open_loans((loan for loan in replica if loan.patron == patron), (one for one in local if one.loan.patron == patron)))


def by_due_date(loans: Iterable[Loan]) -> tuple[Loan, ...]:
    """The same loans, earliest due date first."""
    return tuple(sorted(loans, key=lambda loan: (loan.due, loan.lent_at, loan.id)))


def lent_to(patron: PatronId, replica: Iterable[Loan], local: Iterable[LocalLoan]) -> Loan | None:
    """The open loan of an item, given all that is known about this item; the asking patron's own comes first."""
    loans = open_loans(replica, local)
    return next((loan for loan in loans if loan.patron == patron), next(iter(loans), None))


def open_loans(replica: Iterable[Loan], local: Iterable[LocalLoan]) -> tuple[Loan, ...]:
    """The loans that are open. Of one that both name, the due date promised here holds, and the registry's word for the rest."""
    by_id = {loan.id: loan for loan in replica}
    for one in local:
        theirs = by_id.get(one.loan.id)
        if one.is_over:
            by_id.pop(one.loan.id, None)
        elif theirs is not None:
            by_id[one.loan.id] = replace(theirs, due=one.loan.due, renewals=one.loan.renewals)
        elif one.lent_here:
            by_id[one.loan.id] = one.loan
    return tuple(by_id.values())
