"""Bytes that were sent to an ESC/POS printer become what they ask for: the printer's side, for a virtual one. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from drivers.escpos_status import PAPER_IN_ORDER, Query
from drivers.ports import Raster

_LONGEST_PICTURE = 1 << 20
"""Bytes of one picture command; a sender that announces more is not listened to any further."""
_RASTER = b"\x1dv0"
_RASTER_HEAD = 8
_FEED = b"\x1bd"
_CUT = b"\x1dV"
_REAL_TIME = b"\x10\x04"
_REAL_TIME_QUESTION = re.compile(rb"\x10\x04([\x01-\x04])", re.DOTALL)
_INIT = b"\x1b@"
_HEADS = (_INIT, _FEED, _CUT, PAPER_IN_ORDER, _REAL_TIME, _RASTER)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about the printer; without a ``query`` the one that is answered in its order."""

    query: Query | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """Rows of dots."""

    picture: Raster


@dataclass(frozen=True, slots=True)
class Cut:
    """The slip is off."""


class UnreadableCommandError(ValueError):
    """What came is nothing that our own driver sends."""


class EscposReader:
    """Collects the bytes of one sender. Knows the commands that a picture slip needs, and no others."""

    def __init__(self) -> None:
        self._begun = b""
        self._last = b""

    def feed(self, part: bytes) -> Iterator[Asked | Printed | Cut]:
        """Take what has come and give each command that is complete with it; real-time questions first, wherever they stand.

        Raises:
            UnreadableCommandError: something else came.

        """
        heard = self._last + part
        self._last = heard[-(len(_REAL_TIME)) :]
        yield from (Asked(Query(found[1][0])) for found in _REAL_TIME_QUESTION.finditer(heard))
        self._begun += part
        while self._begun:
            length, found = _first(self._begun)
            if length == 0:
                return
            self._begun = self._begun[length:]
            if found is not None:
                yield found


def _first(begun: bytes) -> tuple[int, Asked | Printed | Cut | None]:
    """How long the first command is, 0 when it is not whole yet, and what it asks for."""
    if begun[0] == 0:
        return 1, None
    if begun.startswith(_INIT):
        return 2, None
    if begun.startswith(_FEED):
        return (3, None) if len(begun) > len(_FEED) else (0, None)
    if begun.startswith(_CUT):
        return (3, Cut()) if len(begun) > len(_CUT) else (0, None)
    if begun.startswith(PAPER_IN_ORDER):
        return 3, Asked()
    if begun.startswith(_REAL_TIME) and len(begun) > len(_REAL_TIME):
        return 3, None
    if begun.startswith(_RASTER):
        return _picture(begun)
    if any(known.startswith(begun) for known in _HEADS):
        return 0, None
    if broken := next(
        (end for end in (1, 2) if begun[end : end + 1] == b"\0" and any(known.startswith(begun[:end]) for known in _HEADS)), 0
    ):
        return broken, None  # a sender that was broken off, and the zeros that come before its next slip
    message = f"no command begins with {begun[:3].hex(' ')}"
    raise UnreadableCommandError(message)


def _picture(begun: bytes) -> tuple[int, Printed | None]:
    if len(begun) < _RASTER_HEAD:
        return 0, None
    across, rows = int.from_bytes(begun[4:6], "little"), int.from_bytes(begun[6:8], "little")
    if across * rows == 0:
        return _RASTER_HEAD, None
    if across * rows > _LONGEST_PICTURE:
        message = f"a picture of {across} bytes by {rows} rows"
        raise UnreadableCommandError(message)
    end = _RASTER_HEAD + across * rows
    return (end, Printed(Raster(across * 8, begun[_RASTER_HEAD:end]))) if len(begun) >= end else (0, None)
