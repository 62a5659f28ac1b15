"""Which devices a command uses: the card reader, decided once a process and before the first call to any; scanners, printer."""

import os
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from drivers.nfcpy_address import NfcpyAddress
from drivers.nfcpy_frontend import NfcpyFrontend, require_nfcpy
from drivers.nfcpy_reader import NfcpyReader
from drivers.pcsc import PcscReader
from drivers.pcsc_calls import system_scard
from drivers.ports import CardReader, ReaderUnavailableError, ReceiptPrinter, Scanner
from drivers.printer_address import parse_address
from drivers.probe import find_real_readers
from drivers.reader_group import ReaderGroup
from drivers.scanner_address import KeyboardAddress, ScannerAddress, SerialAddress, VirtualAddress, parse_scanners
from drivers.scanner_thread import DEVICE
from drivers.virtual_reader import READER_NAME, SECOND_READER_NAME, VirtualReaderAddress, default_run_folder, use_service
from drivers.virtual_scanner import VirtualScanner
from youyue.reader_choice import ReaderChoice
from youyue.settings import KioskSection

SLOTS = {1: READER_NAME, 2: SECOND_READER_NAME}
"""The two places of the virtual reader, as people count them."""


@dataclass(frozen=True, slots=True)
class ReaderSource:
    """Where taps come from: the system's PC/SC service, a private one with the virtual reader, or readers that nfcpy drives."""

    virtual: VirtualReaderAddress | None = None
    nfcpy: NfcpyAddress | None = None

    @property
    def name(self) -> str:
        """For people."""
        if self.nfcpy is not None:
            return str(self.nfcpy)
        return f"the virtual reader on {self.virtual.socket}" if self.virtual else "the system's PC/SC service"

    def open(self, readers: str = "*") -> CardReader:
        """Make the reader, of PC/SC those that ``readers`` names; from here on this process talks to one PC/SC service only."""
        if self.nfcpy is not None:
            return _open_nfcpy(self.nfcpy)
        if self.virtual is not None:
            use_service(os.environ, self.virtual.socket)
        return PcscReader(system_scard(), clock=time.monotonic_ns, readers=readers)


def _open_nfcpy(address: NfcpyAddress) -> CardReader:
    readers = [NfcpyReader(partial(NfcpyFrontend, path), clock=time.monotonic_ns) for path in address.paths]
    return readers[0] if len(readers) == 1 else ReaderGroup(readers)


def run_folder() -> Path:
    """Where commands of one user find each other's virtual devices."""
    return default_run_folder(os.environ, os.getuid())


def scanner_socket(kiosk: int) -> Path:
    """Where the virtual scanner of a kiosk listens: kiosks of one machine are counted from 1."""
    return run_folder() / f"scanner-{kiosk}.sock"


def slip_socket(kiosk: int) -> Path:
    """Where staff commands reach the slips of a running kiosk."""
    return run_folder() / f"slips-{kiosk}.sock"


def mode_socket(kiosk: int) -> Path:
    """Where staff commands set what a running kiosk is for."""
    return run_folder() / f"mode-{kiosk}.sock"


def open_printer(settings: KioskSection) -> ReceiptPrinter | None:
    """Make the receipt printer that the settings name; it need not be there yet."""
    if not settings.printer:
        return None
    # python-escpos and Pillow take a third of a second: a kiosk without a printer does not load them.
    from drivers import escpos_links, escpos_printer  # noqa: PLC0415 - see above

    link = partial(escpos_links.open_link, parse_address(settings.printer))
    return escpos_printer.EscposPrinter(link, monotonic=time.monotonic, answers=settings.printer_answers)


def open_scanners(settings: KioskSection, kiosk: int) -> tuple[Scanner, ...]:
    """Make the scanners that the settings name for a kiosk of this machine (from 1 on); they need not be there yet."""
    return tuple(
        open_scanner(address, kiosk, device=scanner_device(place))
        for place, address in enumerate(parse_scanners(settings.scanner), start=1)
    )


def scanner_device(place: int) -> str:
    """The name under which the first, second … scanner of a kiosk reports how it is."""
    return DEVICE if place == 1 else f"{DEVICE}_{place}"


def open_scanner(address: ScannerAddress, kiosk: int, *, device: str = DEVICE) -> Scanner:
    """Make one scanner."""
    # Loaded where they are wanted: evdev is there on Linux only, and pyserial where a kiosk is installed.
    match address:
        case VirtualAddress():
            return VirtualScanner(scanner_socket(kiosk), clock=time.monotonic_ns, device=device)
        case SerialAddress():
            from drivers.serial_scanner import SerialScanner  # noqa: PLC0415 - see above

            return SerialScanner(address, clock=time.monotonic_ns, device=device)
        case KeyboardAddress():
            from drivers.wedge_scanner import WedgeScanner  # noqa: PLC0415 - see above

            return WedgeScanner(address, clock=time.monotonic_ns, device=device)


def real_reader_present() -> bool:
    """Whether a real reader is plugged in and its service answers; asked in a process of its own."""
    try:
        return bool(find_real_readers(os.environ))
    except ReaderUnavailableError:
        return False


def choose_reader(choice: ReaderChoice) -> ReaderSource:
    """Find the reader that a command should use.

    ``auto`` takes a real reader, else a virtual one that is running, else waits for a real one; it never takes nfcpy.

    Raises:
        ReaderUnavailableError: ``virtual`` was asked for and none is running, or nfcpy and it is not installed.

    """
    if isinstance(choice, NfcpyAddress):
        require_nfcpy()
        return ReaderSource(nfcpy=choice)
    if choice == "system" or (choice == "auto" and real_reader_present()):
        return ReaderSource()
    virtual = VirtualReaderAddress.find(run_folder())
    if virtual is None and choice == "virtual":
        message = f"no virtual reader runs in {run_folder()}; start one with `youyue reader virtual`"
        raise ReaderUnavailableError(message)
    return ReaderSource(virtual)
