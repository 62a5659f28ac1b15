"""Slips on paper: the visit's or a bad card's when somebody asks for it, and one for each item that goes to another branch or to whoever waits for it."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from circulation.checkins import CheckinNote, Destination
from drivers.ports import PrinterEvent, ReceiptPrinter, SlipNotPrinted, SlipPrinted
from kiosk.ports import Clock
from kiosk.view import Goodbye, Place, Return, ReturnLine, StillHere, View
from kiosk.view_modes import CardChecked
from ui.card_codes import BadCard, bad_card
from ui.paper.raster import Roll
from ui.paper.roll import RollTerms, SlipRoll
from ui.paper.sheet import PaperWidth
from ui.paper.tray import NotPrinted, Outcome, Queued, SlipPaper
from ui.speech import Speech
from ui.viewmodels.kiosk import KioskViewModel
from ui.viewmodels.printing import PrintingViewModel, StaffPrintingViewModel
from youyue.settings import Settings

_FORGOTTEN_EVERY_MS = 30_000
Wish = PrintingViewModel | StaffPrintingViewModel


class Paper(Protocol):
    """Something that makes slips: a folder of PDFs, a receipt printer."""

    def loans(self, goodbye: Goodbye, place: Place, speech: Speech) -> Outcome:
        """The slip of a visit."""

    def check(self, card: BadCard, place: Place, speech: Speech) -> Outcome:
        """The slip for the school of a card that does not work."""

    def routing(self, line: ReturnLine, place: Place, speech: Speech) -> Outcome:
        """The slip that goes with an item to its branch."""

    def hold(self, line: ReturnLine, place: Place, speech: Speech) -> Outcome:
        """The slip that goes with an item that somebody waits for."""

    def trial(self, at: datetime, speech: Speech) -> Outcome:
        """The slip that shows how the printer prints. ``at``: the library's time."""


class SlipPrinter(QObject):
    """Watches a kiosk's views and prints what they call for. Lives in the GUI thread; ``show`` and ``heard`` alone may be called from any.

    Args:
        papers: where slips go; each gets every slip.
        roll: that of them which has a printer to listen to, if any.
        view_model: whose patrons ask for slips; from here on it offers them.
        speech: in which staff read a routing slip; a patron's slip is in the patron's own.

    """

    _arrived = Signal(object)
    _reported = Signal(object)

    def __init__(self, papers: Sequence[Paper], view_model: KioskViewModel, speech: Speech, roll: SlipRoll | None = None) -> None:
        super().__init__()
        self._papers = papers
        self.roll = roll
        self._asked_for: tuple[int, Wish] | None = None
        self._view_model = view_model
        self._speech = speech
        self._printable: tuple[Goodbye | BadCard, Place] | None = None
        self._place: Place | None = None
        self._routed: set[int] = set()
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._reported.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._forgetting = QTimer(self)
        self._forgetting.setInterval(_FORGOTTEN_EVERY_MS)
        if roll is not None:
            self._forgetting.timeout.connect(roll.forget_old)
            self._forgetting.start()
        view_model.slip_printing.offer(can_print=True)
        view_model.slip_printing.print_slip.connect(self._print_what_is_shown)
        view_model.staff_printing_wishes.offer(can_repeat=roll is not None)
        view_model.staff_printing_wishes.print_trial.connect(self._print_trial)
        view_model.staff_printing_wishes.print_again.connect(self._print_again)

    def show(self, view: View) -> None:
        """Take up what is shown now. Returns at once."""
        self._arrived.emit(view)

    def heard(self, event: PrinterEvent) -> None:
        """Take up what the printer says. Returns at once."""
        self._reported.emit(event)

    @Slot(object)
    def _hear(self, event: PrinterEvent) -> None:
        if self.roll is not None:
            self.roll.heard(event)
        match event, self._asked_for:
            case SlipPrinted(ticket), (asked, wish) if ticket == asked:
                wish.report_printed()
            case SlipNotPrinted(ticket), (asked, wish) if ticket == asked:
                wish.report_failure()
            case _:
                pass

    @Slot(object)
    def _take(self, view: View) -> None:
        screen, self._place = view.screen, view.place
        shown = bad_card(screen) if isinstance(screen, CardChecked) else screen if isinstance(screen, Goodbye) else None
        self._printable = None if shown is None else (shown, view.place)
        match screen:
            case Return():
                for line in screen.lines:
                    self._route(line, view.place)
            case StillHere():
                pass
            case _:
                self._routed.clear()  # lines are numbered anew on the next return screen

    def _route(self, line: ReturnLine, place: Place) -> None:
        if line.taken and not line.again and line.number not in self._routed:
            for slip in self._slips_of(line):
                self._routed.add(line.number)
                slip(line, place, self._speech)

    def _slips_of(self, line: ReturnLine) -> list[Callable[[ReturnLine, Place, Speech], object]]:
        """What goes with the item, for whoever takes it out of the box."""
        if line.destination is Destination.OTHER_BRANCH:
            return [paper.routing for paper in self._papers]
        wanted = line.destination is Destination.STAFF and CheckinNote.WANTED in line.notes
        return [paper.hold for paper in self._papers] if wanted else []

    @Slot()
    def _print_what_is_shown(self) -> None:
        if self._printable is None:
            return
        shown, place = self._printable
        speech = self._view_model.comfort_choices.speech.both()
        for paper in self._papers:
            outcome = paper.loans(shown, place, speech) if isinstance(shown, Goodbye) else paper.check(shown, place, speech)
            self._answer(self._view_model.slip_printing, outcome)

    def _answer(self, wish: Wish, outcome: Outcome) -> None:
        if isinstance(outcome, Queued):
            self._asked_for = outcome.ticket, wish
        elif isinstance(outcome, NotPrinted):
            wish.report_failure()

    @Slot()
    def _print_trial(self) -> None:
        if self._place is not None:
            wish = self._view_model.staff_printing_wishes
            if self.roll is None:
                wish.report_printed()  # unless a file can't be made
            for paper in self._papers:
                self._answer(wish, paper.trial(self._place.local_time, self._speech))

    @Slot()
    def _print_again(self) -> None:
        wish = self._view_model.staff_printing_wishes
        slip = None if self.roll is None else self.roll.reprint()
        if slip is None:
            wish.report_nothing()
        else:
            self._asked_for = slip.ticket, wish


def slip_printer(
    settings: Settings, printer: ReceiptPrinter | None, view_model: KioskViewModel, speech: Speech, clock: Clock
) -> SlipPrinter:
    """Make what prints into a folder, on a receipt printer or both: at least one of them is there."""
    section, papers = settings.kiosk, list[Paper]()
    website = settings.library.website
    roll = None
    if printer is not None:
        terms = RollTerms(Roll(section.printer_roll), website, section.slip_seconds, timedelta(minutes=section.slips_kept_minutes))
        papers.append(roll := SlipRoll(printer, terms, clock.now))
    if section.slips_folder:
        width = PaperWidth(section.slips_paper)
        papers.append(SlipPaper(Path(section.slips_folder), width, clock.now, lambda: secrets.token_hex(4), website))
    return SlipPrinter(papers, view_model, speech, roll)
