"""What the ATR of a contactless card tells: its technology, and a hint of its kind. Never proof.

Source: PC/SC part 3, 3.1.3.2.3 (the ATR a reader makes up for a storage card) and its supplement
(the card names); ISO/IEC 7816-3 for the historical bytes. Cards that speak ISO 14443-4 bring their own.
"""

from dataclasses import dataclass
from functools import reduce
from operator import xor

from circulation.cards import CardKind

LONGEST_ATR = 33
"""Bytes, by ISO/IEC 7816-3."""

_STORAGE_CARD = bytes.fromhex("3B8F8001804F0CA000000306")
_STORAGE_CARD_LENGTH = 20
_DESFIRE = bytes.fromhex("3B8180018080")
_ISO_14443_4 = (0x3B, 0x80, 0x01)

_STANDARDS = {
    0x00: "",
    0x01: "ISO 14443 A part 1",
    0x02: "ISO 14443 A part 2",
    0x03: "ISO 14443 A part 3",
    0x05: "ISO 14443 B part 1",
    0x06: "ISO 14443 B part 2",
    0x07: "ISO 14443 B part 3",
    0x09: "ISO 15693 part 1",
    0x0A: "ISO 15693 part 2",
    0x0B: "ISO 15693 part 3",
    0x0C: "ISO 15693 part 4",
    0x11: "FeliCa",
}

_MIFARE_CLASSIC_1K = 0x0001
_MIFARE_CLASSIC_4K = 0x0002
_MIFARE_ULTRALIGHT = 0x0003
_MIFARE_MINI = 0x0026
_FELICA = 0x003B

_CARD_NAMES = {
    _MIFARE_CLASSIC_1K: "MIFARE Classic 1K",
    _MIFARE_CLASSIC_4K: "MIFARE Classic 4K",
    _MIFARE_ULTRALIGHT: "MIFARE Ultralight",
    _MIFARE_MINI: "MIFARE Mini",
    _FELICA: "FeliCa",
}


@dataclass(frozen=True, slots=True)
class AtrReading:
    """The technology in words for engineers, and the kind of library card it may be, if the ATR hints at one."""

    technology: str
    kind_hint: CardKind | None = None


def storage_card_atr(standard: int, card_name: int) -> bytes:
    """Make the ATR a reader gives for a storage card: ``standard`` is its byte SS, ``card_name`` its 16 bits NN."""
    body = _STORAGE_CARD + bytes([standard]) + card_name.to_bytes(2, "big") + bytes(4)
    return body + bytes([reduce(xor, body[1:])])


def read_atr(atr: bytes) -> AtrReading:
    """Say what an ATR tells. Never fails: an ATR nobody knows is an unknown card without a hint.

    A MIFARE Classic hints at an EasyCard because that is the programme's student ID; an iPASS may
    be one too, so the account on record decides, never this.
    """
    if len(atr) == _STORAGE_CARD_LENGTH and atr.startswith(_STORAGE_CARD):
        return _read_storage_card(atr)
    if atr == _DESFIRE:
        return AtrReading("ISO 14443-4 without historical bytes, as MIFARE DESFire")
    if len(atr) in range(5, LONGEST_ATR + 1) and (atr[0], atr[2], atr[3]) == _ISO_14443_4:
        return AtrReading("ISO 14443-4")
    return AtrReading("unknown")


def _read_storage_card(atr: bytes) -> AtrReading:
    if reduce(xor, atr[1:]):
        return AtrReading("storage card with a wrong check byte")
    standard = _STANDARDS.get(atr[12], f"standard {atr[12]:02X}")
    name = int.from_bytes(atr[13:15], "big")
    card = _CARD_NAMES.get(name, f"storage card {name:04X}")
    hint = CardKind.EASYCARD if name in {_MIFARE_CLASSIC_1K, _MIFARE_CLASSIC_4K} else None
    return AtrReading(f"{card}, {standard}" if standard and standard != card else card, hint)


MIFARE_CLASSIC_1K_ATR = storage_card_atr(0x03, _MIFARE_CLASSIC_1K)
MIFARE_CLASSIC_4K_ATR = storage_card_atr(0x03, _MIFARE_CLASSIC_4K)
MIFARE_ULTRALIGHT_ATR = storage_card_atr(0x03, _MIFARE_ULTRALIGHT)
MIFARE_MINI_ATR = storage_card_atr(0x03, _MIFARE_MINI)
FELICA_ATR = storage_card_atr(0x11, _FELICA)
UNNAMED_TYPE_A_ATR = storage_card_atr(0x03, 0x0000)
