"""One life of a kiosk: a real process with the whole machine but the glass and the reader, from its start through returns and a loan to its end.

What its screen shows as done it tells at once, in the core's thread and before anything else happens. Made by ``tests.crash.nursery``.
"""

import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from circulation.cards import CardUid
from circulation.ids import LoanId
from drivers.ports import BarcodeScanned, CardPresented, ReaderEvent, ScannerEvent
from kiosk.events import Event, FinishChosen, PutBackChosen, ReturnChosen
from kiosk.view import Attract, Borrow, CardRefused, Home, LineState, Return, View
from sync.identity import read_identity
from youyue.clock import SystemClock, SystemKeys
from youyue.machine import KioskMachine, Surroundings, kiosk_settings
from youyue.settings import Settings

PATIENCE = 60.0
CRASHED = 70


class Plan(msgspec.Struct, frozen=True):
    """What happens in a life: who comes, what is borrowed, what comes back before, whether the loan is put back.

    Without a card nobody comes: the life ends when the registry has answered everything.
    """

    card: str = ""
    book: str = ""
    returns: tuple[str, ...] = ()
    puts_back: bool = False


class Told(msgspec.Struct, frozen=True):
    """What the screen showed as done: the loan of a book, that it was put back, or that a book came back."""

    kind: str
    book: str
    loan: str = ""


class _Nothing:
    """In the place of a reader and a scanner: the plan says what they report."""

    def start(self, listener: Callable[[ReaderEvent], None] | Callable[[ScannerEvent], None]) -> None:
        pass

    def stop(self) -> None:
        pass


class Life:
    """The machine and what is seen of it. ``tell``: an open file that takes a line of JSON for everything that was done."""

    def __init__(self, folder: Path, tell: int) -> None:
        self._tell = tell
        self._told: set[Told] = set()
        self._views: queue.SimpleQueue[View] = queue.SimpleQueue()
        identity, nothing = read_identity(folder), _Nothing()
        surroundings = Surroundings(nothing, (nothing,), self._see, lambda _: os._exit(CRASHED), SystemClock(), SystemKeys())
        self._machine = KioskMachine(folder, identity, kiosk_settings(Settings(), identity), surroundings)

    def live(self, plan: Plan) -> None:
        """From start to end."""
        self._machine.start()
        self._until(lambda view: isinstance(view.screen, Attract))
        for book in plan.returns:
            self._say(ReturnChosen())
            self._say(BarcodeScanned(book, "scanner", 0))
            self._until(lambda view: isinstance(view.screen, Return) and bool(view.screen.lines))
            self._go_home()
        if plan.card:
            self._borrow(plan)
        else:
            self._wait_for_answers()
        self._machine.stop()

    def _borrow(self, plan: Plan) -> None:
        self._say(CardPresented(CardUid.from_hex(plan.card), "reader", 0))
        view = self._until(lambda view: isinstance(view.screen, Home | CardRefused))
        if isinstance(view.screen, Home):
            self._say(BarcodeScanned(plan.book, "scanner", 0))
            view = self._until(lambda view: isinstance(view.screen, Borrow) and bool(view.screen.lines))
            loan = _borrowed(view)
            if plan.puts_back and loan is not None:
                self._say(PutBackChosen(loan))
                self._until(lambda view: _borrowed(view) is None)
        self._go_home()

    def _wait_for_answers(self) -> None:
        """Nobody is told on a screen."""
        deadline, pause = time.monotonic() + PATIENCE, threading.Event()
        while self._machine._thread._core._sender.unanswered:
            assert time.monotonic() < deadline, "facts are not answered"
            pause.wait(0.02)

    def _say(self, event: Event) -> None:
        self._machine.post(event)

    def _until(self, true: Callable[[View], bool]) -> View:
        while not true(view := self._views.get(timeout=PATIENCE)):
            pass
        return view

    def _go_home(self) -> None:
        """Through the slip to the first screen."""
        self._say(FinishChosen())
        self._say(FinishChosen())
        self._until(lambda view: isinstance(view.screen, Attract))

    def _see(self, view: View) -> None:
        for told in _done(view):
            if told not in self._told:
                self._told.add(told)
                os.write(self._tell, msgspec.json.encode(told) + b"\n")
        self._views.put(view)


def _done(view: View) -> Sequence[Told]:
    match view.screen:
        case Borrow(lines=lines):
            kinds = {LineState.BORROWED: "lent", LineState.PUT_BACK: "put_back"}
            return [Told(kinds[one.state], one.barcode, str(one.loan)) for one in reversed(lines) if one.state in kinds]
        case Return(lines=lines):
            return [Told("returned", one.barcode) for one in reversed(lines) if one.taken]
    return ()


def _borrowed(view: View) -> LoanId | None:
    lines = view.screen.lines if isinstance(view.screen, Borrow) else ()
    return next((one.loan for one in lines if one.state is LineState.BORROWED), None)
