"""Changes come down: a long poll of the feed, or the snapshot when the feed can't go on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol
from uuid import UUID

import structlog
from msgspec import UnsetType

from circulation.range_checks import RangeAnswer, RangeCheck
from circulation.wire import MAX_WAIT_SECONDS, ChangesPage, Position
from kiosk.events import ChangesReceived, RangesChecked, RightsTaken, SnapshotFetched, SyncEvent
from sync.errors import CursorGoneError, RegistryAnswerError, RegistryOlderError, RegistryRefusedError, SyncError
from sync.outage import Outage
from sync.plan import PULL_PACE, STEPS, Errand, Pace, Step, next_delay, page_problem, range_problem, rest_after
from sync.turn import Heeds, Turn, nothing_to_heed
from sync.witness import LastWitness

log = structlog.get_logger()

OTHER_SCHEMA = "other_schema"
"""The registry's code when its rows have another schema than this kiosk's."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a replica stands; without a feed there is none yet."""

    feed: UUID | None
    after: Position
    check: RangeCheck | None = None
    """Ranges to be compared before anything else."""


class FeedTransport(Protocol):
    """Brings changes from the registry."""

    def changes(self, feed: UUID, after: Position, *, wait: int, witness: str = "") -> ChangesPage:
        """Poll once, or raise a ``SyncError``."""

    def check_ranges(self, check: RangeCheck) -> RangeAnswer:
        """Ask once whether the registry holds the same rows, or raise a ``SyncError``."""


class SnapshotSource(Protocol):
    """Brings snapshots."""

    def fetch(self) -> Path:
        """A fresh encrypted replica file, or raise a ``SyncError``."""


class Puller:
    """Asks for changes, one try a turn. No thread: the worker around it waits."""

    def __init__(  # noqa: PLR0913 - two sources, three of the parameters are for a simulator
        self,
        transport: FeedTransport,
        snapshots: SnapshotSource,
        *,
        monotonic: Callable[[], float],
        random: Random,
        pace: Pace = PULL_PACE,
        wait: int = MAX_WAIT_SECONDS,
        revoked: Heeds = nothing_to_heed,
        witness: LastWitness | None = None,
    ) -> None:
        self._transport = transport
        self._witness = witness or LastWitness(None, monotonic=monotonic)
        self._revoked = revoked
        self._snapshots = snapshots
        self._monotonic = monotonic
        self._random = random
        self._pace = pace
        self._wait = wait
        self._outage = Outage(random=random, pace=pace)
        self._snapshots_in_a_row = 0
        self._unanswered: RangeCheck | None = None

    def turn(self, cursor: Cursor) -> Turn:
        """Try once.

        Raises:
            RequestEndedError: the transport was closed.

        """
        if cursor.feed is None:
            return self._snapshot()
        if cursor.check is not None and cursor.check is not self._unanswered:
            event = self._compared(cursor.check)
            if event is not None:
                return self._delivered(event, pause=0.0)
            self._unanswered = cursor.check
        began = self._monotonic()
        try:
            page = self._page(cursor.feed, cursor.after)
        except SyncError as error:
            if STEPS[Errand.PULL, error.heard] is Step.SNAPSHOT:
                restored = isinstance(error, CursorGoneError) and error.restored
                said = "registry_was_restored" if restored else "snapshot_needed"
                log.warning(said, feed=cursor.feed, cursor=cursor.after, problem=str(error))
                return self._snapshot()
            return self._failed(error)
        came = self._monotonic()
        self._snapshots_in_a_row = 0
        return self._delivered(ChangesReceived(page, came), pause=rest_after(page, took=came - began))

    def _compared(self, check: RangeCheck) -> RangesChecked | None:
        """None when nothing came of it: then the feed is asked at once, for a comparison must never hold it up."""
        try:
            answer = self._transport.check_ranges(check)
            if problem := range_problem(answer, check):
                raise RegistryAnswerError(problem)
        except RegistryRefusedError as error:
            if isinstance(error, RegistryOlderError) or error.problem.code == OTHER_SCHEMA:
                return RangesChecked(check, None)
            log.warning("ranges_refused", problem=str(error))
            return None
        except SyncError as error:
            log.info("ranges_not_compared", problem=str(error))
            return None
        return RangesChecked(check, answer)

    def _page(self, feed: UUID, after: Position) -> ChangesPage:
        page = self._transport.changes(feed, after, wait=self._wait, witness=self._witness.of(feed))
        if problem := page_problem(page, feed=feed, after=after):
            raise RegistryAnswerError(problem)
        if not isinstance(page.witness, UnsetType):
            self._witness.heard(feed, page.witness)
        return page

    def _snapshot(self) -> Turn:
        try:
            replica = self._snapshots.fetch()
        except SyncError as error:
            return self._failed(error)
        # A snapshot whose own cursor is refused at once would else be fetched over and over.
        pause = next_delay(self._snapshots_in_a_row, self._random, self._pace) if self._snapshots_in_a_row else 0.0
        self._snapshots_in_a_row += 1
        return self._delivered(SnapshotFetched(replica), pause=pause)

    def _delivered(self, event: SyncEvent, *, pause: float) -> Turn:
        return Turn(events=(event,), done=True, pause=pause, recovered=self._outage.over())

    def _failed(self, error: SyncError) -> Turn:
        if self._revoked(error):
            return Turn(events=(RightsTaken(),), done=True)
        pause, events = self._outage.failed(error)
        log.warning("changes_not_received", failures=self._outage.failures, seconds=round(pause, 1), problem=str(error))
        return Turn(events=events, done=False, pause=pause)
