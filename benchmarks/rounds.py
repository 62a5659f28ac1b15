"""Ways to do a thing, measured in turn: ABAB…, so that whatever else the machine does falls on all."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.figures import Samples


@dataclass(frozen=True, slots=True)
class Count:
    """How often: so many rounds of so many samples, after ``warm_up`` samples of each that are thrown away."""

    rounds: int
    samples: int
    warm_up: int = 0


def timed(act: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def in_turn(count: Count, *sides: Callable[[], float]) -> tuple[Samples, ...]:
    """Take samples of all sides; each callable does its thing once and says how many seconds the measured part took."""
    for _ in range(count.warm_up):
        for side in sides:
            side()
    taken: tuple[list[tuple[float, ...]], ...] = tuple([] for _ in sides)
    for _ in range(count.rounds):
        for side, rounds in zip(sides, taken, strict=True):
            gc.collect()  # what one side left behind is not the other's to clear away
            rounds.append(tuple(side() for _ in range(count.samples)))
    return tuple(Samples(tuple(rounds)) for rounds in taken)


def in_bursts(rounds: int, *sides: Callable[[], tuple[float, ...]]) -> tuple[Samples, ...]:
    """As ``in_turn``, for what takes its samples a round at once; the first round of each is thrown away."""
    taken: tuple[list[tuple[float, ...]], ...] = tuple([] for _ in sides)
    for _ in range(rounds + 1):
        for side, found in zip(sides, taken, strict=True):
            gc.collect()
            found.append(side())
    return tuple(Samples(tuple(found[1:])) for found in taken)
