"""The air over a reader that nfcpy simulates by UDP: cards of type A and FeliCa cards made of software lie in it.

Each datagram is a bit rate, a blank and the bytes in hexadecimal. An empty air answers that there is no field, as nfcpy's own card
does when it leaves: so a look without a card is short, as on a real reader, and not a second long.

Sources: ISO/IEC 14443-3, 6.5 (anticollision and cascade levels), NFC Forum Type 1 (RID), JIS X 6319-4 (polling).
"""

import socket
from functools import reduce
from operator import xor
from threading import Lock, Thread

from circulation.cards import CardUid
from tests.contract.conduct import Answer, Conduct

_NO_FIELD = b"RFOFF"
_ATQA = {4: "0400", 7: "4400", 10: "8400"}
_CASCADE_TAG = b"\x88"
_LEVELS = b"\x93\x95\x97"
_SENS_REQ = b"\x26"
_ANTICOLLISION = 0x20
_MIFARE_CLASSIC_1K = b"\x08"
_NOT_COMPLETE = b"\x04"
_TOPAZ_SENS_RES = bytes.fromhex("000C")
_TOPAZ_RID = bytes.fromhex("1148A1B2C3D4")
_RID = 0x78
_PMM_AND_SYSTEM = bytes.fromhex("0120220427674EFF0003")
_FELICA_LENGTH = 8


class UdpAir:
    """One place in the air, at ``port``. Holds one card at a time."""

    def __init__(self) -> None:
        self._link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._link.bind(("127.0.0.1", 0))
        self.port: int = self._link.getsockname()[1]
        self._lock = Lock()
        self._card: tuple[CardUid, Conduct] | None = None
        self._thread = Thread(target=self._answer_all, name="udp-air", daemon=True)
        self._thread.start()

    def lay(self, uid: CardUid, conduct: Conduct) -> None:
        with self._lock:
            assert self._card is None, "a card lies there"
            self._card = uid, conduct

    def lift(self) -> None:
        with self._lock:
            self._card = None

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join()
        self._link.close()

    def _answer_all(self) -> None:
        while True:
            datagram, reader = self._link.recvfrom(1024)
            if not datagram:
                return
            rate, _, octets = datagram.partition(b" ")
            answer = self._answer(rate.decode("ascii"), bytes.fromhex(octets.decode("ascii")))
            self._link.sendto(_NO_FIELD if answer is None else rate + b" " + answer.hex().encode("ascii"), reader)

    def _answer(self, rate: str, question: bytes) -> bytes | None:
        with self._lock:
            card = self._card
        if card is None or not question:
            return None
        uid, conduct = card
        is_felica = len(uid.octets) == _FELICA_LENGTH or conduct.answer is Answer.TOO_LONG
        if is_felica != rate.endswith("F"):
            return None
        answer = _felica_answer(uid, conduct) if is_felica else _type_a_answer(uid, conduct, question)
        with self._lock:
            return answer if self._card is card else None


def _felica_answer(uid: CardUid, conduct: Conduct) -> bytes:
    conduct.before_answering()
    body = b"\x01" + uid.octets + _PMM_AND_SYSTEM
    if conduct.answer is Answer.TOO_LONG:
        body += bytes(200)
    return bytes([len(body) + 1]) + body


def _type_a_answer(uid: CardUid, conduct: Conduct, question: bytes) -> bytes | None:
    if question == _SENS_REQ:
        return _TOPAZ_SENS_RES if conduct.answer is Answer.REFUSAL else bytes.fromhex(_ATQA[len(uid.octets)])
    if question[0] == _RID:
        conduct.before_answering()
        return _TOPAZ_RID
    level = _LEVELS.find(question[:1])
    if level < 0:
        return None
    part = _part_of(uid.octets, level)
    if question[1] != _ANTICOLLISION:
        return _NOT_COMPLETE if part.startswith(_CASCADE_TAG) else _MIFARE_CLASSIC_1K
    conduct.before_answering()
    return part[:3] if conduct.answer is Answer.TOO_SHORT else part + bytes([reduce(xor, part)])


def _part_of(uid: bytes, level: int) -> bytes:
    """The four bytes of one cascade level: three and a tag before them where more follow."""
    rest = uid[3 * level :]
    return rest if len(rest) == 4 else _CASCADE_TAG + rest[:3]
