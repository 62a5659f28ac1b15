"""Library rules as effective-dated data: limits and days per class and kind, each with where it comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from circulation.items import ItemKind
from circulation.patrons import PatronClass


@dataclass(frozen=True, slots=True)
class LoanRules:
    """The rules of one class of patron. Days are calendar days; limits count items on loan at once.

    ``total`` is the limit of ordinary items; a kind in ``extra`` has a limit of its own beside it
    (25 items plus 7 hot titles plus 7 audio-visual ones). A loan is renewed ``renewals`` times at most;
    a kind without ``renewal_days`` never is.
    """

    total: int
    days: Mapping[ItemKind, int]
    extra: Mapping[ItemKind, int] = field(default_factory=dict)
    overdue_stops_loans: bool = True
    renewals: int = 0
    renewal_days: Mapping[ItemKind, int] = field(default_factory=dict)


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
