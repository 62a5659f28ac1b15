"""A barcode scanner that poses as a keyboard: its keys are taken from the kernel, so that nothing on the screen is typed into."""

import errno
import selectors
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Protocol

from evdev import InputDevice, InputEvent, ecodes

from drivers.frame_clock import FrameClock
from drivers.input_nodes import InputNode, chosen, keyboards
from drivers.ports import DeviceFault
from drivers.scan_lines import LineReading
from drivers.scanner_address import KeyboardAddress
from drivers.scanner_thread import DEVICE, ScannerLostError, ScannerThread
from drivers.wedge_keys import WedgeKeys

_NS = 1_000_000_000
_NS_PER_US = 1_000
_FAULTS = {
    errno.EACCES: DeviceFault.SCANNER_NOT_PERMITTED,
    errno.EPERM: DeviceFault.SCANNER_NOT_PERMITTED,
    errno.EBUSY: DeviceFault.SCANNER_BUSY,
}


class GrabbedKeyboard(Protocol):
    """A keyboard whose events nobody else gets: ``evdev.InputDevice``, or another ``evdev.eventio.EventIO``."""

    def fileno(self) -> int:
        """What to wait for."""

    def read(self) -> Iterable[InputEvent]:
        """The events that are there.

        Raises:
            OSError: the device is gone.

        """

    def close(self) -> None:
        """Let go of it."""


class InputDesk(Protocol):
    """What the driver asks of the kernel's input devices."""

    def keyboards(self) -> Sequence[InputNode]:
        """Those that are plugged in."""

    def grab(self, path: str) -> GrabbedKeyboard:
        """Open one for this program alone.

        Raises:
            OSError: it can't be.

        """


class KernelInputs:
    """The input devices of this machine, through evdev."""

    def keyboards(self) -> Sequence[InputNode]:
        """As ``InputDesk``."""
        return keyboards()

    def grab(self, path: str) -> GrabbedKeyboard:
        """As ``InputDesk``."""
        device = InputDevice(path)
        try:
            device.grab()
        except BaseException:
            device.close()
            raise
        return device


class _Keyboard:
    """One grabbed node with the line that is typed on it."""

    def __init__(self, device: GrabbedKeyboard, address: KeyboardAddress) -> None:
        self.device = device
        self.keys = WedgeKeys(address.timing, address.rules)
        self.times = FrameClock(address.limits)


class WedgeScanner(ScannerThread):
    """A ``Scanner`` bound to the one keyboard that is named. ``clock`` gives monotonic nanoseconds."""

    def __init__(
        self, address: KeyboardAddress, *, clock: Callable[[], int], inputs: InputDesk | None = None, device: str = DEVICE
    ) -> None:
        super().__init__("keyboard scanner", device=device, clock=clock)
        self._address = address
        self._inputs = inputs or KernelInputs()

    def _serve(self) -> None:
        nodes = self._found()
        with ExitStack() as held, self._waiting() as waiting:
            boards = [_Keyboard(held.enter_context(closing(self._grabbed(node))), self._address) for node in nodes]
            for board in boards:
                waiting.sources.register(board.device.fileno(), selectors.EVENT_READ, board)
            self._report_ready(", ".join(f"{node.path} ({node.name})" for node in nodes))
            while (ready := waiting.until(_first_deadline(boards))) is not None:
                self._report_lines(board.times.cut(board.keys, at=self._clock()) for board in boards)
                for key in ready:
                    self._take(key.data)

    def _found(self) -> tuple[InputNode, ...]:
        path = self._address.path
        found = chosen(self._inputs.keyboards(), self._address, target=str(Path(path).resolve()) if path else "")
        if isinstance(found, DeviceFault):
            raise ScannerLostError(found, self._address.label)
        return found

    def _grabbed(self, node: InputNode) -> GrabbedKeyboard:
        try:
            return self._inputs.grab(node.path)
        except OSError as error:
            fault = _FAULTS.get(error.errno or 0, DeviceFault.NO_SCANNER)
            raise ScannerLostError(fault, f"{node.path}: {error.strerror or type(error).__name__}") from None

    def _take(self, board: _Keyboard) -> None:
        events = tuple(board.device.read())
        if not events:
            # What can be read and gives nothing is gone, and would be asked again and again.
            raise OSError(errno.ENODEV, "the device is gone")
        self._report_lines(map(partial(_reading, board.keys), events))
        board.times.heard(self._clock(), is_begun=board.keys.is_begun)


def _reading(keys: WedgeKeys, event: InputEvent) -> LineReading | None:
    # The kernel's own times: pauses between keys, whenever this thread came to look. They jump with the wall clock, at most one line is lost.
    if event.type == ecodes.EV_KEY:
        return keys.press(event.code, event.value, at=event.sec * _NS + event.usec * _NS_PER_US)
    if event.type == ecodes.EV_SYN and event.code == ecodes.SYN_DROPPED:
        keys.lose()
    return None


def _first_deadline(boards: Iterable[_Keyboard]) -> int | None:
    return min((board.times.deadline for board in boards if board.times.deadline is not None), default=None)
