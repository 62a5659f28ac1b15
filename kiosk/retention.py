"""How long answered facts stay at a kiosk, and when the older ones go: once an hour, a few at a time, so that no tap waits."""

from collections.abc import Callable
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
    """Prunes the ledger. ``keep`` is how long a fact stays after it was answered; ``sure``: whether the clock can be believed now.

    A clock that jumped ahead would make every fact old, and a registry that is put back to a backup could not be told them again.
    """

    def __init__(self, ledger: Ledger, clock: Clock, *, keep: timedelta, sure: Callable[[], bool]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._keep = keep
        self._sure = sure
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
        if not self._sure():
            return
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
