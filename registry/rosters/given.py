"""Rows that have been read, and are given to the pipeline."""

from dataclasses import dataclass
from datetime import date

from registry.rosters.headings import RosterKind
from registry.rosters.rows import NotConsented, RosterRow

_REPUBLIC_BEGINS = 1911


def ages_counted_at(school_year: int) -> date:
    """The first of September of a school year, given in years of the Republic."""
    return date(school_year + _REPUBLIC_BEGINS, 9, 1)


@dataclass(frozen=True, slots=True)
class GivenRows:
    """Rows of one kind for one school year (of the Republic), and how many more came with them that can't be taken."""

    kind: RosterKind
    school_year: int
    rows: tuple[RosterRow, ...]
    not_consented: tuple[NotConsented, ...] = ()
    refused: int = 0
    repeated: int = 0
    warnings: int = 0

    @property
    def count(self) -> int:
        """All rows that came."""
        return len(self.rows) + len(self.not_consented) + self.refused + self.repeated
