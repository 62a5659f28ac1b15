"""When a line that has begun will not end any more. Pure; nanoseconds of the monotonic clock."""

from dataclasses import dataclass
from typing import Protocol

from drivers.scan_lines import LineReading

_MS = 1_000_000


@dataclass(frozen=True, slots=True)
class FrameLimits:
    """A line is over after so much ``silence``, and when it has gone on for ``longest``, whatever still comes."""

    silence: int = 500 * _MS
    longest: int = 10_000 * _MS


class BegunLine(Protocol):
    """A line that is being collected."""

    @property
    def is_begun(self) -> bool:
        """Whether it has begun and has not ended."""

    def give_up(self) -> LineReading | None:
        """Throw away what has begun: nothing more of it comes."""

    def swallow(self) -> LineReading | None:
        """Throw away what has begun and what still comes of it: its end alone would be another code."""


class FrameClock:
    """The times of one sender's line."""

    def __init__(self, limits: FrameLimits | None = None) -> None:
        self._limits = limits or FrameLimits()
        self._silent_at: int | None = None
        self._too_long_at: int | None = None

    @property
    def deadline(self) -> int | None:
        """When to look at the line that has begun; none where none has."""
        return min((at for at in (self._silent_at, self._too_long_at) if at is not None), default=None)

    def heard(self, at: int, *, is_begun: bool) -> None:
        """Something came, and left a line begun or not."""
        if not is_begun:
            self._silent_at = self._too_long_at = None
            return
        if self._silent_at is None:
            self._too_long_at = at + self._limits.longest
        self._silent_at = at + self._limits.silence

    def cut(self, line: BegunLine, *, at: int) -> LineReading | None:
        """What is to be said of a line whose time is over at ``at``; none while it may still end."""
        if self._silent_at is not None and at >= self._silent_at:
            self._silent_at = self._too_long_at = None
            return line.give_up()
        if self._too_long_at is not None and at >= self._too_long_at:
            self._too_long_at = None
            return line.swallow()
        return None
