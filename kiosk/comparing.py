"""Whether the replica holds what the registry holds: a pass through all rows, a portion at a time, and what came of it (sync rule 11)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from circulation.range_checks import RangeCheck
from drivers.ports import DeviceState
from kiosk.device_book import REPLICA, TOLD_FOR, PartFault, Standing
from kiosk.events import RangesChecked
from kiosk.known import ReplicaState
from kiosk.ports import Clock
from kiosk.store.replica_file import Replica
from kiosk.store.replica_ranges import Place, Portion
from kiosk.store.replica_writer import MalformedPageError
from replica.tables import SCHEMA_VERSION, ReplicaTable

_log = structlog.get_logger()

ASK_AGAIN: Final = 86_400.0
"""Seconds: a registry that can't compare is asked again so much later, and no more than one snapshot is fetched in this time for what differs."""
_MOST_TRIES: Final = 3
"""In a row for one portion, when it can't be settled or differs again: then the pass goes on."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What follows from an answer: which tables were put right, and whether a snapshot is wanted."""

    mended: frozenset[ReplicaTable] = frozenset()
    snapshot: bool = False


class Comparing:
    """``every``: seconds between two portions of about ``rows`` rows."""

    def __init__(self, clock: Clock, *, every: float, rows: int) -> None:
        self._clock = clock
        self._every = every
        self._rows = rows
        self._due = clock.monotonic() + every
        self._at = Place()
        self._goes_on = Place()
        self._tries = 0
        self._mends = 0
        self._snapshot_at: float | None = None
        self._mended_at: datetime | None = None
        self._disagrees = False

    def check(self, replica: Replica, state: ReplicaState) -> RangeCheck | None:
        """What to ask next, when it is time to.

        Raises:
            ReplicaError: the file is damaged.

        """
        now = self._clock.monotonic()
        if now < self._due:
            return None
        self._due = now + self._every
        portion: Portion = replica.ranges.portion(self._at, rows=self._rows)
        self._goes_on = portion.goes_on
        return RangeCheck(feed=state.feed, cursor=state.cursor, schema=SCHEMA_VERSION, ranges=portion.ranges)

    def begin_anew(self) -> None:
        """Another replica has taken the place."""
        self._at, self._tries, self._mends = Place(), 0, 0

    def heard(self, event: RangesChecked, replica: Replica, state: ReplicaState) -> Compared:
        """Put right what differs.

        Raises:
            ReplicaError: the file can't be written; it is as it was.

        """
        check, answer = event.check, event.answer
        if answer is None:
            self._due = self._clock.monotonic() + ASK_AGAIN
            _log.info("ranges_not_compared", seconds=ASK_AGAIN)
            return Compared()
        if answer.snapshot:
            return Compared(snapshot=self._may_fetch())
        mended: frozenset[ReplicaTable] = frozenset()
        if answer.differing:
            try:
                mended = replica.ranges.mend(check, answer, state)
            except MalformedPageError as error:
                _log.error("ranges_malformed", position=answer.position, problem=str(error))
        if mended:
            self._mends += 1
            self._mended_at = self._clock.now()
            self._disagrees = self._disagrees or self._mends == _MOST_TRIES
            _log.error("replica_mended", position=answer.position, table=sorted(table.value for table in mended), count=self._mends)
        self._move(settled=not answer.differing and not answer.unsettled)
        return Compared(mended)

    def standing(self, *, has_replica: bool) -> Standing:
        """How the replica is."""
        now = self._clock.now()
        if not has_replica:
            return Standing(REPLICA, DeviceState.MISSING, now, PartFault.NO_REPLICA)
        if self._disagrees:
            return Standing(REPLICA, DeviceState.DEGRADED, now, PartFault.REPLICA_DIFFERS)
        if self._mended_at is not None and now - self._mended_at < TOLD_FOR:
            return Standing(REPLICA, DeviceState.DEGRADED, now, PartFault.REPLICA_MENDED)
        return Standing(REPLICA, DeviceState.READY, now)

    def _move(self, *, settled: bool) -> None:
        """On to the next portion; a portion that was open or has just been put right is looked at again first."""
        self._tries += 1
        if not settled and self._tries < _MOST_TRIES:
            return
        self._at, self._tries, self._mends = self._goes_on, 0, 0
        if self._at == Place():
            _log.info("replica_compared")

    def _may_fetch(self) -> bool:
        now = self._clock.monotonic()
        _log.error("replica_differs", seconds=0 if self._snapshot_at is None else round(now - self._snapshot_at))
        self._disagrees = True
        if self._snapshot_at is not None and now - self._snapshot_at < ASK_AGAIN:
            self._move(settled=True)
            return False
        self._snapshot_at = now
        return True
