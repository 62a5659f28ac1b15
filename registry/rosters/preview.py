"""What rows would change, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.cases.kinds import CaseKind
from registry.rosters.plan import Outcome


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would change, in numbers.

    The ``outcomes`` of all rows add up to ``rows``. ``completed`` patrons get all their contact data;
    ``cases`` are new questions, ``known_cases`` were asked before.
    """

    rows: int
    outcomes: Mapping[Outcome, int]
    cases: Mapping[CaseKind, int]
    known_cases: int
    completed: int
    warnings: int
    changes_nothing: bool = field(compare=False)

    def counts(self) -> dict[str, int]:
        """All numbers by stable names."""
        by_outcome = {str(outcome): self.outcomes.get(outcome, 0) for outcome in Outcome}
        return {"rows": self.rows, **by_outcome, "cases": self.cases_opened, "completed": self.completed, "warnings": self.warnings}

    @property
    def cases_opened(self) -> int:
        """How many cases would be opened."""
        return sum(self.cases.values())
