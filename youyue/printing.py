"""Slips on paper: the visit's when somebody asks for it, and one for each item that goes to another branch or to whoever waits for it."""

import secrets
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from circulation.checkins import CheckinNote, Destination
from kiosk.ports import Clock
from kiosk.view import Goodbye, Place, Return, ReturnLine, StillHere, View
from ui.paper.sheet import PaperWidth
from ui.paper.tray import NotPrinted, SlipPaper
from ui.speech import Speech
from ui.viewmodels.kiosk import KioskViewModel


class SlipPrinter(QObject):
    """Watches a kiosk's views and prints what they call for. Lives in the GUI thread; ``show`` alone may be called from any.

    Args:
        paper: where slips go.
        view_model: whose patrons ask for slips; from here on it offers them.
        speech: in which staff read a routing slip; a patron's slip is in the patron's own.

    """

    _arrived = Signal(object)

    def __init__(self, paper: SlipPaper, view_model: KioskViewModel, speech: Speech) -> None:
        super().__init__()
        self._paper = paper
        self._view_model = view_model
        self._speech = speech
        self._goodbye: tuple[Goodbye, Place] | None = None
        self._routed: set[int] = set()
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        view_model.slip_printing.offer(can_print=True)
        view_model.slip_printing.print_slip.connect(self._print_visit)

    def show(self, view: View) -> None:
        """Take up what is shown now. Returns at once."""
        self._arrived.emit(view)

    @Slot(object)
    def _take(self, view: View) -> None:
        screen = view.screen
        self._goodbye = (screen, view.place) if isinstance(screen, Goodbye) else None
        match screen:
            case Return():
                for line in screen.lines:
                    self._route(line, view.place)
            case StillHere():
                pass
            case _:
                self._routed.clear()  # lines are numbered anew on the next return screen

    def _route(self, line: ReturnLine, place: Place) -> None:
        slip = self._slip_of(line)
        if slip is not None and line.taken and not line.again and line.number not in self._routed:
            self._routed.add(line.number)
            slip(line, place, self._speech)

    def _slip_of(self, line: ReturnLine) -> Callable[[ReturnLine, Place, Speech], object] | None:
        """What goes with the item, for whoever takes it out of the box."""
        if line.destination is Destination.OTHER_BRANCH:
            return self._paper.routing
        wanted = line.destination is Destination.STAFF and CheckinNote.WANTED in line.notes
        return self._paper.hold if wanted else None

    @Slot()
    def _print_visit(self) -> None:
        if self._goodbye is not None:
            goodbye, place = self._goodbye
            if isinstance(self._paper.loans(goodbye, place, self._view_model.comfort_choices.speech.both()), NotPrinted):
                self._view_model.slip_printing.report_failure()


def slip_printer(folder: str, paper: PaperWidth, view_model: KioskViewModel, speech: Speech, clock: Clock) -> SlipPrinter | None:
    """Make a printer into a folder; none where the settings name no folder."""
    if not folder:
        return None
    return SlipPrinter(SlipPaper(Path(folder), paper, clock.now, lambda: secrets.token_hex(4)), view_model, speech)
