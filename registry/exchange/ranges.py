"""Byte ranges (RFC 9110, section 14): a kiosk resumes a download where it broke off."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=(\d{0,20})-(\d{0,20})", re.ASCII)
"""No file has as many bytes as 21 digits say, and Python reads no number of some thousand digits."""


class RangeNotSatisfiableError(ValueError):
    """The range begins beyond the end."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes ``first`` to ``last``, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1


def read_range(header: str | None, size: int) -> ByteRange | None:
    """The range asked for; nothing means the whole: no range, several, or one that is not understood.

    Raises:
        RangeNotSatisfiableError: it begins beyond the end, or is empty.

    """
    match = _ONE_RANGE.fullmatch(header.strip()) if header is not None else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        wanted = min(int(last), size)
        found = ByteRange(size - wanted, size - 1)
    else:
        found = ByteRange(int(first), min(int(last), size - 1) if last else size - 1)
    if found.first >= size or (last and first and int(last) < int(first)) or found.length <= 0:
        message = f"the file has {size} bytes"
        raise RangeNotSatisfiableError(message)
    return found
