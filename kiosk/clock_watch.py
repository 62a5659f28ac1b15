"""Whether this machine's wall clock can be believed. Pure: the monotonic clock and the registry's word are its judges."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class ClockWatch:
    """Wall time and monotonic seconds as they were when they were last compared. ``doubted``: seconds of doubt so far, none without any.

    Seconds of doubt are counted while the kiosk runs; those before the last look are in ``doubted`` already.
    """

    wall: datetime
    monotonic: float
    doubted: float | None = None
    since: float = 0.0
    """Monotonic second up to which ``doubted`` was counted."""

    @classmethod
    def begin(cls, wall: datetime, monotonic: float, *, doubted: float | None, told: datetime | None, tolerance: timedelta) -> "ClockWatch":
        """At a start. ``doubted``: what an earlier run left; ``told``: the newest time that is known of the registry."""
        behind = told is not None and wall < told - tolerance
        return cls(wall, monotonic, 0.0 if behind and doubted is None else doubted, monotonic)

    def looked(self, wall: datetime, monotonic: float, *, tolerance: timedelta) -> "ClockWatch":
        """Compare both clocks: a jump of the wall clock by more than the tolerance puts it in doubt."""
        counted = None if self.doubted is None else self.doubted + max(0.0, monotonic - self.since)
        jump = wall - self.wall - timedelta(seconds=monotonic - self.monotonic)
        if abs(jump) <= tolerance:
            return replace(self, doubted=counted, since=monotonic)
        return ClockWatch(wall, monotonic, 0.0 if counted is None else counted, monotonic)

    def heard(self, told: datetime, wall: datetime, monotonic: float, *, tolerance: timedelta) -> "ClockWatch":
        """The registry has said what time it is now: that ends the doubt, or begins it."""
        looked = self.looked(wall, monotonic, tolerance=tolerance)
        if abs(told - wall) <= tolerance:
            return ClockWatch(wall, monotonic, None, monotonic)
        return replace(looked, doubted=0.0 if looked.doubted is None else looked.doubted)

    @property
    def doubted_for(self) -> timedelta | None:
        """How long it has been in doubt, up to the last look."""
        return None if self.doubted is None else timedelta(seconds=self.doubted)
