"""Where a slip printer is: ``tcp://192.168.1.50:9100``, ``serial:/dev/ttyUSB0?baud=115200``, ``usb:04b8:0e15``. Pure."""

import re
from dataclasses import dataclass

_HOST = re.compile(r"tcp://([A-Za-z0-9._-]{1,253})(?::(\d{1,5}))?")
_SERIAL = re.compile(r"serial:(/[^?\s\x00-\x1f\x7f-\x9f]{1,200})(?:\?baud=(\d{3,7}))?")
_USB = re.compile(r"usb:([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})")
_HIGHEST_PORT = 65535
_USUAL_PORT = 9100
_USUAL_BAUD = 115_200

HOW_TO_WRITE_ONE = "tcp://HOST:9100, usb:04b8:0e15 (as lsusb says) or serial:/dev/ttyUSB0?baud=115200"


class PrinterAddressError(ValueError):
    """This is no address of a printer; the message says how one looks."""


@dataclass(frozen=True, slots=True)
class NetworkPrinter:
    """A name or an IPv4 number, and a port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class SerialPrinter:
    """A device file and bits a second."""

    path: str
    baud: int


@dataclass(frozen=True, slots=True)
class UsbPrinter:
    """The numbers of its maker and of its kind."""

    vendor: int
    product: int


PrinterAddress = NetworkPrinter | SerialPrinter | UsbPrinter


def parse_address(text: str) -> PrinterAddress:
    """Read an address of the settings.

    Raises:
        PrinterAddressError: it is none.

    """
    if found := _HOST.fullmatch(text):
        port = int(found[2] or _USUAL_PORT)
        if 0 < port <= _HIGHEST_PORT:
            return NetworkPrinter(found[1], port)
    elif found := _SERIAL.fullmatch(text):
        return SerialPrinter(found[1], int(found[2] or _USUAL_BAUD))
    elif found := _USB.fullmatch(text):
        return UsbPrinter(int(found[1], 16), int(found[2], 16))
    message = f"write {HOW_TO_WRITE_ONE}"
    raise PrinterAddressError(message)
