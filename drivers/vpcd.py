"""A card made of software: it lies down on the virtual reader of vpcd and answers like an EasyCard.

Source: the vsmartcard project's vpcd protocol. The card is a TCP client. Each message is a length in
16 bits, big-endian, and a payload. A payload of one byte is a control code; a longer one is a command
and is answered. Connecting lays the card on, closing the connection lifts it.
"""

import socket
import time
from collections.abc import Callable
from threading import Condition, Thread, current_thread
from typing import Self

from circulation.cards import CardUid
from drivers.apdu import GET_UID
from drivers.atr import FELICA_ATR, MIFARE_CLASSIC_1K_ATR, UNNAMED_TYPE_A_ATR
from drivers.ports import ReaderUnavailableError

_CONTROL_LENGTH = 1
_POWER_ON = 0x01
_GIVE_ATR = 0x04

_DONE = bytes.fromhex("9000")
_FUNCTION_NOT_SUPPORTED = bytes.fromhex("6A81")
_INSTRUCTION_NOT_SUPPORTED = bytes.fromhex("6D00")
_GET_DATA = GET_UID[:2]

_CONNECT_LIMIT_S = 5.0
_JOIN_LIMIT_S = 5.0

_ATR_OF_UID_LENGTH = {4: MIFARE_CLASSIC_1K_ATR, 7: MIFARE_CLASSIC_1K_ATR, 8: FELICA_ATR, 10: UNNAMED_TYPE_A_ATR}

Responder = Callable[[bytes], bytes]
"""Gives the answer to a command, its status included. What it gives is sent as it is, be it rubbish."""


class VirtualReaderUnavailableError(ReaderUnavailableError):
    """No virtual reader listens where the card should be laid on."""


def well_behaved(uid: CardUid) -> Responder:
    """Answer as a contactless card does: the UID when asked for it, nothing else."""

    def answer(command: bytes) -> bytes:
        if command == GET_UID:
            return uid.octets + _DONE
        return _FUNCTION_NOT_SUPPORTED if command.startswith(_GET_DATA) else _INSTRUCTION_NOT_SUPPORTED

    return answer


class VirtualCard:
    """One card. ``with card:`` lays it on the reader at ``host:port`` and lifts it again at the end.

    ``responder`` replaces the answers of a good card, for cards that must misbehave.
    """

    def __init__(self, uid: CardUid, *, port: int, host: str = "127.0.0.1", responder: Responder | None = None) -> None:
        self.uid = uid
        self.atr = _ATR_OF_UID_LENGTH[len(uid.octets)]
        self._address = (host, port)
        self._answer = responder or well_behaved(uid)
        self._link: socket.socket | None = None
        self._thread: Thread | None = None
        self._news = Condition()
        self._times_powered = 0
        self._times_asked = 0
        self.powered_at = 0
        """When the reader first powered the card since it was laid on, in monotonic nanoseconds; 0 before that."""

    def __enter__(self) -> Self:
        self.insert()
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()

    def insert(self) -> None:
        """Lay the card on the reader. The reader notices within 0.4 s: it looks at its slot that often.

        Raises:
            VirtualReaderUnavailableError: nobody listens there.

        """
        self.remove()
        host, port = self._address
        try:
            link = socket.create_connection(self._address, timeout=_CONNECT_LIMIT_S)
        except OSError as error:
            message = f"no virtual reader listens on {host}:{port} ({error.strerror or error}): start one with `youyue reader virtual`"
            raise VirtualReaderUnavailableError(message) from None
        link.settimeout(None)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._news:
            self._times_powered = 0
            self._times_asked = 0
            self.powered_at = 0
        self._link = link
        self._thread = Thread(target=self._lie_there, args=(link,), name="virtual-card", daemon=True)
        self._thread.start()

    def remove(self) -> None:
        """Lift the card. Lifting a card that does not lie there does nothing."""
        link, self._link = self._link, None
        thread, self._thread = self._thread, None
        if link is not None:
            _hang_up(link)
        if thread is not None and thread is not current_thread():
            thread.join(_JOIN_LIMIT_S)

    def is_lying_there(self) -> bool:
        """Whether the reader still holds the link to the card; it breaks when the service ends."""
        thread = self._thread
        return thread is not None and thread.is_alive()

    def wait_until_powered(self, limit_s: float) -> bool:
        """Wait for the reader to power the card, which is how it notices it. Whether it did within the limit."""
        with self._news:
            return self._news.wait_for(lambda: self._times_powered > 0, limit_s)

    def wait_until_read(self, limit_s: float) -> bool:
        """Wait for somebody to have asked the card for its UID and been answered. Whether it happened within the limit."""
        with self._news:
            return self._news.wait_for(lambda: self._times_asked > 0, limit_s)

    def _lie_there(self, link: socket.socket) -> None:
        try:
            while (message := _receive(link)) is not None:
                if len(message) > _CONTROL_LENGTH:
                    self._send(link, self._answer(message))
                    if message == GET_UID:
                        self._count_asked()
                elif message[0] == _GIVE_ATR:
                    self._send(link, self.atr)
                elif message[0] == _POWER_ON:
                    self._count_powered()
        except OSError:
            # The link broke in the middle of an exchange: the card is off the reader, which is all that is to know.
            return
        finally:
            _hang_up(link)

    def _count_asked(self) -> None:
        with self._news:
            self._times_asked += 1
            self._news.notify_all()

    def _count_powered(self) -> None:
        now = time.monotonic_ns()
        with self._news:
            self.powered_at = self.powered_at or now
            self._times_powered += 1
            self._news.notify_all()

    def _send(self, link: socket.socket, answer: bytes) -> None:
        link.sendall(len(answer).to_bytes(2, "big") + answer)


def _receive(link: socket.socket) -> bytes | None:
    head = _receive_exactly(link, 2)
    if head is None or not (length := int.from_bytes(head, "big")):
        return None
    return _receive_exactly(link, length)


def _receive_exactly(link: socket.socket, length: int) -> bytes | None:
    received = b""
    while len(received) < length:
        # vpcd sends length and body in two packets; without this each exchange waits 40 ms for a delayed acknowledgement.
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = link.recv(length - len(received))
        if not part:
            return None
        received += part
    return received


def _hang_up(link: socket.socket) -> None:
    try:
        link.shutdown(socket.SHUT_RDWR)
    except OSError:
        # The other side was faster.
        pass
    finally:
        link.close()
