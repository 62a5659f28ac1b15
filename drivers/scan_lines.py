"""Bytes from a scanner become barcodes: one a line, with a cap on every line. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_BARCODE = 256
"""Characters; the longest code of the field, a mobile card's QR code, has far fewer."""

_MOST_BYTES_A_CHARACTER = 4
_LONGEST_LINE = LONGEST_BARCODE * _MOST_BYTES_A_CHARACTER
_FRAME = " \t\r\x02\x03"
_GROUP_SEPARATOR = "\x1d"
"""The one control letter that a code may hold (GS1 general specifications)."""


@dataclass(frozen=True, slots=True)
class LineReading:
    """One line: a barcode without its frame (blanks, STX, ETX, end of line) and without control letters, or why it was thrown away."""

    text: str = ""
    problem: str = ""


TOO_LONG = LineReading(problem=f"a line of over {LONGEST_BARCODE} characters was thrown away")
_NO_TEXT = LineReading(problem="a line that is no text was thrown away")


class ScanLines:
    """Collects the bytes of one sender. Holds 1 KiB at most, however long a line is."""

    def __init__(self) -> None:
        self._begun = b""
        self._overlong = False

    def feed(self, part: bytes) -> Iterator[LineReading]:
        """Take what has come and give each line that is complete with it. A line that never ends is never given; empty lines are none."""
        *ended, begun = (self._begun + part).split(b"\n")
        for line in ended:
            reading = TOO_LONG if self._overlong or len(line) > _LONGEST_LINE else _read_line(line)
            self._overlong = False
            if reading.text or reading.problem:
                yield reading
        self._overlong = self._overlong or len(begun) > _LONGEST_LINE
        self._begun = b"" if self._overlong else begun


def _read_line(line: bytes) -> LineReading:
    try:
        text = line.decode("utf-8").strip(_FRAME)
    except UnicodeDecodeError:
        return _NO_TEXT
    if not text.replace(_GROUP_SEPARATOR, "").isprintable():
        return _NO_TEXT
    return TOO_LONG if len(text) > LONGEST_BARCODE else LineReading(text)
