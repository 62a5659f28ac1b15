"""The overlay: what this kiosk's own facts did that its replica does not show yet. Merged per patron and per item, never stored in the replica."""

from collections.abc import Iterable
from dataclasses import dataclass

from circulation.ids import PatronId
from circulation.loans import Loan


@dataclass(frozen=True, slots=True)
class LocalLoan:
    """A loan made here. ``put_back``: it never left the library and hides the replica's row, until the cursor has passed that news."""

    loan: Loan
    put_back: bool = False


def loans_of(patron: PatronId, replica: Iterable[Loan], local: Iterable[LocalLoan]) -> tuple[Loan, ...]:
    """The patron's open loans as they are after this kiosk's own facts, earliest due date first."""
    loans = _merged((loan for loan in replica if loan.patron == patron), (one for one in local if one.loan.patron == patron))
    return tuple(sorted(loans, key=lambda loan: (loan.due, loan.lent_at, loan.id)))


def lent_to(patron: PatronId, replica: Iterable[Loan], local: Iterable[LocalLoan]) -> Loan | None:
    """The open loan of an item, given all that is known about this item; the asking patron's own comes first."""
    loans = _merged(replica, local)
    return next((loan for loan in loans if loan.patron == patron), next(iter(loans), None))


def _merged(replica: Iterable[Loan], local: Iterable[LocalLoan]) -> list[Loan]:
    """Of a loan that both name, the local word holds."""
    by_id = {loan.id: loan for loan in replica}
    for one in local:
        if one.put_back:
            by_id.pop(one.loan.id, None)
        else:
            by_id[one.loan.id] = one.loan
    return list(by_id.values())
