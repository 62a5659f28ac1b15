"""The roll: slips on a receipt printer, and those that can be printed again. GUI thread; the printer has a thread of its own."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from drivers.ports import DeviceHealth, DeviceState, PrinterEvent, ReceiptPrinter, SlipNotPrinted, SlipPrinted
from kiosk.view import Goodbye, Place, ReturnLine
from ui.card_codes import BadCard
from ui.paper.kept import KeptSlip, KeptSlips, SlipKind
from ui.paper.pdf import DrawingError
from ui.paper.raster import Roll, raster_of
from ui.paper.slips import Slip, check_slip, hold_slip, loan_slip, routing_slip, trial_slip
from ui.paper.tray import NotPrinted, Outcome, PaperProblem, Queued
from ui.speech import Speech

_log = structlog.get_logger()
_STAFF_SLIP_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class RollTerms:
    """Of one printer. ``within``: seconds in which a patron's slip comes out or is given up; ``kept``: how long it can be printed again."""

    roll: Roll
    website: str
    within: float
    kept: timedelta


class SlipRoll:
    """Makes slips for one kiosk's receipt printer. ``now``: aware UTC."""

    def __init__(self, printer: ReceiptPrinter, terms: RollTerms, now: Callable[[], datetime]) -> None:
        self._printer = printer
        self._terms = terms
        self._now = now
        self._tickets = itertools.count(1)
        self._kept = KeptSlips(terms.kept)

    def loans(self, goodbye: Goodbye, place: Place, speech: Speech) -> Outcome:
        """Print the slip of a visit, in the patron's order of languages."""
        return self._make(SlipKind.LOANS, loan_slip(goodbye, place, speech, self._terms.website))

    def routing(self, line: ReturnLine, place: Place, speech: Speech) -> Outcome:
        """Print the slip that goes with an item to its branch."""
        return self._make(SlipKind.ROUTING, routing_slip(line, place, speech))

    def hold(self, line: ReturnLine, place: Place, speech: Speech) -> Outcome:
        """Print the slip that goes with an item that somebody waits for to the desk."""
        return self._make(SlipKind.HOLD, hold_slip(line, place, speech))

    def check(self, card: BadCard, place: Place, speech: Speech) -> Outcome:
        """Print the slip for the school of a card that does not work."""
        return self._make(SlipKind.CHECK, check_slip(card, place, speech))

    def trial(self, at: datetime, speech: Speech) -> Outcome:
        """Print a slip that shows how the printer prints; it takes no other one's place."""
        return self._make(SlipKind.TRIAL, trial_slip(at, speech, self._terms.website))

    def kept(self) -> tuple[KeptSlip, ...]:
        """What can be printed again, oldest first."""
        return self._kept.all(self._now())

    def reprint(self, ticket: int | None = None) -> KeptSlip | None:
        """Print the newest slip again, or that of a ticket; none when it is not kept (any more)."""
        slip = self._kept.again(ticket, self._now())
        if slip is not None:
            _log.info("slip_reprinted")
            self._send(slip)
        return slip

    def heard(self, event: PrinterEvent) -> None:
        """Take up what the printer said."""
        match event:
            case SlipPrinted(ticket):
                self._kept.settle(ticket, None)
            case SlipNotPrinted(ticket, fault):
                self._kept.settle(ticket, fault)
                _log.warning("slip_not_printed", problem=fault.value)
            case DeviceHealth(state=DeviceState.READY):
                for slip in self._kept.waits_for_the_printer(self._now()):
                    self._send(slip)
            case DeviceHealth():
                pass
        self.forget_old()

    def forget_old(self) -> None:
        """Forget what need not be printed again."""
        self._kept.forget_old(self._now())

    def _make(self, kind: SlipKind, slip: Slip) -> Outcome:
        try:
            dots = raster_of(slip, self._terms.roll)
        except DrawingError:
            _log.warning("slip_not_printed", problem=PaperProblem.OTHER.value)
            return NotPrinted(PaperProblem.OTHER)
        made = KeptSlip(next(self._tickets), kind, self._now(), dots)
        if kind is not SlipKind.TRIAL:
            self._kept.add(made)
        self._send(made)
        return Queued(made.ticket)

    def _send(self, slip: KeptSlip) -> None:
        self._kept.put_back(slip.ticket)
        within = self._terms.within if slip.kind.asked_for else _STAFF_SLIP_WITHIN_S
        self._printer.print(slip.ticket, slip.dots, within=within)
