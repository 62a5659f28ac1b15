"""Deadlines of contact data: what is late, and until when a row may wait for the Bureau's word (Q3-1a, R2, R4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from registry.schools.school_years import Semester, first_day


@dataclass(frozen=True, slots=True)
class Deadline:
    """When school begins in a semester of a school year, and the last local date on which contact data is in time.

    The programme says "within a month after the start of school" (開學後一個月內); which day that is, the library's own
    announcement says: ``source`` names it.
    """

    school_year: int
    semester: Semester
    begins: date
    last_day: date
    source: str


@dataclass(frozen=True, slots=True)
class Lateness:
    """A batch against its deadline. Without any deadline nobody can say whether it is ``late``."""

    semester: Semester | None = None
    last_day: date | None = None
    late: bool | None = None


def decide_lateness(*, received_on: date, deadlines: Collection[Deadline]) -> Lateness:
    """Which semester's deadline a batch is under, and whether it is late (R2). It is taken in any case.

    ``deadlines`` are those of the batch's school year. A batch belongs to the semester that has begun last; one that comes
    before school begins is early for the first.
    """
    if not deadlines:
        return Lateness()
    in_order = sorted(deadlines, key=lambda one: one.begins)
    begun = [one for one in in_order if one.begins <= received_on]
    mine = begun[-1] if begun else in_order[0]
    return Lateness(mine.semester, mine.last_day, received_on > mine.last_day)


def decide_waiting_deadline(*, school_year: int, deadlines: Collection[Deadline], today: date) -> date | None:
    """Rows of a school year that came on this day or before and still wait are handed back and erased today (R4).

    That is the last deadline that has passed: what came later waits for the next one. When the school year is over, nothing of
    it waits any longer than a day. None: nothing is due.
    """
    if today >= first_day(school_year + 1):
        return today - timedelta(days=1)
    return max((one.last_day for one in deadlines if one.school_year == school_year and one.last_day < today), default=None)
