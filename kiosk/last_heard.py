"""When the registry was last heard, and since when it can't be reached. Aware UTC throughout."""

from datetime import datetime

import structlog

from kiosk.ports import Clock
from kiosk.store.ledger import Ledger

_log = structlog.get_logger()


class LastHeard:
    """One kiosk's memory of it. The ledger keeps it from the moment the registry is lost: a restart goes on with it."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._heard_at = ledger.device().heard_at
        self.lost_since: datetime | None = None
        """When it was last heard, while it can't be reached."""

    def newest(self, verified_at: datetime | None) -> datetime | None:
        """When it was last heard, by this memory or by its own time in the replica: that moves only with the feed, this only when it is lost."""
        return max((at for at in (self._heard_at, verified_at) if at is not None), default=None)

    def heard(self) -> None:
        """It brought news just now."""
        self._heard_at, self.lost_since = self._clock.now(), None

    def lost(self, problem: str, verified_at: datetime | None) -> None:
        """It can't be reached. ``problem`` is for engineers.

        Raises:
            LedgerUnwritableError: it could not be kept; it is lost all the same.

        """
        if self.lost_since is not None:
            return
        _log.warning("registry_lost", problem=problem)
        self.lost_since = self.newest(verified_at) or self._clock.now()
        if self._heard_at is not None:
            self._ledger.remember_heard(self._heard_at)
