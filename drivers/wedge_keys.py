"""Keys from a scanner or reader that pretends to be a keyboard (a wedge) become barcodes. Pure.

Key codes are those of Linux (``linux/input-event-codes.h``), laid out as on a US keyboard: a scanner must be set to it.
"""

from dataclasses import dataclass

from drivers.scan_lines import LONGEST_BARCODE, NEVER_ENDED, TOO_LONG, FrameRules, LineReading

TAB = 15
ENTERS = frozenset({28, 96})
"""Enter, and that of the keypad."""

_MS = 1_000_000
_KEY_UP, _KEY_DOWN = 0, 1
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
_LOST = LineReading(problem="a line of which keys were lost was thrown away")
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
    ends: frozenset[int] = ENTERS | {TAB}
    """The keys that end a line."""


class WedgeKeys:
    """Collects the keys of one device. Make a new one when the device was opened again."""

    def __init__(self, timing: WedgeTiming | None = None, rules: FrameRules | None = None) -> None:
        self._timing = timing or WedgeTiming()
        self._rules = rules or FrameRules()
        self._held: set[int] = set()
        self._last_at: int | None = None
        self._begun = ""
        self._problem: LineReading | None = None
        self._swallowing = False

    @property
    def is_begun(self) -> bool:
        """Whether a line has begun that has not ended."""
        return self._swallowing or self._problem is not None or bool(self._begun)

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
        elif code in self._timing.ends:
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

    def lose(self) -> None:
        """Keys were lost on the way: what ends next is no whole code, and Shift may have been let go."""
        self._held.clear()
        self._problem = self._problem or _LOST

    def give_up(self) -> LineReading | None:
        """Throw away what has begun: nothing more of it comes. None where there is nothing to say of it."""
        said = NEVER_ENDED if self.is_begun and not self._swallowing else None
        self._begin_line()
        return said

    def swallow(self) -> LineReading | None:
        """Throw away what has begun and what still comes of it: its end alone would be another code."""
        said = self.give_up()
        self._swallowing = True
        return said

    def _end(self) -> LineReading | None:
        line, problem, swallowing = self._begun, self._problem, self._swallowing
        self._begin_line()
        if swallowing:
            return None
        reading = problem or self._rules.unframed(line)
        if reading is None or reading.problem:
            return reading
        return reading if len(reading.text) >= self._timing.fewest_characters else _TOO_SHORT

    def _begin_line(self) -> None:
        self._begun = ""
        self._problem = None
        self._swallowing = False
