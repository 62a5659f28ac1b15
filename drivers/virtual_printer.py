"""A slip printer made of software: it listens on loopback, speaks ESC/POS and hands out each slip as dots.

The demo shows its slips; tests make it run out of paper, fall silent or hang up. The kiosk's driver does not know the difference.
"""

import contextlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event, Lock, Thread

from drivers.escpos_reading import Asked, Cut, EscposReader, Printed, UnreadableCommandError
from drivers.escpos_status import Query
from drivers.ports import Raster

_READ_SIZE = 4096
_REAL_TIME = 0x12
_COVER = 0x04
_OFFLINE = 0x08
_ROLL_OUT, _ROLL_LOW = 0x60, 0x0C
_STOPPED_BY_PAPER = 0x20
_LOOKS_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class Condition:
    """How the printer is. ``hangs_up_after``: bytes of a connection; ``seconds_a_byte``: how slowly it takes what is sent."""

    paper_out: bool = False
    paper_low: bool = False
    cover_open: bool = False
    silent: bool = False
    hangs_up_after: int | None = None
    seconds_a_byte: float = 0.0

    def answer_to(self, query: Query) -> int:
        """The status byte."""
        stopped = self.paper_out or self.cover_open
        match query:
            case Query.PRINTER:
                return _REAL_TIME | (_OFFLINE if stopped else 0)
            case Query.OFFLINE:
                return _REAL_TIME | (_COVER if self.cover_open else 0) | (_STOPPED_BY_PAPER if self.paper_out else 0)
            case Query.ERROR:
                return _REAL_TIME
            case Query.PAPER:
                return _REAL_TIME | (_ROLL_OUT if self.paper_out else 0) | (_ROLL_LOW if self.paper_low or self.paper_out else 0)

    @property
    def answer_in_order(self) -> int:
        """The answer to ``GS r 1``."""
        return 0x0C if self.paper_out else 0x03 if self.paper_low else 0


class Mechanism:
    """What happens in the printer: bytes in, answers out, a slip at its cut. One thread works it."""

    def __init__(self, printed: Callable[[Raster], None]) -> None:
        self.condition = Condition()
        self.closing = Event()
        self._printed = printed
        self._reader = EscposReader()
        self._paper: list[Raster] = []

    def begin(self) -> None:
        """Listen to another sender. What is on the paper stays there."""
        self._reader = EscposReader()

    def take(self, part: bytes) -> Iterator[bytes]:
        """Do what these bytes ask for, and give the answers.

        Raises:
            UnreadableCommandError: they ask for nothing that is known.

        """
        for command in self._reader.feed(part):
            match command:
                case Asked(query):
                    yield self._answer(query)
                case Printed(picture):
                    self._paper.append(picture)
                case Cut():
                    self._cut()

    def _cut(self) -> None:
        if self._paper:
            self._printed(Raster(self._paper[0].width, b"".join(piece.rows for piece in self._paper)))
            self._paper.clear()

    def _answer(self, query: Query | None) -> bytes:
        while query is None and self.condition.paper_out and not self.closing.is_set():
            self.closing.wait(_LOOKS_EVERY_S)  # it stands still until somebody lays in paper
        condition = self.condition
        if condition.silent:
            return b""
        return bytes((condition.answer_in_order if query is None else condition.answer_to(query),))


class VirtualPrinter:
    """Listens from the beginning until ``close``. ``printed`` gets every slip at its cut, in the printer's own thread.

    Raises:
        OSError: the port is taken.

    """

    def __init__(self, printed: Callable[[Raster], None], *, port: int = 0) -> None:
        self._mechanism = Mechanism(printed)
        self._door = socket.create_server(("127.0.0.1", port))
        self.port: int = self._door.getsockname()[1]
        self._holding = Lock()
        self._guest: socket.socket | None = None
        self._thread = Thread(target=self._serve, name="virtual-printer", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """As the settings write it."""
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def condition(self) -> Condition:
        """How it is now."""
        return self._mechanism.condition

    def become(self, condition: Condition) -> None:
        """From now on it is so. From any thread."""
        self._mechanism.condition = condition

    def close(self) -> None:
        """Switch it off: whoever is connected is cut off. May be called twice."""
        self._mechanism.closing.set()
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        with self._holding:
            if self._guest is not None:
                with contextlib.suppress(OSError):
                    self._guest.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._door.close()

    def _serve(self) -> None:
        while not self._mechanism.closing.is_set():
            try:
                guest, _ = self._door.accept()
            except OSError:
                return
            with guest:
                with self._holding:
                    self._guest = guest
                with contextlib.suppress(OSError, UnreadableCommandError):
                    self._attend(guest)
                with self._holding:
                    self._guest = None

    def _attend(self, guest: socket.socket) -> None:
        self._mechanism.begin()
        taken = 0
        while not self._mechanism.closing.is_set():
            condition = self._mechanism.condition
            limit = condition.hangs_up_after
            size = 1 if condition.seconds_a_byte else _READ_SIZE if limit is None else min(_READ_SIZE, limit - taken)
            if size <= 0 or not (part := guest.recv(size)):
                return
            taken += len(part)
            for answer in self._mechanism.take(part):
                guest.sendall(answer)
            if condition.seconds_a_byte:
                self._mechanism.closing.wait(condition.seconds_a_byte)
