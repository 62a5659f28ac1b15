"""The one question that is put to a card, and the reading of its answer.

Source: PC/SC part 3, 3.2.2.1.3 (``FF CA 00 00 00`` asks for the UID) and ISO/IEC 7816-4 (status words).
"""

from circulation.cards import CardUid, CardUidError
from drivers.ports import CardAnswerError

GET_UID = bytes.fromhex("FFCA000000")

_SW_LENGTH = 2
_SW_DONE = 0x9000
_LONGEST_ANSWER = 256 + _SW_LENGTH

_SW_NAMES = {
    0x6281: "part of the data may be wrong",
    0x6282: "end of the data reached early",
    0x6300: "no information given",
    0x6400: "execution error",
    0x6581: "memory failure",
    0x6700: "wrong length",
    0x6800: "class function not supported",
    0x6981: "command incompatible",
    0x6982: "security status not satisfied",
    0x6986: "command not allowed",
    0x6A81: "function not supported",
    0x6A82: "file not found",
    0x6B00: "wrong parameters",
    0x6D00: "instruction not supported",
    0x6E00: "class not supported",
    0x6F00: "no precise diagnosis",
}


class CardLiftedError(CardAnswerError):
    """The answer is empty: the card was lifted, or slipped, while it was being asked."""


def sw_name(sw: int) -> str:
    """Write a status word as the standard does, such as ``6A81 (function not supported)``."""
    return f"{sw:04X} ({_SW_NAMES.get(sw, 'not a status the standard names')})"


def uid_of_answer(answer: bytes) -> CardUid:
    """Read the UID out of the answer to ``GET_UID``: the bytes of the UID and the status 9000.

    Raises:
        CardLiftedError: the answer is empty.
        CardAnswerError: it is too short, too long, has a bad status or holds no UID.
            The message names lengths and status only, never the bytes.

    """
    if not answer:
        message = "no answer: the card was lifted while it was being read"
        raise CardLiftedError(message)
    if len(answer) < _SW_LENGTH:
        message = f"an answer of {len(answer)} byte has no status"
        raise CardAnswerError(message)
    if len(answer) > _LONGEST_ANSWER:
        message = f"an answer of {len(answer)} bytes is longer than any answer may be"
        raise CardAnswerError(message)
    sw = int.from_bytes(answer[-_SW_LENGTH:], "big")
    if sw != _SW_DONE:
        message = f"status {sw_name(sw)}"
        raise CardAnswerError(message)
    try:
        return CardUid(answer[:-_SW_LENGTH])
    except CardUidError as error:
        raise CardAnswerError(str(error)) from None
