"""The three wires to an ESC/POS printer, each with limits: python-escpos opens and closes them, nothing here waits for ever."""

import contextlib
import errno
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from drivers.escpos_library import EscposError, Network, NoBackendError, Serial, Usb, USBTimeoutError
from drivers.ports import PrinterError
from drivers.printer_address import NetworkPrinter, PrinterAddress, SerialPrinter, UsbPrinter

_READ_SIZE = 64
_DRAINED_EVERY_S = 0.01
_USB_IN = 0x80
"""The bit of an endpoint's address that says "towards the computer"."""


class PrinterLink(Protocol):
    """An open wire. Times in seconds; every method but ``cut`` is called in one thread."""

    def write(self, part: bytes, *, within: float) -> None:
        """Send all of it.

        Raises:
            PrinterError: it was not taken in time, or the printer is gone.

        """

    def read(self, *, within: float) -> bytes:
        """What comes first, nothing when nothing comes in time.

        Raises:
            PrinterError: the printer is gone.

        """

    def close(self, *, within: float) -> None:
        """Let what was sent leave for so long, then end it. May be called on a broken wire."""

    def cut(self) -> None:
        """End what another thread waits for. From any thread."""


@contextmanager
def _told_as_ours() -> Iterator[None]:
    try:
        yield
    except (OSError, EscposError) as error:  # pyserial's and pyusb's errors are OSErrors
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise PrinterError(reason) from None


class NetworkLink:
    """A TCP connection of one slip."""

    def __init__(self, address: NetworkPrinter, *, within: float) -> None:
        self._printer = Network(address.host, address.port)
        with _told_as_ours():
            # Not the library's own open: it leaves the socket of a failed try open, and knows IPv4 only.
            self._socket = self._printer.device = socket.create_connection((address.host, address.port), timeout=within)

    def write(self, part: bytes, *, within: float) -> None:
        """As ``PrinterLink``."""
        with _told_as_ours():
            self._socket.settimeout(within)
            self._socket.sendall(part)

    def read(self, *, within: float) -> bytes:
        """As ``PrinterLink``."""
        self._socket.settimeout(within)
        with _told_as_ours():
            try:
                received = self._socket.recv(_READ_SIZE)
            except TimeoutError:
                return b""
        if not received:
            message = "the printer closed the connection"
            raise PrinterError(message)
        return received

    def close(self, *, within: float) -> None:
        """As ``PrinterLink``; the system sends what is left."""
        del within
        self._printer.close()

    def cut(self) -> None:
        """As ``PrinterLink``."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)


class SerialLink:
    """A serial port, or a USB one that poses as such."""

    def __init__(self, address: SerialPrinter) -> None:
        self._printer = Serial(address.path, baudrate=address.baud)
        with _told_as_ours():
            self._printer.open()
        self._port = self._printer.device

    def write(self, part: bytes, *, within: float) -> None:
        """As ``PrinterLink``."""
        with _told_as_ours():
            self._port.write_timeout = within
            self._port.write(part)

    def read(self, *, within: float) -> bytes:
        """As ``PrinterLink``."""
        with _told_as_ours():
            self._port.timeout = within
            first: bytes = self._port.read(1)
            self._port.timeout = 0
            rest: bytes = self._port.read(_READ_SIZE)
        return first + rest

    def close(self, *, within: float) -> None:
        """As ``PrinterLink``: the library's own close waits for ever for a printer that takes nothing."""
        with contextlib.suppress(OSError):
            until = time.monotonic() + within
            while self._port.out_waiting and time.monotonic() < until:
                time.sleep(_DRAINED_EVERY_S)  # pyserial's own wait has no limit, and nothing tells when the buffer is empty
            if self._port.out_waiting:
                self._port.reset_output_buffer()
        with contextlib.suppress(OSError):
            self._printer.close()

    def cut(self) -> None:
        """As ``PrinterLink``."""
        with contextlib.suppress(OSError):
            self._port.cancel_read()
            self._port.cancel_write()


class UsbLink:
    """The printer's own USB interface, claimed while a slip is printed. ``found_by``: further arguments of ``usb.core.find``."""

    def __init__(self, address: UsbPrinter, *, found_by: Mapping[str, object] | None = None) -> None:
        self._printer = Usb(address.vendor, address.product, usb_args=dict(found_by or {}))
        with _told_as_ours():
            try:
                self._printer.open()
            except NoBackendError:
                raise OSError(errno.ENOSYS, "USB can't be used: libusb-1.0 is not installed") from None
            self._device = self._printer.device
            self._use_endpoints()

    def _use_endpoints(self) -> None:
        """Those that this printer has: makers number them as they like."""
        for endpoint in self._device.get_active_configuration()[0, 0]:
            if endpoint.bEndpointAddress & _USB_IN:
                self._printer.in_ep = endpoint.bEndpointAddress
            else:
                self._printer.out_ep = endpoint.bEndpointAddress

    def write(self, part: bytes, *, within: float) -> None:
        """As ``PrinterLink``."""
        with _told_as_ours():
            self._device.write(self._printer.out_ep, part, _milliseconds(within))

    def read(self, *, within: float) -> bytes:
        """As ``PrinterLink``."""
        with _told_as_ours():
            try:
                return bytes(self._device.read(self._printer.in_ep, _READ_SIZE, _milliseconds(within)))
            except USBTimeoutError:
                return b""

    def close(self, *, within: float) -> None:
        """As ``PrinterLink``; a transfer that was taken is with the printer already."""
        del within
        with contextlib.suppress(OSError):
            self._printer.close()

    def cut(self) -> None:
        """As ``PrinterLink``; a transfer ends by its own limit."""


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def open_link(address: PrinterAddress, *, within: float) -> PrinterLink:
    """Open the wire to a printer.

    Raises:
        PrinterError: there is no printer.

    """
    match address:
        case NetworkPrinter():
            return NetworkLink(address, within=within)
        case SerialPrinter():
            return SerialLink(address)
        case UsbPrinter():
            return UsbLink(address)
