"""Figures out of samples: medians, 99th percentiles, ratios to the limit of the same run, goals met or not."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

_ENOUGH_FOR_P99 = 100


class Verdict(StrEnum):
    """What became of a goal."""

    MET = "met"
    NOT_MET = "not met"
    NO_GOAL = "–"


class Unit(StrEnum):
    """What samples count."""

    SECONDS = "s"
    BYTES = "B"


@dataclass(frozen=True, slots=True)
class Samples:
    """Seconds (or bytes), in the rounds they were taken in."""

    rounds: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        if not self.rounds or not all(self.rounds):
            message = "a measure needs at least one round, and every round a sample"
            raise ValueError(message)

    @property
    def pooled(self) -> tuple[float, ...]:
        return tuple(sample for taken in self.rounds for sample in taken)

    @property
    def median(self) -> float:
        return statistics.median(self.pooled)

    @property
    def p99(self) -> float:
        """The nearest rank: of fewer than a hundred samples the slowest, nothing is interpolated to look better."""
        return self.rank(0.99)

    def rank(self, share: float) -> float:
        """The sample below or at which so much of all samples are, by the nearest rank."""
        ordered = sorted(self.pooled)
        return ordered[math.ceil(share * len(ordered)) - 1]

    @property
    def p99_is_slowest(self) -> bool:
        return len(self.pooled) < _ENOUGH_FOR_P99


def ratio_of_medians(ours: Samples, limit: Samples) -> float:
    """The median over the rounds of each round's own ratio: a machine that slows down for a while slows both sides of a round."""
    pairs = zip(ours.rounds, limit.rounds, strict=True)
    return statistics.median(statistics.median(mine) / statistics.median(bare) for mine, bare in pairs)


def ratio_of_p99(ours: Samples, limit: Samples) -> float:
    return ours.p99 / limit.p99


@dataclass(frozen=True, slots=True)
class Goal:
    """What must hold, all of it. ``times``: at most so many times the limit, compared ``by`` median or p99. The others: at most, in the measure's unit."""

    times: float | None = None
    by: Literal["median", "p99"] = "median"
    p99: float | None = None
    median: float | None = None
    p95: float | None = None
    p99_9: float | None = None

    def spoken(self, unit: Unit = Unit.SECONDS) -> str:
        """As a person reads it."""
        parts = []
        if self.times is not None:
            parts.append(f"{'p99 ' if self.by == 'p99' else ''}≤ {self.times:g} ×")
        if self.median is not None:
            parts.append(f"≤ {spoken(self.median, unit)}")
        parts += [f"p{share * 100:g} ≤ {spoken(most, unit)}" for share, most in self.ranks()]
        return ", ".join(parts)

    def ranks(self) -> list[tuple[float, float]]:
        """What must hold of all but a few samples: the share of samples, and the most that they may be."""
        named = ((0.95, self.p95), (0.99, self.p99), (0.999, self.p99_9))
        return [(share, most) for share, most in named if most is not None]


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table. ``limit`` was taken in the same run, between the rounds of ``ours``."""

    id: str
    what: str
    ours: Samples
    limit: Samples | None = None
    limit_is: str = ""
    goal: Goal | None = None
    beside: dict[str, float] = field(default_factory=dict)
    """Further figures of the same run, in seconds unless the name says otherwise: no goal hangs on them."""
    unit: Unit = Unit.SECONDS

    @property
    def ratio(self) -> float | None:
        """Ours to the limit, by what the goal compares."""
        if self.limit is None:
            return None
        if self.goal is not None and self.goal.by == "p99":
            return ratio_of_p99(self.ours, self.limit)
        return ratio_of_medians(self.ours, self.limit)

    @property
    def verdict(self) -> Verdict:
        goal = self.goal
        if goal is None:
            return Verdict.NO_GOAL
        if goal.times is not None and (self.ratio is None or self.ratio > goal.times):
            return Verdict.NOT_MET
        if goal.median is not None and self.ours.median > goal.median:
            return Verdict.NOT_MET
        if any(self.ours.rank(share) > most for share, most in goal.ranks()):
            return Verdict.NOT_MET
        return Verdict.MET


def spoken(value: float, unit: Unit = Unit.SECONDS) -> str:
    """A figure as a person reads it."""
    return _spoken_bytes(value) if unit is Unit.BYTES else _spoken_seconds(value)


def _spoken_bytes(count: float) -> str:
    for size, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if abs(count) >= size:
            return f"{count / size:.3g} {name}"
    return f"{count:.3g} B"


def _spoken_seconds(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.3g} s"
    if seconds >= 0.001:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds * 1e6:.3g} µs"


def table(measures: Sequence[Measure]) -> str:
    """The measures as lines of text. A star marks a p99 that is the slowest of fewer than a hundred samples."""
    head = ("id", "what", "median", "p99", "limit's median", "limit's p99", "ratio", "goal", "")
    rows = [head, *(_row(measure) for measure in measures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def _row(measure: Measure) -> tuple[str, ...]:
    limit = measure.limit
    return (
        measure.id,
        measure.what,
        spoken(measure.ours.median, measure.unit),
        _p99(measure.ours, measure.unit),
        "" if limit is None else spoken(limit.median, measure.unit),
        "" if limit is None else _p99(limit, measure.unit),
        "" if measure.ratio is None else f"{measure.ratio:.2f} ×",
        "" if measure.goal is None else measure.goal.spoken(measure.unit),
        str(measure.verdict),
    )


def _p99(samples: Samples, unit: Unit) -> str:
    return spoken(samples.p99, unit) + ("*" if samples.p99_is_slowest else "")
