"""What a new school year begins with: decided from the one before, without touching anything.

Nothing expires (R19): no card, no account, no record changes. What is carried over is which branch looks after which school;
consents are given for one year and are not carried over (Q4-d).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from registry.schools.deadlines import Deadline
from registry.schools.school_years import Semester, first_day
from registry.schools.store import SchoolYear

CARRIED = "carried over from {school_year}"


@dataclass(frozen=True, slots=True)
class LastYear:
    """The school year before, in numbers: pupils on record, and those whose record is still incomplete."""

    pupils: int
    incomplete: int


@dataclass(frozen=True, slots=True)
class Rollover:
    """What a new school year begins with.

    ``carried`` are the assignments taken over as they were; ``already`` schools have been given one for the new year, ``moved``
    of them with another branch than before. ``deadlines_needed`` are the semesters that have none.
    """

    school_year: int
    carried: tuple[SchoolYear, ...]
    already: int
    moved: int
    deadlines_needed: tuple[Semester, ...]
    last: LastYear

    def counts(self) -> dict[str, int]:
        """All numbers by stable names."""
        return {
            "carried": len(self.carried),
            "already": self.already,
            "moved": self.moved,
            "deadlines_needed": len(self.deadlines_needed),
            "pupils": self.last.pupils,
            "incomplete": self.last.incomplete,
        }


def decide_rollover(
    *, school_year: int, before: Mapping[str, SchoolYear], now: Mapping[str, SchoolYear], deadlines: Collection[Deadline], last: LastYear
) -> Rollover:
    """What the school year begins with. ``before`` is what was last said of each school up to the year before, ``now`` what this year says."""
    carried = tuple(
        replace(said, school_year=school_year, since=first_day(school_year), source=CARRIED.format(school_year=said.school_year))
        for code, said in sorted(before.items())
        if code not in now
    )
    moved = sum(code in before and before[code].branch != said.branch for code, said in now.items())
    have = {one.semester for one in deadlines if one.school_year == school_year}
    return Rollover(school_year, carried, len(now), moved, tuple(one for one in Semester if one not in have), last)
