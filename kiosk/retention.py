"""How long answered facts stay at a kiosk, and when the older ones go: once an hour, a few at a time, so that no tap waits."""

from datetime import timedelta

import structlog

from kiosk.ports import Clock
from kiosk.store.ledger import Ledger

_log = structlog.get_logger()

_EVERY = 3600.0
"""Seconds from one look to the next."""
_AT_ONCE = 50
"""Rows of one transaction."""


class Retention:
    """Prunes the ledger. ``keep`` is how long a fact stays after it was answered."""

    def __init__(self, ledger: Ledger, clock: Clock, *, keep: timedelta) -> None:
        self._ledger = ledger
        self._clock = clock
        self._keep = keep
        self._next_at = clock.monotonic()
        self._gone = 0

    def step(self, *, below: int) -> None:
        """Prune a few rows when it is time to; never one with this number or above: those may be sent again.

        Raises:
            LedgerUnwritableError: they stay; the next look is in an hour.

        """
        now = self._clock.monotonic()
        if now < self._next_at:
            return
        self._next_at = now + _EVERY
        gone = self._ledger.prune(answered_before=self._clock.now() - self._keep, below=below, most=_AT_ONCE)
        self._gone += gone
        if gone == _AT_ONCE:
            self._next_at = now
        elif self._gone:
            _log.info("facts_pruned", count=self._gone)
            self._gone = 0

    def next_deadline(self) -> float | None:
        """When to go on (monotonic seconds): at once after a full portion, else with any tick."""
        return self._next_at if self._gone else None
