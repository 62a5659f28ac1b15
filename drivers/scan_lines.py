"""Bytes from a scanner become barcodes: one a frame, with a cap on every frame. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_BARCODE = 256
"""Characters; the longest code of the field, a mobile card's QR code, has far fewer."""

_MOST_BYTES_A_CHARACTER = 4
_LONGEST_LINE = LONGEST_BARCODE * _MOST_BYTES_A_CHARACTER
FRAME_CHARACTERS = " \t\r\n\x02\x03"
"""Taken off both ends of a line: blanks, tabs, ends of lines, STX and ETX."""
_GROUP_SEPARATOR = "\x1d"
"""The one control character that a code may hold (GS1 general specifications)."""


@dataclass(frozen=True, slots=True)
class LineReading:
    """One line: a barcode without its frame, or why it was thrown away."""

    text: str = ""
    problem: str = ""


TOO_LONG = LineReading(problem=f"a line of over {LONGEST_BARCODE} characters was thrown away")
NEVER_ENDED = LineReading(problem="a line that did not end was thrown away")
_NO_TEXT = LineReading(problem="a line that is no text was thrown away")
_NO_PREFIX = LineReading(problem="a line without the prefix was thrown away")
_NO_SUFFIX = LineReading(problem="a line without the suffix was thrown away")


@dataclass(frozen=True, slots=True)
class FrameRules:
    """What stands around a barcode. Each byte of ``ends`` ends a frame; ``prefix`` and ``suffix`` must stand there and are taken off.

    Blanks, tabs, STX and ETX around the code are taken off in any case.
    """

    ends: bytes = b"\r\n"
    prefix: str = ""
    suffix: str = ""

    def unframed(self, line: str) -> LineReading | None:
        """The code of a line without its end; none for an empty line."""
        text = line.strip(FRAME_CHARACTERS)
        if not text:
            return None
        if not text.startswith(self.prefix):
            return _NO_PREFIX
        text = text.removeprefix(self.prefix)
        if not text.endswith(self.suffix):
            return _NO_SUFFIX
        text = text.removesuffix(self.suffix).strip(FRAME_CHARACTERS)
        if len(text) > LONGEST_BARCODE:
            return TOO_LONG
        if not text.replace(_GROUP_SEPARATOR, "").isprintable():
            return _NO_TEXT
        return LineReading(text) if text else None


class ScanLines:
    """Collects the bytes of one sender. Holds 1 KiB at most, however long a line is."""

    def __init__(self, rules: FrameRules | None = None) -> None:
        self._rules = rules or FrameRules()
        self._end = re.compile(b"[" + re.escape(self._rules.ends) + b"]")
        self._begun = b""
        self._overlong = False
        self._swallowing = False

    @property
    def is_begun(self) -> bool:
        """Whether a line has begun that has not ended."""
        return self._overlong or self._swallowing or bool(self._begun)

    def feed(self, part: bytes) -> Iterator[LineReading]:
        """Take what has come and give each line that is complete with it. Empty lines are none."""
        *ended, begun = self._end.split(self._begun + part)
        for line in ended:
            reading = None if self._swallowing else TOO_LONG if self._overlong or len(line) > _LONGEST_LINE else self._read(line)
            self._swallowing = self._overlong = False
            if reading is not None:
                yield reading
        self._overlong = self._overlong or len(begun) > _LONGEST_LINE
        self._begun = b"" if self._overlong or self._swallowing else begun

    def give_up(self) -> LineReading | None:
        """Throw away what has begun: nothing more of it comes. None where there is nothing to say of it."""
        said = NEVER_ENDED if self.is_begun and not self._swallowing else None
        self._begun, self._overlong, self._swallowing = b"", False, False
        return said

    def swallow(self) -> LineReading | None:
        """Throw away what has begun and what still comes of it: its end alone would be another code."""
        said = self.give_up()
        self._swallowing = True
        return said

    def _read(self, line: bytes) -> LineReading | None:
        try:
            return self._rules.unframed(line.decode("utf-8"))
        except UnicodeDecodeError:
            return _NO_TEXT
