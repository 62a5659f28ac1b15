"""Rows as they arrive, however they come: with where they come from and what was said of consent."""

from collections import Counter
from dataclasses import dataclass, field

from registry.rosters.given import GivenRows
from registry.rosters.rows import BureauRow
from registry.rosters.store_batches import Channel


@dataclass(frozen=True, slots=True)
class ConsentDeclaration:
    """Somebody's word that every row of a batch consented: on which form, and for whom (Q3-2b)."""

    form_version: str
    cohort: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Rows that came together.

    ``sha256`` is of the bytes they came in; ``sender`` is the Bureau or a school's code where somebody said so. ``names_consent``:
    there is a column or a declaration; without, nothing may be committed (Q3-2b).
    """

    given: GivenRows
    sha256: bytes = field(repr=False)
    names_consent: bool
    declaration: ConsentDeclaration | None = None
    sender: str | None = None
    channel: Channel = Channel.FILE

    @property
    def schools(self) -> dict[str, int]:
        """How many rows each school has."""
        return dict(Counter(row.school_code for row in self.given.rows if isinstance(row, BureauRow) and row.school_code is not None))
