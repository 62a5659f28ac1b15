"""Library rules as effective-dated data: limits and days per class and kind, each with where it comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from circulation.items import ItemKind
from circulation.patrons import PatronClass


@dataclass(frozen=True, slots=True)
class OverdueRules:
    """What late returns cost one class of patron (FAQ 2011, reviewed 2016).

    The days late of all items are summed; a suspension of so many calendar days, ``longest_days`` at most, starts when the
    last overdue item is back. Or the patron pays ``rate`` (whole NT$) for each item and day. With ``closed_days_count``
    off, only days on which the branch was open count as late.
    """

    longest_days: int
    rate: int
    closed_days_count: bool = True


@dataclass(frozen=True, slots=True)
class HoldRules:
    """The hold terms of one class of patron (current site, FAQ 2016).

    ``limit`` holds at once, waiting and ready ones together. A ready one is kept ``keep_open_days`` open days; one that nobody
    fetched gives ``no_show_points``. More than ``points_that_stop`` points of the last ``window_days`` days stop holds for
    ``stop_days`` calendar days.
    """

    limit: int
    keep_open_days: int
    no_show_points: int
    points_that_stop: int
    window_days: int
    stop_days: int


@dataclass(frozen=True, slots=True)
class LoanRules:
    """The rules of one class of patron. Days are calendar days; limits count items on loan at once.

    ``total`` is the limit of ordinary items; a kind in ``extra`` has a limit of its own beside it
    (25 items plus 7 hot titles plus 7 audio-visual ones). A loan is renewed ``renewals`` times at most;
    a kind without ``renewal_days`` never is. Without ``overdue`` late returns cost nothing, and without ``holds`` none are
    placed: the library has not said.
    """

    total: int
    days: Mapping[ItemKind, int]
    extra: Mapping[ItemKind, int] = field(default_factory=dict)
    overdue_stops_loans: bool = True
    renewals: int = 0
    renewal_days: Mapping[ItemKind, int] = field(default_factory=dict)
    overdue: OverdueRules | None = None
    holds: HoldRules | None = None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of all classes from a local date on. ``version`` travels with every fact; ``source`` says who decided."""

    version: int
    effective_from: date
    source: str
    by_class: Mapping[PatronClass, LoanRules]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rule sets ever in force."""

    sets: tuple[RuleSet, ...]

    @classmethod
    def of(cls, sets: Iterable[RuleSet]) -> "RuleBook":
        """Put the sets in the order of their effect; of two from one day the higher version holds."""
        return cls(tuple(sorted(sets, key=lambda s: (s.effective_from, s.version))))

    def on(self, day: date) -> RuleSet | None:
        """The set in force on a local date; none before the first one."""
        in_force = [s for s in self.sets if s.effective_from <= day]
        return in_force[-1] if in_force else None
