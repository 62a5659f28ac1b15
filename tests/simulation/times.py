"""Virtual time: one scheduler for the whole world, and a clock for every machine in it. Nothing sleeps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from uuid import UUID

BEGINS = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
"""Half past eight on a Monday in Taipei."""
RIGHT = timedelta(minutes=5)
"""A clock that is off by no more than that is right: the kiosk's own bound for doubt."""


class Scheduler:
    """What happens when. Of two things at the same instant the one that was asked for first comes first."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.events = 0
        self._order = count()
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []

    def now(self) -> datetime:
        """True time, which is the registry's."""
        return BEGINS + timedelta(seconds=self.seconds)

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Have something done so many seconds from now."""
        heappush(self._waiting, (self.seconds + max(0.0, seconds), next(self._order), act))

    def run_until(self, seconds: float) -> None:
        """Do everything that is due until an instant, in order."""
        while self._waiting and self._waiting[0][0] <= seconds:
            at, _, act = heappop(self._waiting)
            self.seconds = max(self.seconds, at)
            self.events += 1
            act()
        self.seconds = max(self.seconds, seconds)


@dataclass
class MachineClock:
    """A kiosk's clock: its wall time may be wrong by any amount, its monotonic time counts from its last boot."""

    scheduler: Scheduler
    wrong_by: timedelta = timedelta()
    booted: float = -1000.0
    boots: int = 0
    last_right: float = 0.0
    """The world's second at which it was last seen to be right: at a change, before or after it."""

    def was_right_after(self, seconds: float) -> bool:
        """Whether it was right at any instant after this second of the world, or is."""
        return self.last_right > seconds or abs(self.wrong_by) <= RIGHT

    def put(self, wrong_by: timedelta) -> None:
        """Let it be wrong by so much from now on."""
        if min(abs(self.wrong_by), abs(wrong_by)) <= RIGHT:
            self.last_right = self.scheduler.seconds
        self.wrong_by = wrong_by

    def now(self) -> datetime:
        return self.scheduler.now() + self.wrong_by

    def monotonic(self) -> float:
        return self.scheduler.seconds - self.booted

    def boot_id(self) -> str:
        return f"boot-{self.boots}"

    def boot(self) -> None:
        """Begin a new boot: monotonic time starts over."""
        self.booted = self.scheduler.seconds - 10.0
        self.boots += 1


class SeededKeys:
    """Keys of one machine, from the world's seed: UUIDv7 by a machine's own time, epochs, correlations."""

    def __init__(self, chance: Random, now: Callable[[], datetime]) -> None:
        self._chance = chance
        self._now = now

    def new_key(self) -> UUID:
        milliseconds = int(self._now().timestamp() * 1000)
        bits = self._chance.getrandbits(74)
        return UUID(int=(milliseconds << 80) | (7 << 76) | ((bits >> 62) << 64) | (2 << 62) | (bits & ((1 << 62) - 1)))

    def new_epoch(self) -> UUID:
        return UUID(int=self._chance.getrandbits(128), version=4)

    def new_correlation(self) -> str:
        return f"{self._chance.getrandbits(32):08x}"
