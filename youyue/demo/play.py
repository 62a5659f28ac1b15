"""``youyue demo``: everything on one machine. With a screen one plays oneself; without one the story plays by itself."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from circulation.cards import CardUid
from drivers.ports import CardReader, DeviceError, ReaderUnavailableError
from drivers.virtual_pcscd import VirtualPcscd
from drivers.virtual_reader import READER_NAME, VirtualReaderAddress, make_private
from drivers.virtual_scanner import VirtualScanner
from texts.catalogue import open_catalogue
from ui.window import LANDSCAPE, PORTRAIT, ReaderSide, WindowSettings, prepare_environment
from youyue import logs
from youyue.clock import SystemClock, SystemKeys
from youyue.demo.audience import Audience, NeverSeenError
from youyue.demo.chronicle import ENDED_WELL, FAILED, PLAYED_BY_HAND, Chronicle
from youyue.demo.finger import Finger, NothingToTouchError
from youyue.demo.gui_thread import CurtainError, GuiThread
from youyue.demo.layout import arrange
from youyue.demo.stage import LOG, Stage, cleared, set_stage
from youyue.demo.story import Actor, StoryError, play
from youyue.demo.tray import open_tray
from youyue.demo.tray_printer import TrayPrinter
from youyue.demo.tray_scans import CARD_CODES, ITEM_CODES
from youyue.devices import (
    SLOTS,
    ReaderSource,
    choose_reader,
    mode_socket,
    open_printer,
    real_reader_present,
    run_folder,
    scanner_socket,
    slip_socket,
)
from youyue.event_loop import Ending, has_screen, stopped_by_signals
from youyue.reader_choice import ReaderChoice
from youyue.screened_kiosk import ScreenedKiosk
from youyue.settings import Settings

_FAILED = 1
_NO_SUCH_READER = "(none)"


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What the command line says. ``own_card`` makes a card at hand the first pupil's."""

    folder: Path
    reader: ReaderChoice
    headless: bool
    seed: int
    pupils: int
    own_card: CardUid | None = None


def run_demo(options: DemoOptions, settings: Settings) -> int:
    """Run the demo; the process's exit code: 0 only when all is as it must be.

    Raises:
        StageFolderError: the folder holds other things.
        DeviceError: the virtual reader can't be had here.
        FontMissingError, WindowError, SyncError: as their rooms say.

    """
    headless = options.headless or not has_screen()
    if headless and options.reader not in {"auto", "virtual"}:
        message = f"the story plays by itself on the virtual reader only; leave --reader {options.reader} to a demo with a screen"
        raise ReaderUnavailableError(message)
    prepare_environment(headless=headless)
    chronicle = Chronicle(options.folder, time.monotonic)
    with ExitStack() as stack:
        stack.enter_context(cleared(options.folder))
        if headless:
            # Whoever plays beside it is not disturbed, and does not disturb.
            os.environ["XDG_RUNTIME_DIR"] = stack.enter_context(TemporaryDirectory(prefix="youyue-"))
        # The chronicle alone speaks on the terminal.
        logs.configure(stack.enter_context((options.folder / LOG).open("w", encoding="utf-8")), verbose=settings.log.verbose)
        stack.callback(logs.configure, verbose=settings.log.verbose)
        taps = stack.enter_context(_taps("virtual" if headless else options.reader, chronicle))
        stage = stack.enter_context(
            set_stage(options.folder, settings, seed=options.seed, pupils=options.pupils, own_card=options.own_card)
        )
        chronicle.step(
            f"The registry serves {stage.address}; {len(stage.city.pupils)} pupils and {len(stage.city.copies)} items are in it."
        )
        app = QGuiApplication(sys.argv[:1])
        ending = Ending()
        ending.wanted.connect(app.exit, Qt.ConnectionType.QueuedConnection)
        settings = _with_codes(settings)
        paper = None if headless or settings.kiosk.printer else _tray_printer(stack, settings)
        shown = settings if paper is None else replace(settings, kiosk=replace(settings.kiosk, printer=paper.address))
        first, second = (
            _actor(place, stage, of_place, taps, headless=headless, crashed=lambda _: ending.wanted.emit(_FAILED))
            for place, of_place in ((1, shown), (2, settings))
        )
        actors = (first, second)
        for actor in actors:
            actor.kiosk.start()
            stack.callback(actor.kiosk.stop)
        if headless:
            return _play_by_itself(stage, actors, chronicle, app, ending)
        layout = arrange(app.primaryScreen().availableGeometry())
        tray = stack.enter_context(open_tray(stage, taps.port, first.kiosk, None if paper is None else paper.view_model))
        for window, place in ((first.kiosk.glass, layout.first), (tray, layout.tray), (second.kiosk.glass, layout.second)):
            window.window.setGeometry(place)
            window.window.visibleChanged.connect(lambda visible: None if visible else ending.wanted.emit(0))
        chronicle.step("Click a card in the tray to tap it, a book to scan it. Closing a window ends the demo.")
        with stopped_by_signals(ending):
            code = app.exec()
        chronicle.write(PLAYED_BY_HAND if code == 0 else FAILED)
        return code


