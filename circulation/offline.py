"""How much a kiosk may do by itself while it can't hear the registry: the library's settings. The table stands in ``docs/sync-protocol.md``."""

from dataclasses import dataclass
from datetime import timedelta

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Step:
    """Up to this age of the feed, so many items per patron and offline period; ``regulars_only``: patrons known at this branch."""

    up_to: timedelta
    items: int
    regulars_only: bool = False


@dataclass(frozen=True, slots=True)
class OfflineLimits:
    """The limits of one kiosk; what stands here holds where the registry never said anything.

    A feed not older than ``fresh`` limits nothing; one older than the last of ``steps`` (youngest first) ends all lending. Up to
    ``renewals_up_to`` a loan is renewed once in an offline period. While the feed is not fresh, ``patron_per_hour`` items at most are
    lent to one patron in any hour, ``kiosk_per_hour`` to all together; none: no such limit.

    ``most_unsent`` facts at most wait in the ledger, and ``disk_for_loans`` bytes at least are free, when something is lent or
    renewed, however fresh the feed is: returns need the room that is left, up to ``most_unsent_returns`` and ``disk_for_returns``.

    A wall clock that jumps by more than ``clock_tolerance`` is in doubt; after ``clock_doubt`` of it nothing is lent.
    """

    fresh: timedelta = timedelta(minutes=15)
    steps: tuple[Step, ...] = (
        Step(timedelta(hours=24), 5),
        Step(timedelta(hours=72), 3),
        Step(timedelta(days=7), 2, regulars_only=True),
    )
    clock_tolerance: timedelta = timedelta(minutes=5)
    most_unsent: int = 5_000
    most_unsent_returns: int = 10_000
    renewals_up_to: timedelta = timedelta(hours=24)
    patron_per_hour: int | None = None
    kiosk_per_hour: int | None = None
    disk_for_loans: int = 256 * MIB
    disk_for_returns: int = 32 * MIB
    clock_doubt: timedelta = timedelta(hours=24)
