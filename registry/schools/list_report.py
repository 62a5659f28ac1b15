"""What people read of a list of schools that can't be taken whole: a line for each problem and language."""

from collections.abc import Iterator, Sequence

from registry.schools.school_list import SchoolList
from texts.catalogue import Catalogue


def list_problem_lines(read: SchoolList, catalogues: Sequence[Catalogue]) -> Iterator[str]:
    """Every bad row, with its column and the reason."""
    for bad in read.bad:
        for problem in bad.problems:
            for catalogue in catalogues:
                reason = catalogue.say(f"roster.problem.{problem.code}", other=problem.other_row)
                key = "roster.line.value" if problem.shown else "roster.line"
                yield catalogue.say(key, row=bad.number, column=problem.column, reason=reason, value=problem.shown)
