"""Keys from a scanner or reader that pretends to be a keyboard (a wedge) become barcodes. Pure.

Key codes are those of Linux (``linux/input-event-codes.h``), laid out as on a US keyboard: a scanner must be set to it.
"""

from dataclasses import dataclass

from drivers.scan_lines import LONGEST_BARCODE, TOO_LONG, LineReading

_MS = 1_000_000
_KEY_UP, _KEY_DOWN = 0, 1
_ENDS = frozenset({15, 28, 96})  # Tab, Enter, Enter of the keypad
_SHIFTS = frozenset({42, 54})
_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
    (71, "789-456+1230.", "789-456+1230."),
)
_PLAIN = {first + place: character for first, plain, _ in _ROWS for place, character in enumerate(plain)}
_SHIFTED = {first + place: character for first, _, shifted in _ROWS for place, character in enumerate(shifted)}

_TYPED = LineReading(problem="a line with the pauses of a person's typing was thrown away")
_TOO_SHORT = LineReading(problem="a line too short for a code was thrown away")
_UNKNOWN_KEY = LineReading(problem="a line with a key that stands for no character was thrown away")


@dataclass(frozen=True, slots=True)
class WedgeTiming:
    """How a scanner is told from a person, in nanoseconds and characters.

    Scanners leave 2 to 20 ms between keys and people about 150 ms. A line with one longer pause than ``longest_gap`` is thrown
    away whole, since its end alone would be another code. After ``new_line_after`` of silence a line begins afresh.
    """

    longest_gap: int = 50 * _MS
    new_line_after: int = 1000 * _MS
    fewest_characters: int = 4


class WedgeKeys:
    """Collects the keys of one device. Make a new one when the device was opened again."""

    def __init__(self, timing: WedgeTiming | None = None) -> None:
        self._timing = timing or WedgeTiming()
        self._held: set[int] = set()
        self._last_at: int | None = None
        self._begun = ""
        self._problem: LineReading | None = None

    def press(self, code: int, value: int, *, at: int) -> LineReading | None:
        """Take one ``EV_KEY`` event (``value`` 1 down, 0 up, 2 repeat) at ``at`` nanoseconds. Gives the line that it ends, if any.

        Repeats say nothing, and of releases only Shift's counts. Holds 256 characters at most. An empty line is none.
        """
        if code in _SHIFTS and value == _KEY_UP:
            self._held.discard(code)
        if value != _KEY_DOWN:
            return None
        self._mark_pause(at)
        if code in _SHIFTS:
            self._held.add(code)
        elif code in _ENDS:
            return self._end()
        else:
            self._add((_SHIFTED if self._held else _PLAIN).get(code))
        return None

    def _mark_pause(self, at: int) -> None:
        gap = 0 if self._last_at is None else at - self._last_at
        self._last_at = at
        if gap > self._timing.new_line_after:
            self._begin_line()
        elif gap > self._timing.longest_gap and self._begun:
            self._problem = self._problem or _TYPED

    def _add(self, character: str | None) -> None:
        if character is None:
            self._problem = self._problem or _UNKNOWN_KEY
        elif len(self._begun) == LONGEST_BARCODE:
            self._problem = self._problem or TOO_LONG
        else:
            self._begun += character

    def _end(self) -> LineReading | None:
        text, problem = self._begun.strip(), self._problem
        self._begin_line()
        if problem is not None:
            return problem
        if not text:
            return None
        return LineReading(text) if len(text) >= self._timing.fewest_characters else _TOO_SHORT

    def _begin_line(self) -> None:
        self._begun = ""
        self._problem = None
