"""The way from a terminal to a running kiosk: one line in, one line out, over a unix socket of the kiosk's own user.

Whoever may write to the socket may ask: its mode keeps that to the kiosk's own user.
"""

import socket
from collections.abc import Callable
from pathlib import Path

import structlog
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_log = structlog.get_logger()
_LONGEST_ASK = 1024
_LONGEST_ANSWER = 64 * 1024
_ANSWER_LIMIT_S = 5.0


class LineDeskError(Exception):
    """Nobody answers at the socket; the message names it and the cause."""


class LineDesk(QObject):
    """Answers terminals in the GUI thread's event loop. A socket that can't be made is logged: the kiosk runs all the same."""

    def __init__(self, path: Path, answer: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._answer = answer
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._admit)
        if _stale(path):
            QLocalServer.removeServer(str(path))
        if not self._server.listen(str(path)):
            _log.warning("line_desk_closed", place=path.name, problem=self._server.errorString())

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


def _stale(path: Path) -> bool:
    """Whether a socket lies there at which nobody listens."""
    if not path.is_socket():
        return False
    with socket.socket(socket.AF_UNIX) as knock:
        return knock.connect_ex(str(path)) != 0


def ask_line_desk(path: Path, line: bytes) -> bytes:
    """Ask a running kiosk; the line that it answers.

    Raises:
        LineDeskError: none answers.

    """
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(_ANSWER_LIMIT_S)
        try:
            link.connect(str(path))
            link.sendall(line + b"\n")
            answer = b""
            while not answer.endswith(b"\n") and len(answer) < _LONGEST_ANSWER and (part := link.recv(_LONGEST_ANSWER)):
                answer += part
        except OSError as error:
            message = f"{path} ({error.strerror or type(error).__name__})"
            raise LineDeskError(message) from None
    return answer
