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


@dataclass(frozen=True, slots=True)
class Samples:
    """Seconds, in the rounds they were taken in."""

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
        ordered = sorted(self.pooled)
        return ordered[math.ceil(0.99 * len(ordered)) - 1]

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
    """What must hold, all of it. ``times``: at most so many times the limit, compared ``by`` median or p99. ``p99``, ``median``: seconds at most."""

    times: float | None = None
    by: Literal["median", "p99"] = "median"
    p99: float | None = None
    median: float | None = None

    def __str__(self) -> str:
        parts = []
        if self.times is not None:
            parts.append(f"{'p99 ' if self.by == 'p99' else ''}≤ {self.times:g} ×")
        if self.median is not None:
            parts.append(f"≤ {spoken(self.median)}")
        if self.p99 is not None:
            parts.append(f"p99 ≤ {spoken(self.p99)}")
        return ", ".join(parts)


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
        if goal.p99 is not None and self.ours.p99 > goal.p99:
            return Verdict.NOT_MET
        return Verdict.MET


def spoken(seconds: float) -> str:
    """Seconds as a person reads them."""
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
        spoken(measure.ours.median),
        _p99(measure.ours),
        "" if limit is None else spoken(limit.median),
        "" if limit is None else _p99(limit),
        "" if measure.ratio is None else f"{measure.ratio:.2f} ×",
        "" if measure.goal is None else str(measure.goal),
        str(measure.verdict),
    )


def _p99(samples: Samples) -> str:
    return spoken(samples.p99) + ("*" if samples.p99_is_slowest else "")