def _with_codes(settings: Settings) -> Settings:
    """The forms of the demo city's codes, where the settings name none."""
    if settings.kiosk.item_codes or settings.kiosk.card_codes:
        return settings
    return replace(settings, kiosk=replace(settings.kiosk, item_codes=ITEM_CODES, card_codes=CARD_CODES))


def _tray_printer(stack: ExitStack, settings: Settings) -> TrayPrinter:
    """The demo's own printer, where the settings name none."""
    printer = TrayPrinter(open_catalogue(settings.kiosk.language).say)
    stack.callback(printer.close)
    return printer


@dataclass(frozen=True, slots=True)
class _Taps:
    """Where taps come from: a real reader for kiosk 1, or the virtual one's two slots; ``port`` is the first slot's."""

    source: ReaderSource
    port: int | None

    def reader(self, place: int) -> CardReader:
        if self.port is not None:
            return self.source.open(SLOTS[place])
        return self.source.open() if place == 1 else ReaderSource().open(_NO_SUCH_READER)


@contextmanager
def _taps(choice: ReaderChoice, chronicle: Chronicle) -> Iterator[_Taps]:
    """Find a real reader, or a virtual one that runs already, or start one."""
    if choice not in {"auto", "virtual"} or (choice == "auto" and real_reader_present()):
        chronicle.step("The real card reader of this machine is used.")
        yield _Taps(choose_reader("system" if choice == "auto" else choice), None)
        return
    make_private(run_folder())
    running = VirtualReaderAddress.find(run_folder())
    with ExitStack() as stack:
        address = running or stack.enter_context(VirtualPcscd(run_folder(), environ=os.environ))
        chronicle.step(f"A private pcscd answers; its virtual reader is {READER_NAME}.")
        yield _Taps(ReaderSource(address), address.port)


def _actor(place: int, stage: Stage, settings: Settings, taps: _Taps, *, headless: bool, crashed: Callable[[BaseException], None]) -> Actor:  # noqa: PLR0913 - the parts of a kiosk
    audience = Audience()
    size = PORTRAIT if place == 1 else LANDSCAPE
    window = WindowSettings(
        orientation=size, size=size if headless else None, reduced_motion=headless, reader_side=ReaderSide(settings.kiosk.reader_side)
    )
    kiosk = ScreenedKiosk(
        stage.kiosks[place - 1],
        settings,
        reader=taps.reader(place),
        scanners=(VirtualScanner(scanner_socket(place), clock=time.monotonic_ns),),
        window=window,
        clock=SystemClock(),
        keys=SystemKeys(),
        watch=audience.see,
        crashed=crashed,
        printer=open_printer(settings.kiosk) if place == 1 else None,
        slip_desk=slip_socket(place),
        mode_desk=mode_socket(place),
    )
    return Actor(kiosk, audience, Finger(kiosk.glass.window), (taps.port or 0) + place - 1)


def _play_by_itself(stage: Stage, actors: tuple[Actor, Actor], chronicle: Chronicle, app: QGuiApplication, ending: Ending) -> int:
    gui = GuiThread()
    ended_well = Event()

    def perform() -> None:
        try:
            play(stage, actors, chronicle, gui)
            ended_well.set()
        except (StoryError, NeverSeenError, NothingToTouchError, CurtainError, DeviceError) as error:
            chronicle.step(f"FAILED: {error}")
        finally:
            chronicle.write(ENDED_WELL if ended_well.is_set() else FAILED)
            ending.wanted.emit(0)

    performance = Thread(target=perform, name="story")
    performance.start()
    with stopped_by_signals(ending):
        app.exec()
    # A signal or a crashed kiosk ends the loop before the story: whoever waits for a screen must not wait on.
    gui.close()
    for actor in actors:
        actor.audience.leave()
    performance.join()
    return 0 if ended_well.is_set() else _FAILED
