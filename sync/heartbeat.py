"""How this kiosk is, told to the registry: when it changes, and again every few minutes, so that silence means something too."""

from random import Random
from typing import Protocol

import structlog

from circulation.wire import HealthReport
from kiosk.events import RightsTaken
from sync.errors import RegistryOlderError, SyncError
from sync.plan import PULL_PACE, Pace, next_delay
from sync.turn import Heeds, Turn, nothing_to_heed

log = structlog.get_logger()

EVERY_SECONDS = 300.0
OLDER_SECONDS = 3600.0
"""A registry that does not know such reports is told so much later again: it may have been brought up to date."""


class HealthTransport(Protocol):
    """Takes a report to the registry."""

    def report_health(self, report: HealthReport) -> None:
        """Tell once, or raise a ``SyncError``."""


class Heartbeat:
    """Tells the newest report, one try a turn. No thread: the worker around it waits. Nobody hears of a failure here: the feed's thread tells of it."""

    def __init__(
        self,
        transport: HealthTransport,
        *,
        random: Random,
        pace: Pace = PULL_PACE,
        every: float = EVERY_SECONDS,
        revoked: Heeds = nothing_to_heed,
    ) -> None:
        self._transport = transport
        self._random = random
        self._pace = pace
        self._every = every
        self._revoked = revoked
        self._failures = 0

    def turn(self, report: HealthReport) -> Turn:
        """Try once; the same report is told again after the pause.

        Raises:
            RequestEndedError: the transport was closed.

        """
        try:
            self._transport.report_health(report)
        except SyncError as error:
            if self._revoked(error):
                return Turn(events=(RightsTaken(),), done=True)
            if isinstance(error, RegistryOlderError):
                log.info("health_unknown_there", seconds=OLDER_SECONDS)
                return Turn(events=(), done=False, pause=OLDER_SECONDS)
            self._failures += 1
            pause = next_delay(self._failures, self._random, self._pace)
            log.warning("health_not_told", failures=self._failures, seconds=round(pause, 1), problem=str(error))
            return Turn(events=(), done=False, pause=pause)
        self._failures = 0
        return Turn(events=(), done=False, pause=self._every)
