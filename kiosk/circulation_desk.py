"""Items over the desk: lent, put back, taken back, renewed; each is on disk when the answer comes."""

from collections.abc import Mapping
from dataclasses import replace

import structlog

from circulation.ids import LoanId
from circulation.reasons import Reason
from kiosk.answers import DropChanged, VisitChanged
from kiosk.checkin import Returned, Slot, check_in
from kiosk.checkout import check_out, lent_offline
from kiosk.desk import Room
from kiosk.known import KnownItem
from kiosk.offline import left_offline
from kiosk.put_back import put_back
from kiosk.renew import propose, renew, renew_all, renewed_here
from kiosk.returned import Drop, with_return
from kiosk.states import Lend, PutBack, Renew, TakeBack
from kiosk.view import LineState, RenewalState
from kiosk.visit import Visit

_log = structlog.get_logger()


class CirculationDesk:
    """The use cases of items. Each method raises ``ReplicaError`` when the replica is damaged, ``LedgerUnwritableError`` when nothing happened."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def do(self, visit: Visit, task: Lend | PutBack | TakeBack | Renew) -> VisitChanged:
        """Do the first thing that a visit has to do."""
        return VisitChanged(self._after(visit, task), done=True)

    def take_back(self, drop: Drop, barcode: str) -> DropChanged:
        """Take an item back without a card."""
        correlation = drop.correlation or self._room.recorder.keys.new_correlation()
        back = self._taken_back(Slot(drop.lines, correlation), barcode)
        return DropChanged(Drop(correlation, with_return(drop.lines, back.line)))

    def left_offline(self, visit: Visit) -> int | None:
        """How many more items the offline limits leave to a patron; none: they limit nothing now, or nothing is known."""
        if self._room.feed.in_use is None:
            return None
        terms = self._room.terms()
        lent, pace = lent_offline(visit.patron.id, terms, self._room.recorder)
        return left_offline(terms.standing, terms.limits, lent_in_period=lent, regular_here=visit.patron.regular_here, pace=pace)

    def against_renewal(self, visit: Visit) -> Mapping[LoanId, tuple[Reason, ...]]:
        """Every reason why a loan of the patron can't be renewed now; none for one that can."""
        if self._room.feed.in_use is None:
            return {}
        terms, periods = self._room.terms(), renewed_here(visit.patron, self._room.recorder)
        return {loan.id: propose(visit.patron, loan, terms, renewed_in=periods.get(loan.id)).reasons for loan in visit.loans}

    def _after(self, visit: Visit, task: Lend | PutBack | TakeBack | Renew) -> Visit:
        match task:
            case Lend(barcode):
                return self._with_holds(self._lent(visit, barcode), changed=bool(visit.holds))
            case PutBack(loan):
                changed = put_back(visit, loan, recorder=self._room.recorder)
                _log.info("put_back", correlation=visit.correlation)
                return self._with_holds(changed, changed=True)
            case TakeBack(barcode):
                back = self._taken_back(Slot(visit.returned, visit.correlation, visit.patron.id), barcode)
                return visit.with_return(back.line, back.ended)
            case Renew(wanted):
                return self._renewed(visit, wanted)

    def _with_holds(self, visit: Visit, *, changed: bool) -> Visit:
        return replace(visit, holds=self._room.holds_of(visit.patron.id)) if changed else visit

    def _lent(self, visit: Visit, barcode: str) -> Visit:
        started = self._room.recorder.clock.monotonic()
        terms = self._room.terms()
        changed = check_out(visit, barcode, self._known(barcode), terms, recorder=self._room.recorder)
        line = changed.lines[0]
        _log.info(
            "checked_out" if line.state is LineState.BORROWED else "checkout_refused",
            correlation=visit.correlation,
            reasons=[reason.value for reason in line.reasons],
            milliseconds=self._room.milliseconds_since(started),
        )
        return changed

    def _known(self, barcode: str) -> KnownItem | None:
        known = self._room.in_use().replica.read.item(barcode)
        return None if known is None else known.with_status(self._room.recorder.ledger.status_here(known.item.id))

    def _taken_back(self, slot: Slot, barcode: str) -> Returned:
        started = self._room.recorder.clock.monotonic()
        back = check_in(slot, barcode, self._known(barcode), self._room.terms(), recorder=self._room.recorder)
        _log.info(
            "checked_in" if back.line.taken else "checkin_not_taken",
            correlation=slot.correlation,
            reasons=[note.value for note in back.line.notes],
            milliseconds=self._room.milliseconds_since(started),
        )
        return back

    def _renewed(self, visit: Visit, loan: LoanId | None) -> Visit:
        started = self._room.recorder.clock.monotonic()
        terms = self._room.terms()
        if loan is None:
            changed = renew_all(visit, terms, recorder=self._room.recorder)
        else:
            changed = renew(visit, loan, terms, recorder=self._room.recorder)
        fresh = [line for line in changed.renewals if line not in visit.renewals]
        _log.info(
            "renewal",
            correlation=visit.correlation,
            count=sum(line.renewal is RenewalState.RENEWED for line in fresh),
            reasons=sorted({reason.value for line in fresh for reason in line.reasons}),
            milliseconds=self._room.milliseconds_since(started),
        )
        return changed
