"""How much a kiosk may lend while it can't hear the registry. Pure; the table stands in ``docs/sync-protocol.md``."""

from dataclasses import dataclass
from datetime import timedelta

from circulation.reasons import Decision, Reason


@dataclass(frozen=True, slots=True)
class Step:
    """Up to this age of the feed, so many items per patron and offline period; ``regulars_only``: patrons known at this branch."""

    up_to: timedelta
    items: int
    regulars_only: bool = False


@dataclass(frozen=True, slots=True)
class OfflineLimits:
    """The steps, youngest first. A feed not older than ``fresh`` limits nothing; one older than the last step ends all lending.

    ``most_unsent`` facts at most wait in the ledger when something is lent or renewed: returns need the room that is left, up to
    ``most_unsent_returns``. Up to ``renewals_up_to`` a loan is renewed once in an offline period.
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


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with the registry: ``age`` of the last complete, verified feed (none: never synced), facts not yet answered."""

    age: timedelta | None
    unsent: int = 0

    def is_fresh(self, limits: OfflineLimits) -> bool:
        """Whether the replica is as good as the registry itself. An age below zero is a clock that jumped back."""
        return self.age is not None and -limits.clock_tolerance <= self.age <= limits.fresh


def decide_offline(standing: Standing, limits: OfflineLimits, *, lent_in_period: int, regular_here: bool) -> Decision:
    """Decide whether one more item may be lent to a patron without the registry's ear.

    Args:
        standing: how old the feed is and what waits.
        limits: the library's settings.
        lent_in_period: items lent here to this patron since the last verified feed and not put back.
        regular_here: the registry's mark on the patron.

    """
    if standing.unsent >= limits.most_unsent:
        return Decision((Reason.OFFLINE_LIMIT_REACHED,))
    if standing.is_fresh(limits):
        return Decision()
    step = _step(standing, limits, regular_here=regular_here)
    if step is None:
        return Decision((Reason.OFFLINE_TOO_LONG,))
    return Decision((Reason.OFFLINE_LIMIT_REACHED,)) if lent_in_period >= step.items else Decision()


def decide_offline_renewal(standing: Standing, limits: OfflineLimits, *, renewed_in_period: bool) -> Decision:
    """Decide whether a loan may be renewed without the registry's ear.

    Args:
        standing: how old the feed is and what waits.
        limits: the library's settings.
        renewed_in_period: whether this loan was renewed here since the last verified feed.

    """
    if standing.unsent >= limits.most_unsent:
        return Decision((Reason.OFFLINE_LIMIT_REACHED,))
    if standing.is_fresh(limits):
        return Decision()
    age = standing.age
    if age is None or not -limits.clock_tolerance <= age <= limits.renewals_up_to:
        return Decision((Reason.OFFLINE_TOO_LONG,))
    return Decision((Reason.OFFLINE_LIMIT_REACHED,)) if renewed_in_period else Decision()


def takes_returns(standing: Standing, limits: OfflineLimits) -> bool:
    """Whether there is room to write one more return down. Nothing else ever speaks against one, however old the feed is."""
    return standing.unsent < limits.most_unsent_returns


def left_offline(standing: Standing, limits: OfflineLimits, *, lent_in_period: int, regular_here: bool) -> int | None:
    """How many more items ``decide_offline`` would let pass, with the same arguments; none: as many as the rules allow."""
    if standing.unsent >= limits.most_unsent:
        return 0
    if standing.is_fresh(limits):
        return None
    step = _step(standing, limits, regular_here=regular_here)
    return 0 if step is None else max(0, step.items - lent_in_period)


def _step(standing: Standing, limits: OfflineLimits, *, regular_here: bool) -> Step | None:
    """The step that a feed's age allows this patron; none: the feed is too old, or the clock tells nothing."""
    age = standing.age
    if age is None or age < -limits.clock_tolerance:
        return None
    step = next((step for step in limits.steps if age <= step.up_to), None)
    return None if step is not None and step.regulars_only and not regular_here else step
