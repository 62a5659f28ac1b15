"""Benches on which every scanner goes through one suite: a unix socket, a pseudo-terminal, the key events of a wedge."""

import errno
import fcntl
import os
import socket
import time
import tty
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from evdev.eventio import EventIO

from drivers.input_nodes import InputNode
from drivers.ports import Scanner
from drivers.scanner_address import KeyboardAddress, SerialAddress
from drivers.serial_scanner import SerialScanner
from drivers.virtual_scanner import VirtualScanner
from drivers.wedge_scanner import WedgeScanner
from tests.contract.heard import LIMIT_S
from tests.keystrokes import EVENT_BYTES, KEY_OF_NO_CHARACTER, Typist

_AT_ONCE = 64 * EVENT_BYTES
"""As much as evdev reads at once."""


class ScannerBench(Protocol):
    @property
    def name(self) -> str:
        """What the scanner calls itself in its barcodes."""

    def a_scanner(self) -> Scanner: ...

    def scan(self, text: str) -> None: ...

    def begin(self, text: str) -> None:
        """Scan a code whose end never comes."""

    def send_rubbish(self) -> None:
        """One line that is no text."""

    def close(self) -> None: ...


class PluggedBench(ScannerBench, Protocol):
    """One that can be unplugged."""

    def unplug(self) -> None: ...

    def plug(self) -> None:
        """Plug it in again; the system gives it another file than before."""

    def hold(self) -> None:
        """Let another program hold it, once it is plugged in."""

    def let_go(self) -> None: ...


class VirtualBench:
    name = "virtual scanner"

    def __init__(self, folder: Path) -> None:
        self.path = folder / "scan"
        self._link: socket.socket | None = None

    def a_scanner(self) -> Scanner:
        return VirtualScanner(self.path, clock=time.monotonic_ns)

    def scan(self, text: str) -> None:
        self._send(text.encode() + b"\n")

    def begin(self, text: str) -> None:
        self._send(text.encode())

    def send_rubbish(self) -> None:
        self._send(b"\xff\xff\n")

    def _send(self, raw: bytes) -> None:
        # One link for all while it lasts, so that what is sent stays in its order.
        try:
            self._linked().sendall(raw)
        except BrokenPipeError:
            self.close()
            self._linked().sendall(raw)

    def _linked(self) -> socket.socket:
        if self._link is None:
            self._link = socket.socket(socket.AF_UNIX)
            self._link.settimeout(LIMIT_S)
            self._link.connect(str(self.path))
        return self._link

    def close(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None


class SerialBench:
    """The kernel's own terminal. The port is a link, as in ``/dev/serial/by-id``: after each plugging it leads to another one."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "usb-Scanner-if00"
        self.name = f"scanner at {self.path}"
        self._cable: int | None = None
        self._is_held = False
        self._holder: int | None = None
        self.plug()

    def a_scanner(self) -> Scanner:
        return SerialScanner(SerialAddress(str(self.path)), clock=time.monotonic_ns)

    def scan(self, text: str) -> None:
        self.send(text.encode() + b"\r")

    def begin(self, text: str) -> None:
        self.send(text.encode())

    def send_rubbish(self) -> None:
        self.send(b"\xff\xff\r")

    def send(self, raw: bytes) -> None:
        assert self._cable is not None
        while raw:
            raw = raw[os.write(self._cable, raw) :]

    def unplug(self) -> None:
        assert self._cable is not None
        self.path.unlink()
        os.close(self._cable)
        self._cable = None

    def plug(self) -> None:
        self._cable, port = os.openpty()
        tty.setraw(port)
        if self._is_held:
            fcntl.flock(port, fcntl.LOCK_EX)
        self.path.symlink_to(os.ttyname(port))
        if self._is_held:
            self._holder = port
        else:
            os.close(port)

    def hold(self) -> None:
        self._is_held = True

    def let_go(self) -> None:
        self._is_held = False
        if self._holder is not None:
            os.close(self._holder)
            self._holder = None

    def close(self) -> None:
        self.let_go()
        if self._cable is not None:
            os.close(self._cable)


class SocketKeyboard(EventIO):
    """A keyboard whose events come through a socket that keeps them whole, as the kernel does; they are read as those of its devices are."""

    def __init__(self, fd: int) -> None:
        os.set_blocking(fd, False)
        self.fd = fd

    def close(self) -> None:
        os.close(self.fd)


class WedgeBench:
    """Stands for the kernel where it lists and grabs; what is typed are its bytes, through a socket."""

    name = "keyboard scanner"

    def __init__(self, folder: Path) -> None:
        del folder
        self._number = 3
        self._typist = Typist()
        self._cable: int | None = None
        self._reading: int | None = None
        self._is_held = False
        self.plug()

    def a_scanner(self) -> Scanner:
        return WedgeScanner(KeyboardAddress(numbers=(0x05E0, 0x1200)), clock=time.monotonic_ns, inputs=self)

    def keyboards(self) -> Sequence[InputNode]:
        if self._cable is None:
            return ()
        return (InputNode(f"/dev/input/event{self._number}", "Symbol Bar Code Scanner", 0x05E0, 0x1200, "usb-1/input0"),)

    def grab(self, path: str) -> SocketKeyboard:
        if self._is_held or self._reading is None:
            raise OSError(errno.EBUSY if self._is_held else errno.ENODEV, "not now", path)
        return SocketKeyboard(os.dup(self._reading))

    def scan(self, text: str) -> None:
        self.send(self._typist.type(text + "\n"))

    def begin(self, text: str) -> None:
        self.send(self._typist.type(text))

    def send_rubbish(self) -> None:
        self.send(self._typist.press(iter([(KEY_OF_NO_CHARACTER, 1)])) + self._typist.type("\n"))

    def send(self, raw: bytes) -> None:
        assert self._cable is not None
        for place in range(0, len(raw), _AT_ONCE):
            os.write(self._cable, raw[place : place + _AT_ONCE])

    def unplug(self) -> None:
        assert self._cable is not None
        self.close()

    def plug(self) -> None:
        self._number += 1
        reading, cable = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._reading, self._cable = reading.detach(), cable.detach()

    def hold(self) -> None:
        self._is_held = True

    def let_go(self) -> None:
        self._is_held = False

    def close(self) -> None:
        for end in (self._cable, self._reading):
            if end is not None:
                os.close(end)
        self._cable = self._reading = None
