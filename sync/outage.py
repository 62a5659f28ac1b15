"""Failures in a row: how long to pause after each, and what to tell the core."""

from random import Random

from kiosk.events import RegistryLost, SyncEvent
from sync.errors import RegistryUnreachableError, SyncError
from sync.plan import Pace, next_delay

PATIENCE = 3
"""Refusals in a row that only ask for patience (a status with ``Retry-After``), until they are an outage as well: what waits is not sent."""


class Outage:
    """Counts the failures of one errand. The core hears of an outage once, and later when the registry asks for patience."""

    def __init__(self, *, random: Random, pace: Pace) -> None:
        self._random = random
        self._pace = pace
        self._told = False
        self.failures = 0

    def failed(self, error: SyncError) -> tuple[float, tuple[SyncEvent, ...]]:
        """After a failure: seconds to pause, and what to tell the core."""
        self.failures += 1
        asked = error.retry_after if isinstance(error, RegistryUnreachableError) else None
        pause = next_delay(self.failures, self._random, self._pace, asked=asked)
        if self._told or (asked is not None and self.failures < PATIENCE):
            return pause, ()
        self._told = True
        return pause, (RegistryLost(str(error)),)

    def over(self) -> bool:
        """After an answer: whether there was an outage before it."""
        was, self.failures, self._told = self.failures > 0, 0, False
        return was
