"""What the other rooms know of hardware: protocols, the values they report, health, errors.

A driver waits in its own thread and hands *values* to the listener it was started with. It never
decides anything about patrons, never writes a sentence and never stops for good because of a fault:
it reports its health and comes back by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Protocol

from circulation.cards import CardKind, CardUid


class DeviceError(Exception):
    """A device cannot do what it was asked to."""


class ReaderError(DeviceError):
    """A card reader cannot do what it was asked to."""


class ReaderUnavailableError(ReaderError):
    """The reader is unplugged, or its service is not running. Retry later."""


class PrinterError(DeviceError):
    """A slip printer can't be reached, or was lost in the middle of a slip. Retry later."""


class CardAnswerError(ReaderError):
    """A card or reader answered something that is no answer: too long, too short, a bad status."""


@unique
class DeviceState(StrEnum):
    """What a device can do now."""

    READY = "ready"
    DEGRADED = "degraded"
    MISSING = "missing"


@unique
class DeviceFault(StrEnum):
    """Why a device is not ready: stable codes, the sentences stand in the catalogue."""

    NO_READER = "no_reader"
    NO_SERVICE = "no_service"
    NOT_PERMITTED = "not_permitted"
    HELD_BY_KERNEL = "held_by_kernel"
    """A driver of the operating system has bound the reader; nfcpy readers only."""
    HELD_BY_PROGRAM = "held_by_program"
    """Another program, as a rule pcscd, has opened the reader; nfcpy readers only."""
    CARD_UNREADABLE = "card_unreadable"
    NO_SCANNER = "no_scanner"
    SCANNER_NOT_PERMITTED = "scanner_not_permitted"
    """It is there, and this user may not open it."""
    SCANNER_BUSY = "scanner_busy"
    """Another program holds it."""
    SCANNER_AMBIGUOUS = "scanner_ambiguous"
    """Several devices are what the setting names: which one is meant can't be told."""
    SCANS_UNREADABLE = "scans_unreadable"
    """It is there, and of what it sends nothing could be read several times in a row."""
    NO_PRINTER = "no_printer"
    """It can't be reached: off, unplugged, or its address is another one."""
    PRINTER_SILENT = "printer_silent"
    """It is reached, takes what is sent too slowly or not at all, or does not answer."""
    PRINTER_ERROR = "printer_error"
    """It says that it has an error: the cutter, the head, or none that it names."""
    PAPER_OUT = "paper_out"
    PAPER_LOW = "paper_low"
    """It prints; a new roll is wanted soon."""
    COVER_OPEN = "cover_open"
    DRIVER_FAILED = "driver_failed"


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """State of one device (``device`` such as ``reader``), why, and a technical detail for engineers (no personal data)."""

    device: str
    state: DeviceState
    fault: DeviceFault | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CardPresented:
    """A card was laid on a reader. ``kind_hint`` comes from the ATR: a hint, never proof. ``at`` is monotonic nanoseconds."""

    uid: CardUid
    reader: str
    at: int
    atr: bytes = b""
    kind_hint: CardKind | None = None


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """Something was laid on a reader that did not give a UID. ``problem`` is for engineers."""

    reader: str
    at: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """The reader is free again."""

    reader: str
    at: int


@dataclass(frozen=True, slots=True)
class BarcodeScanned:
    """A scanner read a code. ``text`` is as read, stripped of its frame, at most 256 characters."""

    text: str
    scanner: str
    at: int


@dataclass(frozen=True, slots=True)
class ScanUnreadable:
    """A scanner sent something that is no code: cut off, overlong, garbled. ``problem`` is for engineers and holds nothing of it."""

    scanner: str
    at: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Raster:
    """A slip as dots: rows of ``width`` dots (a multiple of 8), one bit a dot, leftmost first, 1 is black."""

    width: int
    rows: bytes

    def __post_init__(self) -> None:
        if self.width <= 0 or self.width % 8 or not self.rows or len(self.rows) % (self.width // 8):
            message = f"{len(self.rows)} bytes are no rows of {self.width} dots"
            raise ValueError(message)

    @property
    def height(self) -> int:
        """Rows."""
        return len(self.rows) * 8 // self.width


@dataclass(frozen=True, slots=True)
class SlipPrinted:
    """The slip came out whole, as far as the printer can tell."""

    ticket: int


@dataclass(frozen=True, slots=True)
class SlipNotPrinted:
    """The slip did not come out, or not whole, and why."""

    ticket: int
    fault: DeviceFault


ReaderEvent = CardPresented | CardUnreadable | CardRemoved | DeviceHealth
ScannerEvent = BarcodeScanned | ScanUnreadable | DeviceHealth
PrinterEvent = SlipPrinted | SlipNotPrinted | DeviceHealth


class CardReader(Protocol):
    """A source of taps. One ``CardPresented`` per presentation; a card must be removed before its next one."""

    def start(self, listener: Callable[[ReaderEvent], None]) -> None:
        """Begin waiting in an own thread. The first report is a ``DeviceHealth``. Called once."""

    def stop(self) -> None:
        """End the waiting; returns within 10 ms when no card is being read. No report comes after it. May be called twice."""


class Scanner(Protocol):
    """A source of barcodes, with the same life as a reader."""

    def start(self, listener: Callable[[ScannerEvent], None]) -> None:
        """Begin waiting in an own thread. The first report is a ``DeviceHealth``. Called once."""

    def stop(self) -> None:
        """End the waiting; returns within 10 ms. No report comes after it. May be called twice."""


class ReceiptPrinter(Protocol):
    """A printer of slips, with a thread of its own: nobody waits for paper."""

    def start(self, listener: Callable[[PrinterEvent], None]) -> None:
        """Begin in an own thread. The first report is a ``DeviceHealth``. Called once."""

    def print(self, ticket: int, slip: Raster, *, within: float) -> None:
        """Print this after what waits already. Returns at once, from any thread.

        ``SlipPrinted`` or ``SlipNotPrinted`` comes for every ticket, about ``within`` seconds from now at the latest.
        """

    def stop(self) -> None:
        """End. No report comes after it, what waits is not printed. May be called twice."""
