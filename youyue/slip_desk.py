"""The way from a terminal to the slips of a running kiosk: one line in, one line of JSON out, over a unix socket of the kiosk's user.

What may be reprinted is in the kiosk's memory only, so another process has to ask. Whoever may write to the socket may print: its mode
keeps that to the kiosk's own user.
"""

import socket
from datetime import datetime
from pathlib import Path

import structlog
from msgspec import DecodeError, Struct, json
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from ui.paper.kept import KeptSlip
from ui.paper.roll import SlipRoll

_log = structlog.get_logger()
_LONGEST_ASK = 1024
_LONGEST_ANSWER = 64 * 1024
_ANSWER_LIMIT_S = 5.0


class SlipAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """What a terminal wants: the list (``reprint`` false), the newest slip again, or that of a number."""

    reprint: bool = False
    number: int | None = None


class ToldSlip(Struct, frozen=True):
    """One slip that is kept: never what stands on it. ``fate`` and ``fault`` are codes."""

    number: int
    kind: str
    made_at: datetime
    fate: str
    fault: str | None = None


class SlipAnswer(Struct, frozen=True):
    """What there is, oldest first, and which slip is printed again now, if any."""

    slips: list[ToldSlip]
    reprinted: ToldSlip | None = None


class SlipDeskError(Exception):
    """No kiosk with a receipt printer answers at the socket."""


class SlipDesk(QObject):
    """Answers terminals in the GUI thread's event loop. A socket that can't be made is logged: slips are printed all the same."""

    def __init__(self, path: Path, roll: SlipRoll) -> None:
        super().__init__()
        self._roll = roll
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._admit)
        if _stale(path):
            QLocalServer.removeServer(str(path))
        if not self._server.listen(str(path)):
            _log.warning("slip_desk_closed", problem=self._server.errorString())

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.close()

    def _admit(self) -> None:
        while (guest := self._server.nextPendingConnection()) is not None:
            guest.setReadBufferSize(_LONGEST_ASK)
            guest.readyRead.connect(self._hear)
            guest.disconnected.connect(guest.deleteLater)

    def _hear(self) -> None:
        guest = self.sender()
        if not isinstance(guest, QLocalSocket):
            return
        if guest.canReadLine():
            guest.write(self._answer(bytes(guest.readLine().data())) + b"\n")
            guest.disconnectFromServer()
        elif guest.bytesAvailable() >= _LONGEST_ASK:
            guest.abort()

    def _answer(self, line: bytes) -> bytes:
        try:
            asked = json.decode(line, type=SlipAsk)
        except DecodeError:  # of a version that is not ours
            return json.encode(SlipAnswer([]))
        again = self._roll.reprint(asked.number) if asked.reprint else None
        return json.encode(SlipAnswer([_told(slip) for slip in self._roll.kept()], _told(again) if again is not None else None))


def _told(slip: KeptSlip) -> ToldSlip:
    return ToldSlip(slip.ticket, slip.kind.value, slip.made_at, slip.fate.value, slip.fault.value if slip.fault else None)


def _stale(path: Path) -> bool:
    """Whether a socket lies there at which nobody listens."""
    if not path.is_socket():
        return False
    with socket.socket(socket.AF_UNIX) as knock:
        return knock.connect_ex(str(path)) != 0


def ask_slip_desk(path: Path, asked: SlipAsk) -> SlipAnswer:
    """Ask a running kiosk.

    Raises:
        SlipDeskError: none answers.

    """
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(_ANSWER_LIMIT_S)
        try:
            link.connect(str(path))
            link.sendall(json.encode(asked) + b"\n")
            answer = b""
            while not answer.endswith(b"\n") and len(answer) < _LONGEST_ANSWER and (part := link.recv(_LONGEST_ANSWER)):
                answer += part
            return json.decode(answer, type=SlipAnswer)
        except (OSError, DecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            message = (
                f"no kiosk with a receipt printer answers at {path} ({reason}): start the kiosk, and name its printer in kiosk.printer"
            )
            raise SlipDeskError(message) from None
