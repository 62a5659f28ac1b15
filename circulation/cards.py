"""Cards: the UID a reader reads, the kinds a library account may hold, and how systems write a UID.

Sources: ISO/IEC 14443-3 (UID lengths, random UIDs); the number forms are those that readers and
school systems in Taiwan write (the table stands in ``tests/unit/circulation/test_cards.py``).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, unique

UID_LENGTHS = frozenset({4, 7, 8, 10})
"""Bytes: 4, 7 and 10 are ISO/IEC 14443-3 type A, 8 is a FeliCa IDm."""

_RANDOM_UID_FIRST_BYTE = 0x08


class CardUidError(ValueError):
    """The bytes or the text are not the UID of a card."""


@unique
class CardKind(StrEnum):
    """The kinds of library card; an account holds at most one of each (Q9-b)."""

    EASYCARD = "easycard"
    IPASS = "ipass"
    BARCODE = "barcode"
    CHIP = "chip"


@unique
class CardState(StrEnum):
    """What a card may do. A replaced card has no state: its number is no longer on record (Q6-4)."""

    ACTIVE = "active"
    LOST = "lost"


@unique
class NumberForm(StrEnum):
    """How a system writes a UID. ``LOW24_*`` forms keep three bytes only: 256 cards share a value."""

    HEX = "hex"
    HEX_REVERSED = "hex_reversed"
    DECIMAL_LITTLE = "decimal_little"
    DECIMAL_BIG = "decimal_big"
    LOW24_LITTLE = "low24_little"
    WIEGAND_LITTLE = "wiegand_little"
    WIEGAND_BIG = "wiegand_big"

    @property
    def links_one_card(self) -> bool:
        """Whether a number in this form may link a card without a person looking at it."""
        return self not in {NumberForm.LOW24_LITTLE, NumberForm.WIEGAND_LITTLE, NumberForm.WIEGAND_BIG}


@dataclass(frozen=True, slots=True)
class CardUid:
    """The identifier a card gives in anticollision, first byte first. An identifier, never a secret.

    Raises:
        CardUidError: the length is none of 4, 7, 8, 10 bytes.

    """

    octets: bytes

    def __post_init__(self) -> None:
        """Refuse what no card can answer."""
        if len(self.octets) not in UID_LENGTHS:
            message = f"a card UID has 4, 7, 8 or 10 bytes, this one has {len(self.octets)}"
            raise CardUidError(message)

    @classmethod
    def from_hex(cls, text: str) -> "CardUid":
        """Read ``04A32B1C``, ``04:a3:2b:1c`` or ``04 A3 2B 1C``.

        Raises:
            CardUidError: the text is not hexadecimal or has another length.

        """
        digits = text.strip().replace(":", "").replace(" ", "").replace("-", "")
        try:
            octets = bytes.fromhex(digits)
        except ValueError:
            message = f"{text!r} is not a card UID: write it in hexadecimal, such as 04A32B1C"
            raise CardUidError(message) from None
        return cls(octets)

    @property
    def hex(self) -> str:
        """The canonical form: upper-case hexadecimal, first byte first."""
        return self.octets.hex().upper()

    @property
    def is_random(self) -> bool:
        """Whether the card makes a new UID for every tap (ISO/IEC 14443-3: 4 bytes, the first is 08)."""
        return len(self.octets) == 4 and self.octets[0] == _RANDOM_UID_FIRST_BYTE  # noqa: PLR2004 - the standard's number

    @property
    def is_blank(self) -> bool:
        """Whether all bytes are 00 or FF: a faulty card or reader, never somebody's card."""
        return set(self.octets) in ({0x00}, {0xFF})

    @property
    def names_a_card(self) -> bool:
        """Whether this UID may be looked up or enrolled."""
        return not (self.is_random or self.is_blank)

    def written_as(self, form: NumberForm) -> str:
        """Write the UID as another system would, with its leading zeros."""
        little = int.from_bytes(self.octets, "little")
        big = int.from_bytes(self.octets, "big")
        match form:
            case NumberForm.HEX:
                return self.hex
            case NumberForm.HEX_REVERSED:
                return self.octets[::-1].hex().upper()
            case NumberForm.DECIMAL_LITTLE:
                return f"{little:010d}"
            case NumberForm.DECIMAL_BIG:
                return f"{big:010d}"
            case NumberForm.LOW24_LITTLE:
                return f"{little & 0xFFFFFF:08d}"
            case NumberForm.WIEGAND_LITTLE:
                return _three_plus_five(little)
            case NumberForm.WIEGAND_BIG:  # pragma: no branch - the last form there is, mypy sees to it
                return _three_plus_five(big)


def _three_plus_five(number: int) -> str:
    return f"{number >> 16 & 0xFF:03d},{number & 0xFFFF:05d}"


def forms_matching(uid: CardUid, written: str) -> tuple[NumberForm, ...]:
    """Name every form in which ``written`` may stand for ``uid``; leading zeros may be missing.

    This is the calibration of a source: tap a card, type the number on file, see which forms fit.
    """

    def matching() -> Iterator[NumberForm]:
        given = _without_leading_zeros(written)
        for form in NumberForm:
            if _without_leading_zeros(uid.written_as(form)) == given:
                yield form

    return tuple(matching())


def plain_number(written: str) -> str:
    """Bring a number as people and systems type it into one spelling: half-width capitals, without blanks, colons and hyphens."""
    return re.sub(r"[:\-\s]", "", unicodedata.normalize("NFKC", written)).upper()


def _without_leading_zeros(written: str) -> str:
    return ",".join(part.lstrip("0") or "0" for part in plain_number(written).split(","))
