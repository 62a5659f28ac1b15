"""Rows that have been read, and are given to the pipeline."""

from dataclasses import dataclass

from registry.rosters.headings import RosterKind
from registry.rosters.rows import NotConsented, RosterRow


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
