"""A scanner made of software: each line that comes through a unix socket is a barcode that was read.

The card tray of the demo and ``youyue item scan`` are at the other end. What comes is text from
outside: its length and the number of senders are capped, and a sender that never ends its line holds
nobody up.
"""

import contextlib
import selectors
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread, current_thread

from drivers.ports import BarcodeScanned, DeviceError, DeviceFault, DeviceHealth, DeviceState, ScannerEvent
from drivers.scan_lines import LONGEST_BARCODE, LineReading, ScanLines

DEVICE = "scanner"
"""The name under which this driver reports its health."""

SCANNER_NAME = "virtual scanner"

_MOST_SENDERS = 16
_READ_SIZE = 4096
_RETRY_S = 1.0
_SEND_LIMIT_S = 5.0


class ScannerUnavailableError(DeviceError):
    """Nobody listens where the barcode should be sent to."""


class BarcodeTextError(ValueError):
    """The text cannot be a barcode: empty, over 256 characters, or of more than one line."""


@dataclass(frozen=True, slots=True)
class _Sender:
    link: socket.socket
    lines: ScanLines


class VirtualScanner:
    """A ``Scanner`` at a unix socket. ``clock`` gives monotonic nanoseconds; the folder of ``path`` must be this user's alone."""

    def __init__(self, path: Path, *, clock: Callable[[], int]) -> None:
        self._path = path
        self._clock = clock
        self._stopping = Event()
        self._thread: Thread | None = None
        self._listener: Callable[[ScannerEvent], None] = _nobody
        self._health: DeviceHealth | None = None
        self._wake, self._woken = socket.socketpair()

    def start(self, listener: Callable[[ScannerEvent], None]) -> None:
        """Begin waiting in an own thread. The first report is a ``DeviceHealth``. Called once."""
        self._listener = listener
        self._thread = Thread(target=self._run, name="virtual-scanner", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the waiting. No report comes after it. May be called twice."""
        self._stopping.set()
        # Closing one end wakes the thread that waits at the other.
        self._wake.close()
        if self._thread is None:
            self._woken.close()
        elif self._thread is not current_thread():
            self._thread.join()

    def _run(self) -> None:
        failure: DeviceHealth | None = None
        with self._woken:
            while not self._stopping.is_set():
                try:
                    # Reported in here, so that a listener that fails cannot end the loop either.
                    if failure is not None:
                        self._report_health(failure)
                        if self._stopping.wait(_RETRY_S):
                            return
                    self._serve()
                except OSError as error:
                    detail = f"{self._path}: {error.strerror or error}"
                    failure = DeviceHealth(DEVICE, DeviceState.MISSING, DeviceFault.NO_SCANNER, detail)
                except Exception as error:  # noqa: BLE001 - a driver never stops for good: it says what failed and goes on
                    failure = DeviceHealth(DEVICE, DeviceState.MISSING, DeviceFault.DRIVER_FAILED, type(error).__name__)

    def _serve(self) -> None:
        with contextlib.ExitStack() as open_things:
            door = open_things.enter_context(_listen(self._path))
            open_things.callback(self._path.unlink, missing_ok=True)
            waiting = open_things.enter_context(selectors.DefaultSelector())
            waiting.register(self._woken, selectors.EVENT_READ)
            waiting.register(door, selectors.EVENT_READ)
            open_things.callback(_close_senders, waiting)
            self._report_health(DeviceHealth(DEVICE, DeviceState.READY))
            while not self._stopping.is_set():
                for key, _ in waiting.select():
                    if key.fileobj is door:
                        _admit(door, waiting)
                    elif isinstance(key.data, _Sender):
                        self._take(key.data, waiting)

    def _take(self, sender: _Sender, waiting: selectors.BaseSelector) -> None:
        try:
            part = sender.link.recv(_READ_SIZE)
        except ConnectionError:
            part = b""
        for reading in sender.lines.feed(part):
            self._report_line(reading)
        if not part:
            waiting.unregister(sender.link)
            sender.link.close()

    def _report_line(self, reading: LineReading) -> None:
        if reading.problem:
            self._report_health(DeviceHealth(DEVICE, DeviceState.DEGRADED, DeviceFault.DRIVER_FAILED, reading.problem))
            self._report_health(DeviceHealth(DEVICE, DeviceState.READY))
        else:
            self._report(BarcodeScanned(reading.text, SCANNER_NAME, self._clock()))

    def _report_health(self, health: DeviceHealth) -> None:
        if health != self._health:
            self._health = health
            self._report(health)

    def _report(self, event: ScannerEvent) -> None:
        if not self._stopping.is_set():
            self._listener(event)


def send_scan(path: Path, text: str) -> None:
    """Scan a barcode on the virtual scanner behind ``path``.

    Raises:
        BarcodeTextError: the text is empty, over 256 characters or of more than one line.
        ScannerUnavailableError: nobody listens there.

    """
    try:
        line = text.encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        message = "a barcode is text, this has bytes that are none"
        raise BarcodeTextError(message) from None
    if not text.strip() or len(text) > LONGEST_BARCODE or text.splitlines() != [text]:
        message = f"a barcode is one line of 1 to {LONGEST_BARCODE} characters"
        raise BarcodeTextError(message)
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(_SEND_LIMIT_S)
        try:
            link.connect(str(path))
            link.sendall(line)
        except OSError as error:
            message = f"no scanner listens at {path} ({error.strerror or error}): start the kiosk or the demo first"
            raise ScannerUnavailableError(message) from None


def _listen(path: Path) -> socket.socket:
    door = socket.socket(socket.AF_UNIX)
    try:
        if path.is_socket() and not _somebody_listens(path):
            path.unlink()
        door.bind(str(path))
        path.chmod(0o600)
        door.listen()
    except BaseException:
        door.close()
        raise
    return door


def _somebody_listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as knock:
        knock.settimeout(_SEND_LIMIT_S)
        try:
            knock.connect(str(path))
        except OSError:
            return False
    return True


def _admit(door: socket.socket, waiting: selectors.BaseSelector) -> None:
    link, _ = door.accept()
    if len(_senders(waiting)) < _MOST_SENDERS:
        waiting.register(link, selectors.EVENT_READ, _Sender(link, ScanLines()))
    else:
        link.close()


def _senders(waiting: selectors.BaseSelector) -> list[_Sender]:
    return [key.data for key in waiting.get_map().values() if isinstance(key.data, _Sender)]


def _close_senders(waiting: selectors.BaseSelector) -> None:
    for sender in _senders(waiting):
        sender.link.close()


def _nobody(_event: ScannerEvent) -> None:
    """Listen before anybody does."""
