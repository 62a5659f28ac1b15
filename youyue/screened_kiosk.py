"""A kiosk with its window: the machine's views go to the screen, the screen's choices to the machine."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.ports import CardReader, DeviceHealth, PrinterEvent, ReceiptPrinter, Scanner
from kiosk.events import Event
from kiosk.ports import Clock, Keys
from kiosk.view import View
from sync.identity import read_identity
from texts.catalogue import Catalogue, languages, open_catalogue
from ui.sounding.loudspeaker import Loudspeaker, SoundSettings
from ui.speech import Speech
from ui.viewmodels.comfort import Hearing
from ui.viewmodels.kiosk import KioskViewModel
from ui.window import KioskWindow, ReaderSide, WindowSettings
from youyue.machine import KioskMachine, Surroundings, kiosk_settings
from youyue.mode_desk import ModeDesk
from youyue.settings import KioskSection, Settings
from youyue.slip_desk import SlipDesk

if TYPE_CHECKING:
    from youyue.printing import SlipPrinter

_FIRST = ("zh_TW", "en")
"""The languages that stand beside each other on the screens."""


class ScreenedKiosk:
    """One kiosk between ``start`` and ``stop``; lives in the GUI thread.

    ``slip_desk`` is where staff commands reach the slips of ``printer``, ``mode_desk`` where they set what the kiosk is for. ``watch`` hears every view in the core thread and returns at once; ``crashed`` is called there when the core has ended.

    Raises:
        IdentityError: the folder holds no usable identity.
        KioskFolderError, LedgerError, RegistryAddressError: as ``KioskMachine``.
        FontMissingError, WindowError: the screens can't be drawn.

    """

    def __init__(  # noqa: PLR0913 - the parts of a kiosk
        self,
        folder: Path,
        settings: Settings,
        *,
        reader: CardReader,
        scanners: tuple[Scanner, ...],
        window: WindowSettings,
        clock: Clock,
        keys: Keys,
        watch: Callable[[View], None],
        crashed: Callable[[BaseException], None],
        printer: ReceiptPrinter | None = None,
        slip_desk: Path | None = None,
        mode_desk: Path | None = None,
    ) -> None:
        identity = read_identity(folder)
        self.main, self.second, *further = _catalogues(settings.kiosk.language)
        self._view_model = KioskViewModel(self._post, clock.monotonic, self.main, self.second, further)

        self._view_model.losses_without_card.offer(telephone=settings.library.telephone, website=settings.library.website)
        self._printer = printer
        self._slips = slips = kiosk_slips(settings, printer, self._view_model, Speech(self.main, self.second), clock)
        self._desk = SlipDesk(slip_desk, slips.roll) if slip_desk is not None and slips is not None and slips.roll is not None else None

        self._modes = modes = ModeDesk(mode_desk, self._post) if mode_desk is not None else None
        self._loudspeaker = kiosk_loudspeaker(self._view_model, settings.kiosk)

        def show(view: View) -> None:
            self._view_model.show(view)
            if self._loudspeaker is not None:
                self._loudspeaker.show(view)
            if slips is not None:
                slips.show(view)
            if modes is not None:
                modes.show(view)
            watch(view)

        surroundings = Surroundings(reader, scanners, show, crashed, clock, keys)
        self._machine = KioskMachine(folder, identity, kiosk_settings(settings, identity), surroundings)
        self.glass = KioskWindow(self._view_model, window)

    def start(self) -> None:
        """Begin. Called once."""
        self._machine.start()
        if self._printer is not None:
            self._printer.start(self._printer_said)

    def _printer_said(self, event: PrinterEvent) -> None:
        if self._slips is not None:
            self._slips.heard(event)
        if isinstance(event, DeviceHealth):
            self._machine.post(event)

    def _post(self, event: Event) -> None:
        self._machine.post(event)

    def stop(self) -> None:
        """End the machine, then the window."""
        if self._printer is not None:
            self._printer.stop()
        if self._desk is not None:
            self._desk.close()
        if self._modes is not None:
            self._modes.close()
        self._machine.stop()
        if self._loudspeaker is not None:
            self._loudspeaker.close()
        self.glass.close()


def window_settings(settings: Settings, *, full_screen: bool) -> WindowSettings:
    """How the settings want the window."""
    return WindowSettings(full_screen=full_screen, closable=not full_screen, reader_side=ReaderSide(settings.kiosk.reader_side))


def kiosk_loudspeaker(view_model: KioskViewModel, section: KioskSection) -> Loudspeaker | None:
    """What a kiosk with these settings is heard by: none where the sound is off."""
    if section.sound == "off":
        return None
    loudspeaker = Loudspeaker(view_model.comfort_choices, SoundSettings(section.sound_volume, Hearing(section.sound)))
    view_model.ticked.connect(loudspeaker.tick)
    return loudspeaker


def kiosk_slips(
    settings: Settings, printer: ReceiptPrinter | None, view_model: KioskViewModel, speech: Speech, clock: Clock
) -> "SlipPrinter | None":
    """What a kiosk with these settings prints by: none where they name neither a printer nor a folder."""
    if printer is None and not settings.kiosk.slips_folder:
        return None
    from youyue.printing import slip_printer  # noqa: PLC0415 - its QR codes bring Pillow, 5 MB and 45 ms: not where nothing prints

    return slip_printer(settings, printer, view_model, speech, clock)


def _catalogues(language: str) -> list[Catalogue]:
    """The kiosk's own language, the one beside it, and the others there are files for."""
    others = sorted((other for other in languages() if other != language), key=lambda other: other not in _FIRST)
    return [open_catalogue(name) for name in (language, *others)]
