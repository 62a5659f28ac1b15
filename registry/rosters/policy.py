"""What a library may set about rosters."""

from dataclasses import dataclass
from datetime import timedelta

from registry.rosters.headings import RosterKind


@dataclass(frozen=True, slots=True)
class RosterPolicy:
    """Settings with their defaults.

    Clean rows of the kinds in ``at_once`` are committed the moment they come through the Bureau's system; all others wait
    for a person. What waits longer than ``staged_kept`` is destroyed. A batch can be undone for ``undo_kept``. A batch that
    replaces ``more_replacements`` (a share) more cards than last year's of the same kind and sender, or lacks a school of
    which last year's had ``whole_school`` rows or more, needs a second person; below ``few_replacements`` nobody counts.
    """

    at_once: frozenset[RosterKind] = frozenset(RosterKind)
    staged_kept: timedelta = timedelta(days=14)
    undo_kept: timedelta = timedelta(days=30)
    more_replacements: float = 0.2
    few_replacements: int = 10
    whole_school: int = 5
