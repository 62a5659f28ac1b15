"""How often somebody may ask, counted in this process."""

import math
from collections import deque
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import Lock

from circulation.wire import Problem
from registry.problems import RefusedError

_SWEPT_AT = 10_000
"""Keys: then those that have asked nothing for a while are forgotten."""


class RateLimit:
    """At most ``most`` times in ``window`` for each key. For any thread. What was refused does not count."""

    def __init__(self, most: int, window: timedelta, *, now: Callable[[], datetime]) -> None:
        self._most = most
        self._window = window
        self._now = now
        self._asked: dict[Hashable, deque[datetime]] = {}
        self._lock = Lock()

    def refused_for(self, key: Hashable) -> int | None:
        """Count one; nothing when it is allowed, else in how many seconds to ask again."""
        now = self._now()
        with self._lock:
            if len(self._asked) >= _SWEPT_AT:
                self._asked = {key: times for key, times in self._asked.items() if self._is_recent(times[-1], now)}
            times = self._asked.setdefault(key, deque())
            while times and not self._is_recent(times[0], now):
                times.popleft()
            if len(times) < self._most:
                times.append(now)
                return None
            return max(1, math.ceil((times[0] + self._window - now).total_seconds()))

    def require(self, kiosk: Hashable) -> None:
        """Count one of a kiosk's.

        Raises:
            RefusedError: 429, too many; it says when to ask again.

        """
        seconds = self.refused_for(kiosk)
        if seconds is not None:
            raise too_often(seconds)

    def _is_recent(self, at: datetime, now: datetime) -> bool:
        # A clock that was set back must not refuse until it has caught up.
        return timedelta() <= now - at < self._window


def too_often(seconds: int) -> RefusedError:
    """429 to a kiosk: ask again in so many seconds."""
    problem = Problem(code="too_many", problem="this kiosk asks too often: wait a little")
    return RefusedError(HTTPStatus.TOO_MANY_REQUESTS, problem, retry_after=seconds)
