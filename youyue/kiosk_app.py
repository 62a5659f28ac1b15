"""``youyue kiosk run``: one kiosk as a program of its own."""

import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication

from circulation.ids import LoanId
from drivers.ports import ReaderUnavailableError
from drivers.virtual_reader import make_private
from kiosk.view import Borrow, LineState, View
from ui.window import prepare_environment
from youyue.clock import SystemClock, SystemKeys
from youyue.devices import SLOTS, choose_reader, mode_socket, open_printer, open_scanners, run_folder, slip_socket
from youyue.event_loop import Ending, has_screen, stopped_by_signals
from youyue.garbage import leave_standing
from youyue.reader_choice import ReaderChoice
from youyue.screened_kiosk import ScreenedKiosk, window_settings
from youyue.settings import Settings

_CRASHED = 70
"""As sysexits.h: internal software error. The service manager starts the kiosk anew."""
_SETTLED_MS = 10_000
"""Then the first screens have been drawn, which must not wait for anything."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line says. ``place`` counts the kiosks of one machine from 1."""

    folder: Path
    reader: ReaderChoice
    place: int
    headless: bool
    full_screen: bool


def run_kiosk(options: RunOptions, settings: Settings) -> int:
    """Run until closed or told to stop; the process's exit code.

    Raises:
        ReaderUnavailableError: the virtual reader was asked for and none is running, or there is no screen.
        IdentityError, KioskFolderError, LedgerError, RegistryAddressError, FontMissingError, WindowError: as ``ScreenedKiosk``.

    """
    if not options.headless and not has_screen():
        message = "there is no screen here; use --headless, or start it in a graphical session"
        raise ReaderUnavailableError(message)
    prepare_environment(headless=options.headless)
    source = choose_reader(options.reader)
    make_private(run_folder())
    app = QGuiApplication(sys.argv[:1])
    ending = Ending()
    ending.wanted.connect(app.exit, Qt.ConnectionType.QueuedConnection)
    kiosk = ScreenedKiosk(
        options.folder,
        settings,
        reader=source.open(SLOTS[options.place] if source.virtual else "*"),
        scanners=open_scanners(settings.kiosk, options.place),
        window=window_settings(settings, full_screen=options.full_screen),
        clock=SystemClock(),
        keys=SystemKeys(),
        watch=_Teller().tell if options.headless else _silent,
        crashed=lambda _: ending.wanted.emit(_CRASHED),
        printer=open_printer(settings.kiosk),
        slip_desk=slip_socket(options.place),
        mode_desk=mode_socket(options.place),
    )
    kiosk.start()
    QTimer.singleShot(_SETTLED_MS, leave_standing)
    with stopped_by_signals(ending):
        code = app.exec()
    kiosk.stop()
    return code


class _Teller:
    """Prints screens, and ``done LOAN`` for every loan that is on disk. Random keys only: nothing of a person."""

    def __init__(self) -> None:
        self._screen = ""
        self._done: set[LoanId] = set()

    def tell(self, view: View) -> None:
        """Print what is new. In the core thread."""
        screen = type(view.screen).__name__
        if screen != self._screen:
            self._screen = screen
            print(f"screen {screen}", flush=True)
        if isinstance(view.screen, Borrow):
            for line in reversed(view.screen.lines):
                if line.loan is not None and line.state is LineState.BORROWED and line.loan not in self._done:
                    self._done.add(line.loan)
                    print(f"done {line.loan}", flush=True)


def _silent(*_: object) -> None:
    """Nobody listens."""
