"""What nfcpy found on a reader, as the UID of a card and the ATR a PC/SC reader would give for it. Pure.

Sources: ISO/IEC 14443-3 (UID and SAK of type A), JIS X 6319-4 (the answer of a FeliCa card), NXP AN10833 (which SAK is which card),
PC/SC part 3, 3.1.3.2.3 (the ATR of a storage card).
"""

from dataclasses import dataclass
from typing import Protocol

from circulation.cards import CardUid, CardUidError
from drivers.atr import (
    FELICA_ATR,
    MIFARE_CLASSIC_1K_ATR,
    MIFARE_CLASSIC_4K_ATR,
    MIFARE_MINI_ATR,
    MIFARE_ULTRALIGHT_ATR,
    UNNAMED_TYPE_A_ATR,
)
from drivers.ports import CardAnswerError

TYPE_A = "106A"
FELICA = "212F"

_SAK_ISO_14443_4 = 0x20
_ATR_OF_SAK = {
    0x00: MIFARE_ULTRALIGHT_ATR,
    0x08: MIFARE_CLASSIC_1K_ATR,
    0x88: MIFARE_CLASSIC_1K_ATR,  # the same card, made by Infineon
    0x09: MIFARE_MINI_ATR,
    0x18: MIFARE_CLASSIC_4K_ATR,
}
_SENSF_LENGTHS = frozenset({17, 19})
_IDM = slice(1, 9)


class Target(Protocol):
    """What is used of nfcpy's ``RemoteTarget``. A part that the card did not give is ``None``."""

    @property
    def brty(self) -> str:
        """Bit rate and technology, such as ``106A``."""

    @property
    def sel_res(self) -> bytes | bytearray | None:
        """The SAK of a card of type A."""

    @property
    def sdd_res(self) -> bytes | bytearray | None:
        """The UID of a card of type A, without cascade tags."""

    @property
    def sensf_res(self) -> bytes | bytearray | None:
        """A FeliCa card's answer: one byte, IDm, PMm, and the system code where it was asked for."""


@dataclass(frozen=True, slots=True)
class SensedCard:
    """A card that gave its UID. ``atr`` is empty for a card that would have to be asked for its own."""

    uid: CardUid
    atr: bytes


def card_of(target: Target) -> SensedCard:
    """Read the card out of what nfcpy found.

    Raises:
        CardAnswerError: it has no UID, or one of a length that no card has. The message names lengths only, never the bytes.

    """
    if target.brty.endswith("F"):
        return _felica(bytes(target.sensf_res or b""))
    if not target.sdd_res or not target.sel_res:
        message = "a card of type A without a UID, such as a Topaz or Jewel tag"
        raise CardAnswerError(message)
    return SensedCard(_uid(bytes(target.sdd_res)), _atr_of_type_a(target.sel_res[0]))


def _felica(answer: bytes) -> SensedCard:
    if len(answer) not in _SENSF_LENGTHS:
        message = f"a FeliCa card's answer of {len(answer)} bytes"
        raise CardAnswerError(message)
    return SensedCard(_uid(answer[_IDM]), FELICA_ATR)


def _uid(octets: bytes) -> CardUid:
    try:
        return CardUid(octets)
    except CardUidError as error:
        raise CardAnswerError(str(error)) from None


def _atr_of_type_a(sak: int) -> bytes:
    # Cards of ISO/IEC 14443-4 bring an ATR of their own, and are not asked for it: the UID is all that is wanted.
    return b"" if sak & _SAK_ISO_14443_4 else _ATR_OF_SAK.get(sak, UNNAMED_TYPE_A_ATR)
