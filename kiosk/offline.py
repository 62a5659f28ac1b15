"""What a kiosk may do while it can't hear the registry. Pure; the table stands in ``docs/sync-protocol.md``."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, unique

from circulation.offline import OfflineLimits, Step
from circulation.reasons import Decision, Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with the registry and the machine.

    ``age`` of the last complete, verified feed (none: never synced), facts not yet answered, free bytes on the ledger's disk (none:
    not known), how long the wall clock has been in doubt (none: it is not).
    """

    age: timedelta | None
    unsent: int = 0
    disk_free: int | None = None
    clock_doubted: timedelta | None = None

    def is_fresh(self, limits: OfflineLimits) -> bool:
        """Whether the replica is as good as the registry itself. An age below zero is a clock that jumped back."""
        return self.age is not None and -limits.clock_tolerance <= self.age <= limits.fresh


@dataclass(frozen=True, slots=True)
class Pace:
    """Items lent here within the last hour that the registry has not heard of: to the patron who is here, and to everybody."""

    patron: int = 0
    kiosk: int = 0


def decide_offline(standing: Standing, limits: OfflineLimits, *, lent_in_period: int, regular_here: bool, pace: Pace = Pace()) -> Decision:
    """Decide whether one more item may be lent to a patron without the registry's ear: every reason why not.

    Args:
        standing: how old the feed is, what waits, what the machine still can.
        limits: the library's settings.
        lent_in_period: items lent here to this patron since the last verified feed and not put back.
        regular_here: the registry's mark on the patron.
        pace: what was lent in the last hour.

    """
    return _decision(_against_loan(standing, limits, lent_in_period, regular_here=regular_here, pace=pace))


def decide_offline_renewal(standing: Standing, limits: OfflineLimits, *, renewed_in_period: bool) -> Decision:
    """Decide whether a loan may be renewed without the registry's ear.

    Args:
        standing: how old the feed is, what waits, what the machine still can.
        limits: the library's settings.
        renewed_in_period: whether this loan was renewed here since the last verified feed.

    """
    return _decision(_against_renewal(standing, limits, renewed_in_period=renewed_in_period))


def takes_returns(standing: Standing, limits: OfflineLimits) -> bool:
    """Whether there is room to write one more return down. Nothing else ever speaks against one, however old the feed is."""
    return standing.unsent < limits.most_unsent_returns and not _is_below(standing.disk_free, limits.disk_for_returns)


def left_offline(standing: Standing, limits: OfflineLimits, *, lent_in_period: int, regular_here: bool, pace: Pace = Pace()) -> int | None:
    """How many more items ``decide_offline`` would let pass, with the same arguments; none: as many as the rules allow."""
    if any(_stops(standing, limits)):
        return 0
    if standing.is_fresh(limits):
        return None
    step = _step(standing, limits, regular_here=regular_here)
    if step is None:
        return 0
    room = [step.items - lent_in_period, limits.most_unsent - standing.unsent]
    if limits.patron_per_hour is not None:
        room.append(limits.patron_per_hour - pace.patron)
    if limits.kiosk_per_hour is not None:
        room.append(limits.kiosk_per_hour - pace.kiosk)
    return max(0, min(room))


@unique
class Weight(StrEnum):
    """How much of the service is gone."""

    CALM = "calm"
    AMBER = "amber"
    """Little is lent, and the news is more than a day old."""
    RED = "red"
    """Only regulars borrow, or nobody does."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What everybody who stands here can still do. ``stopped``: why nothing at all is lent; then ``items`` is 0.

    ``items`` per patron and offline period, for ``regulars_only`` or for everybody; ``renews`` and ``returns``: whether that goes on.
    """

    weight: Weight
    items: int
    regulars_only: bool = False
    renews: bool = False
    returns: bool = True
    stopped: Reason | None = None


@dataclass(frozen=True, slots=True)
class Limited:
    """What the screens show of it. ``left``: items for the patron who is here by these limits, none: nobody is."""

    outlook: Outlook
    left: int | None = None


def outlook(standing: Standing, limits: OfflineLimits) -> Outlook | None:
    """What to tell everybody; none while nothing is limited."""
    stopped = next(_stops(standing, limits), None)
    step = _step(standing, limits, regular_here=True)
    if stopped is None and standing.is_fresh(limits):
        return None
    if stopped is None and step is None:
        stopped = Reason.OFFLINE_TOO_LONG
    if stopped is not None or step is None:
        return Outlook(Weight.RED, 0, returns=takes_returns(standing, limits), stopped=stopped)
    first = step == limits.steps[0]
    weight = Weight.RED if step.regulars_only else Weight.CALM if first else Weight.AMBER
    return Outlook(weight, step.items, step.regulars_only, renews=decide_offline_renewal(standing, limits, renewed_in_period=False).allowed)


def _decision(reasons: Iterator[Reason]) -> Decision:
    return Decision(tuple(dict.fromkeys(reasons)))


def _stops(standing: Standing, limits: OfflineLimits) -> Iterator[Reason]:
    """What ends lending and renewing for everybody, however fresh the feed is."""
    if standing.clock_doubted is not None and standing.clock_doubted >= limits.clock_doubt:
        yield Reason.KIOSK_CLOCK_DOUBTFUL
    if _is_below(standing.disk_free, limits.disk_for_loans):
        yield Reason.KIOSK_DISK_FULL
    if standing.unsent >= limits.most_unsent:
        yield Reason.KIOSK_OUTBOX_FULL


def _against_loan(standing: Standing, limits: OfflineLimits, lent_in_period: int, *, regular_here: bool, pace: Pace) -> Iterator[Reason]:
    yield from _stops(standing, limits)
    if standing.is_fresh(limits):
        return
    step = _step(standing, limits, regular_here=regular_here)
    if step is None:
        yield Reason.OFFLINE_TOO_LONG
    elif lent_in_period >= step.items:
        yield Reason.OFFLINE_LIMIT_REACHED
    if _is_reached(pace.patron, limits.patron_per_hour) or _is_reached(pace.kiosk, limits.kiosk_per_hour):
        yield Reason.OFFLINE_TOO_FAST


def _against_renewal(standing: Standing, limits: OfflineLimits, *, renewed_in_period: bool) -> Iterator[Reason]:
    yield from _stops(standing, limits)
    if standing.is_fresh(limits):
        return
    age = standing.age
    if age is None or not -limits.clock_tolerance <= age <= limits.renewals_up_to:
        yield Reason.OFFLINE_TOO_LONG
    elif renewed_in_period:
        yield Reason.OFFLINE_LIMIT_REACHED


def _is_below(free: int | None, needed: int) -> bool:
    return free is not None and free < needed


def _is_reached(count: int, most: int | None) -> bool:
    return most is not None and count >= most


def _step(standing: Standing, limits: OfflineLimits, *, regular_here: bool) -> Step | None:
    """The step that a feed's age allows this patron; none: the feed is too old, or the clock tells nothing."""
    age = standing.age
    if age is None or age < -limits.clock_tolerance:
        return None
    step = next((step for step in limits.steps if age <= step.up_to), None)
    return None if step is not None and step.regulars_only and not regular_here else step
