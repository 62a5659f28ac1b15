"""A barcode scanner on a serial line, or on USB as a serial port: each line that it sends is a barcode."""

import errno
import selectors
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import serial

from drivers.frame_clock import FrameClock
from drivers.ports import DeviceFault
from drivers.scan_lines import ScanLines
from drivers.scanner_address import SerialAddress
from drivers.scanner_thread import DEVICE, ScannerLostError, ScannerThread

_READ_SIZE = 4096
_FAULTS = {
    errno.EACCES: DeviceFault.SCANNER_NOT_PERMITTED,
    errno.EPERM: DeviceFault.SCANNER_NOT_PERMITTED,
    errno.EBUSY: DeviceFault.SCANNER_BUSY,
    errno.EAGAIN: DeviceFault.SCANNER_BUSY,
}
"""Of opening; another program's lock on the port is ``EAGAIN``."""


class SerialScanner(ScannerThread):
    """A ``Scanner`` on a port that nobody else may have open meanwhile. ``clock`` gives monotonic nanoseconds."""

    def __init__(self, address: SerialAddress, *, clock: Callable[[], int], device: str = DEVICE) -> None:
        super().__init__(f"scanner at {address.path}", device=device, clock=clock)
        self._address = address

    def _serve(self) -> None:
        lines, times = ScanLines(self._address.rules), FrameClock(self._address.limits)
        with self._opened() as port, self._waiting() as waiting:
            waiting.sources.register(port, selectors.EVENT_READ)
            self._report_ready(self._address.path)
            while (ready := waiting.until(times.deadline)) is not None:
                self._report_lines([times.cut(lines, at=self._clock())])
                if ready:
                    self._report_lines(lines.feed(self._read(port)))
                    times.heard(self._clock(), is_begun=lines.is_begun)

    @contextmanager
    def _opened(self) -> Iterator[serial.Serial]:
        of = self._address
        try:
            port = serial.Serial(of.path, of.baud, bytesize=of.bits, parity=of.parity, stopbits=of.stop, timeout=0, exclusive=True)
        except OSError as error:  # pyserial's own is one
            fault = _FAULTS.get(error.errno or 0, DeviceFault.NO_SCANNER)
            raise ScannerLostError(fault, f"{of.path}: {_reason(error)}") from None
        with port:
            yield port

    def _read(self, port: serial.Serial) -> bytes:
        try:
            part: bytes = port.read(_READ_SIZE)
        except OSError as error:
            raise ScannerLostError(DeviceFault.NO_SCANNER, f"{self._address.path}: {_reason(error)}") from None
        return part


def _reason(error: OSError) -> str:
    """The library wraps the system's error and its number in a sentence of its own."""
    return errno.errorcode.get(error.errno, "") if error.errno else type(error).__name__
