"""Whether a batch is unlike last year's, so that a second person must look before it is committed. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, unique

from registry.rosters.arrival import Arrival
from registry.rosters.plan import Outcome
from registry.rosters.policy import RosterPolicy
from registry.rosters.preview import Preview
from registry.rosters.store_batches import Batch, Channel


@unique
class UnusualReason(StrEnum):
    """What is unlike last year: stable codes, the sentences stand in the catalogue."""

    MORE_REPLACEMENTS = "more_replacements"
    SCHOOL_MISSING = "school_missing"


@dataclass(frozen=True, slots=True)
class Unusual:
    """One thing that is unlike last year. ``now`` and ``before`` are how many cards, or how many rows of the school ``what``."""

    reason: UnusualReason
    now: int
    before: int
    what: str = ""


def decide_unusual(
    arrival: Arrival, preview: Preview, *, last_year: Iterable[Batch], this_year: Iterable[Batch], policy: RosterPolicy
) -> list[Unusual]:
    """Everything that is unlike last year; nothing where there is no last year to compare with.

    Args:
        arrival: what came.
        preview: what it would change.
        last_year: what the same sender's batches of the same kind brought in the school year before.
        this_year: and in this one so far; a file may come in parts.
        policy: the library's thresholds.

    """
    before, so_far = list(last_year), list(this_year)
    if not before:
        return []
    found: list[Unusual] = []
    replaced = preview.outcomes.get(Outcome.REPLACED, 0) + _replaced(so_far)
    last = _replaced(before)
    if replaced > max(last * (1 + policy.more_replacements), policy.few_replacements):
        found.append(Unusual(UnusualReason.MORE_REPLACEMENTS, replaced, last))
    largest = max(before, key=lambda batch: sum(batch.schools.values()))
    here = Counter(arrival.schools)
    for batch in so_far:
        here.update(batch.schools)
    # The Bureau's system sends a few rows at a time: only a file can lack a school.
    if arrival.channel is Channel.FILE and arrival.schools:
        found += [
            Unusual(UnusualReason.SCHOOL_MISSING, 0, rows, school)
            for school, rows in sorted(largest.schools.items())
            if rows >= policy.whole_school and not here[school]
        ]
    return found


def _replaced(batches: Iterable[Batch]) -> int:
    return sum(batch.counts.get(Outcome.REPLACED, 0) for batch in batches)
