"""Putting an item back before goodbye: the loan never left the library. A fact of its own, because the checkout may have travelled already."""

from circulation.facts import CheckoutUndone
from circulation.ids import LoanId
from kiosk.recorder import Recorder
from kiosk.visit import Visit


def put_back(visit: Visit, loan: LoanId, *, recorder: Recorder) -> Visit:
    """Undo a loan of this visit; any other loan is left alone. When this returns, it is on disk.

    Raises:
        LedgerUnwritableError: nothing happened.

    """
    line = visit.line_of(loan)
    lent = next((one for one in visit.loans if one.id == loan), None)
    if line is None:
        return visit
    with recorder.ledger.unit_of_work() as work:
        seq = work.next_seq()
        work.unshelve(loan)  # it lies where it lay before: a held one waits for its patron on the hold shelf
        if not work.put_back(loan, seq=seq) and lent is not None:
            # The replica shows the loan already and the overlay has let go of it: hide it there until the news comes back.
            work.add_loan(lent, seq=seq, period=None)
            work.put_back(loan, seq=seq)
        work.append(recorder.envelope(CheckoutUndone(loan), seq=seq, at=recorder.now(), correlation=visit.correlation))
        work.commit()
    return visit.with_put_back(loan)
