"""Which encoding a file is in: a byte order mark, strict UTF-8, strict cp950, cp950 with the Windows ranges for own characters.

Never ``big5`` (it lacks 碁恒裏粧) and never ``big5hkscs`` (it gives other characters without a word).
Source of the ranges: the end-user-defined characters of Windows code page 950.
"""

import codecs
import hashlib
from dataclasses import dataclass
from enum import StrEnum, unique
from pathlib import Path

from registry.rosters.problems import FileFault, RosterFileError

_CHUNK = 1 << 16
_EUDC_ERRORS = "youyue.eudc"
_LOW_TRAIL = range(0x40, 0x7F)
_HIGH_TRAIL = range(0xA1, 0xFF)
_TRAILS = len(_LOW_TRAIL) + len(_HIGH_TRAIL)
_RANGES = ((0xFA, 0xFE, 0xE000), (0x8E, 0xA0, 0xE311), (0x81, 0x8D, 0xEEB8))
"""First and last lead byte, and the code point of the first character."""
_LAST_RANGE = (0xC6, 0xC8, 0xF6B1)
"""The same for the range that begins in the middle of a lead byte, at C6A1."""


@unique
class Encoding(StrEnum):
    """The encodings a roster may be in."""

    UTF_8_MARKED = "utf-8-sig"
    UTF_16 = "utf-16"
    UTF_8 = "utf-8"
    CP950 = "cp950"
    CP950_EUDC = "cp950+eudc"

    @property
    def codec(self) -> str:
        """The name of Python's codec."""
        return "cp950" if self is Encoding.CP950_EUDC else self.value

    @property
    def errors(self) -> str:
        """The name of the codec's error handler."""
        return _EUDC_ERRORS if self is Encoding.CP950_EUDC else "strict"


@dataclass(frozen=True, slots=True)
class FoundText:
    """A text file's encoding and the SHA-256 of its bytes."""

    encoding: Encoding
    sha256: bytes


def own_character(lead: int, trail: int) -> str | None:
    """The private use character that Windows maps an own character of cp950 to; none when the pair is no such."""
    if trail in _LOW_TRAIL:
        place = trail - _LOW_TRAIL.start
    elif trail in _HIGH_TRAIL:
        place = len(_LOW_TRAIL) + trail - _HIGH_TRAIL.start
    else:
        return None
    for first, last, point in _RANGES:
        if first <= lead <= last:
            return chr(point + (lead - first) * _TRAILS + place)
    first, last, point = _LAST_RANGE
    if first <= lead <= last and (lead > first or trail in _HIGH_TRAIL):
        return chr(point + (lead - first) * _TRAILS + place - len(_LOW_TRAIL))
    return None


def has_own_characters(text: str) -> bool:
    """Whether a text holds characters of the private use area: nobody but the sender knows what they look like."""
    return not text.isascii() and any("\ue000" <= character <= "\uf8ff" for character in text)


def _decode_own_character(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError) and error.start + 1 < len(error.object):
        character = own_character(error.object[error.start], error.object[error.start + 1])
        if character is not None:
            return character, error.start + 2
    raise error


codecs.register_error(_EUDC_ERRORS, _decode_own_character)


def find_encoding(path: Path) -> FoundText:
    """Read the whole file once, in pieces, and say which encoding it is in.

    Raises:
        RosterFileError: ``ENCODING`` with the line that is in none of them, ``BINARY`` when it is no text.
        OSError: it can't be read.

    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        beginning = file.read(_CHUNK)
        candidates = _candidates(beginning)
        marked = len(candidates) == 1
        decoders = {encoding: codecs.getincrementaldecoder(encoding.codec)(encoding.errors) for encoding in candidates}
        line = 1
        piece = beginning
        while True:
            digest.update(piece)
            if b"\0" in piece and Encoding.UTF_16 not in decoders:
                raise RosterFileError(FileFault.BINARY)
            for encoding, decoder in list(decoders.items()):
                try:
                    decoder.decode(piece, final=not piece)
                except UnicodeDecodeError as error:
                    del decoders[encoding]
                    if not decoders:
                        broken = line + error.object[: error.start].count(b"\n")
                        fault = FileFault.ENCODING
                        raise RosterFileError(fault, line=broken, encoding="UTF" if marked else "UTF-8, cp950") from None
            if not piece:
                break
            line += piece.count(b"\n")
            piece = file.read(_CHUNK)
    return FoundText(next(iter(decoders)), digest.digest())


def _candidates(beginning: bytes) -> tuple[Encoding, ...]:
    if beginning.startswith(codecs.BOM_UTF8):
        return (Encoding.UTF_8_MARKED,)
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return (Encoding.UTF_16,)
    return (Encoding.UTF_8, Encoding.CP950, Encoding.CP950_EUDC)
