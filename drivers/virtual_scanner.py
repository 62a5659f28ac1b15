"""A scanner made of software: each line that comes through a unix socket is a barcode that was read.

The card tray of the demo and ``youyue item scan`` are at the other end. What comes is text from
outside: its length and the number of senders are capped, and a sender that never ends its line holds
nobody up.
"""

import contextlib
import selectors
import socket
from collections.abc import Callable
from pathlib import Path

from drivers.frame_clock import FrameClock
from drivers.ports import DeviceError, DeviceFault
from drivers.scan_lines import LONGEST_BARCODE, ScanLines
from drivers.scanner_thread import DEVICE, ScannerLostError, ScannerThread

SCANNER_NAME = "virtual scanner"

_MOST_SENDERS = 16
_READ_SIZE = 4096
_SEND_LIMIT_S = 5.0


class ScannerUnavailableError(DeviceError):
    """Nobody listens where the barcode should be sent to."""


class BarcodeTextError(ValueError):
    """The text cannot be a barcode: empty, over 256 characters, or of more than one line."""


class _Sender:
    def __init__(self, link: socket.socket) -> None:
        self.link = link
        self.lines = ScanLines()
        self.clock = FrameClock()


class VirtualScanner(ScannerThread):
    """A ``Scanner`` at a unix socket. ``clock`` gives monotonic nanoseconds; the folder of ``path`` must be this user's alone."""

    def __init__(self, path: Path, *, clock: Callable[[], int], device: str = DEVICE) -> None:
        super().__init__(SCANNER_NAME, device=device, clock=clock)
        self._path = path

    def _serve(self) -> None:
        with contextlib.ExitStack() as open_things:
            try:
                door = open_things.enter_context(_listen(self._path))
            except OSError as error:
                raise ScannerLostError(DeviceFault.NO_SCANNER, f"{self._path}: {error.strerror or error}") from None
            open_things.callback(self._path.unlink, missing_ok=True)
            waiting = open_things.enter_context(self._waiting())
            waiting.sources.register(door, selectors.EVENT_READ)
            open_things.callback(_close_senders, waiting.sources)
            self._report_ready(str(self._path))
            while (ready := waiting.until(_first_deadline(waiting.sources))) is not None:
                self._cut_old(waiting.sources)
                for key in ready:
                    if key.fileobj is door:
                        _admit(door, waiting.sources)
                    elif isinstance(key.data, _Sender):
                        self._take(key.data, waiting.sources)

    def _take(self, sender: _Sender, waiting: selectors.BaseSelector) -> None:
        try:
            part = sender.link.recv(_READ_SIZE)
        except ConnectionError:
            part = b""
        self._report_lines(sender.lines.feed(part))
        sender.clock.heard(self._clock(), is_begun=sender.lines.is_begun)
        if not part:
            self._report_lines([sender.lines.give_up()])
            waiting.unregister(sender.link)
            sender.link.close()

    def _cut_old(self, waiting: selectors.BaseSelector) -> None:
        now = self._clock()
        self._report_lines(sender.clock.cut(sender.lines, at=now) for sender in _senders(waiting))


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
        waiting.register(link, selectors.EVENT_READ, _Sender(link))
    else:
        link.close()


def _first_deadline(waiting: selectors.BaseSelector) -> int | None:
    deadlines = [sender.clock.deadline for sender in _senders(waiting)]
    return min((one for one in deadlines if one is not None), default=None)


def _senders(waiting: selectors.BaseSelector) -> list[_Sender]:
    return [key.data for key in waiting.get_map().values() if isinstance(key.data, _Sender)]


def _close_senders(waiting: selectors.BaseSelector) -> None:
    for sender in _senders(waiting):
        sender.link.close()
