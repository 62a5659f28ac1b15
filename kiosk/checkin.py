"""Taking an item back. Never refused while there is room to write it down; known items and strangers alike (sync rule 16)."""

from dataclasses import dataclass, replace
from datetime import date

from circulation.checkins import CheckinNote, Destination, decide_checkin
from circulation.facts import CheckedIn
from circulation.ids import PatronId
from circulation.loans import Loan
from kiosk.known import KnownItem
from kiosk.offline import takes_returns
from kiosk.overlay import open_loans
from kiosk.recorder import Recorder
from kiosk.returned import next_number, taken
from kiosk.terms import Terms
from kiosk.view import ReturnLine

LONGEST_BARCODE = 64
"""Characters of a barcode that travels."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an item is laid: what came back before, newest first, the word that follows it through the logs, and whose session is open."""

    lines: tuple[ReturnLine, ...]
    correlation: str
    patron: PatronId | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """What came of it: the line, and the loans that are over."""

    line: ReturnLine
    ended: tuple[Loan, ...] = ()


def check_in(slot: Slot, barcode: str, known: KnownItem | None, terms: Terms, *, recorder: Recorder) -> Returned:
    """Take an item back. When this returns with a line that is ``taken``, the fact is on disk.

    What came back a moment ago and has not been lent since is the same return: its line is given again.

    Raises:
        LedgerUnwritableError: nothing happened.

    """
    item = None if known is None else known.item
    loans = () if known is None else open_loans(known.loans, recorder.ledger.local_loans_of_item(known.item.id))
    number = next_number(slot.lines)
    before = taken(slot.lines, barcode)
    if before is not None and not loans:
        return Returned(replace(before, number=number, again=True))
    loan = _the_loan(loans, slot.patron)
    result = decide_checkin(item, loan, here=terms.library.branch, today=terms.today)
    title = item.title if item is not None else ""
    send_to = terms.library.name_of(result.send_to) if result.send_to is not None else ""
    late = _days_late(loan, today=terms.today)
    line = ReturnLine(number, title, barcode, result.destination, send_to, result.notes, late)
    if not takes_returns(terms.standing, terms.limits) or len(barcode) > LONGEST_BARCODE:
        notes = tuple(dict.fromkeys((*result.notes, CheckinNote.NEEDS_STAFF)))
        return Returned(replace(line, destination=Destination.STAFF, send_to="", notes=notes, taken=False))
    fact = CheckedIn(barcode, item.id if item else None, loan.id if loan else None, result.send_to)
    with recorder.ledger.unit_of_work() as work:
        seq = work.next_seq()
        for over in loans:
            work.end_loan(over, seq=seq)
        if item is not None and result.status not in {None, item.status}:
            work.shelve(item.id, result.status, seq=seq)
        work.append(recorder.envelope(fact, seq=seq, at=recorder.now(), correlation=slot.correlation))
        work.commit()
    return Returned(line, loans)


def _the_loan(loans: tuple[Loan, ...], patron: PatronId | None) -> Loan | None:
    """The loan that ends: the patron's own who is here, else the latest. Two kiosks that were apart may have lent one item (I4)."""
    return max(loans, key=lambda loan: (loan.patron == patron, loan.lent_at, loan.id), default=None)


def _days_late(loan: Loan | None, *, today: date) -> int:
    return max(0, (today - loan.due).days) if loan is not None else 0
