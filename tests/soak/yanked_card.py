"""A card that is pulled off the virtual reader at one byte of the exchange: before it, in the middle, or after the last."""

import socket
from threading import Thread

from drivers.apdu import GET_UID
from drivers.atr import MIFARE_CLASSIC_1K_ATR

_GIVE_ATR = b"\x04"
_LIMIT_S = 5.0
_ANSWER = bytes.fromhex("04A32B1C9000")

EXCHANGE = 3 + 3 + 2 + len(MIFARE_CLASSIC_1K_ATR) + 2 + len(GET_UID) + 2 + len(_ANSWER)
"""Bytes from the power to the end of the answer: two control codes, the ATR, the question, the answer, each with its length."""


class _PulledError(Exception):
    """The byte was reached."""


def lay_and_yank(port: int, *, at_byte: int) -> None:
    """Lay a card on the reader and hang up when ``at_byte`` bytes have gone to it and from it. Returns when it is off."""
    card = Thread(target=_exchange, args=(port, at_byte), daemon=True)
    card.start()
    card.join(2 * _LIMIT_S)
    assert not card.is_alive()


def _exchange(port: int, bytes_left: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=_LIMIT_S) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        counted = _CountedLink(link, bytes_left)
        try:
            while True:
                message = counted.take(int.from_bytes(counted.take(2), "big"))
                if message == _GIVE_ATR:
                    counted.give(MIFARE_CLASSIC_1K_ATR)
                elif len(message) > 1:
                    counted.give(_ANSWER)
        except (_PulledError, OSError):
            # Pulled, or the reader let go first: off it is.
            return


class _CountedLink:
    """A link that breaks after so many bytes, whichever way they went."""

    def __init__(self, link: socket.socket, bytes_left: int) -> None:
        self._link = link
        self._left = bytes_left

    def take(self, length: int) -> bytes:
        taken = b""
        while len(taken) < length:
            self._break_at_the_end()
            self._link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            if not (byte := self._link.recv(1)):
                raise _PulledError
            taken += byte
            self._left -= 1
        return taken

    def give(self, answer: bytes) -> None:
        framed = (len(answer).to_bytes(2, "big") + answer)[: self._left]
        self._link.sendall(framed)
        self._left -= len(framed)
        self._break_at_the_end()

    def _break_at_the_end(self) -> None:
        if not self._left:
            raise _PulledError
