"""Which time it is for the codes of mobile cards, as far as this kiosk can know. Pure.

A code is good for half a minute, so a clock that is wrong by a minute refuses every good one, and one that somebody sets
back takes old screenshots. The registry's own time comes with every page of the feed and goes on by the monotonic
clock, which nobody can set; the wall clock counts only where that one has not been heard since the start.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Told:
    """The registry's time (aware UTC) as it was heard last, ``ago`` seconds by the monotonic clock; none: before this start."""

    at: datetime
    ago: float | None


def time_for_codes(told: Told, wall: datetime, *, fresh: float, tolerance: timedelta) -> datetime | None:
    """The time to judge codes by; none when it is in doubt.

    Args:
        told: the registry's word.
        wall: this machine's clock.
        fresh: for so many seconds the registry's word stands alone, whatever the wall clock says.
        tolerance: by how much the two may differ later. A monotonic clock stands still while a machine sleeps.

    """
    if told.ago is None:
        # It may have been wrong for long, but it never was before what the registry said.
        return wall if wall >= told.at - tolerance else None
    now = told.at + timedelta(seconds=told.ago)
    return now if told.ago <= fresh or abs(wall - now) <= tolerance else None
