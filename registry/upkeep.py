"""What the running service does by itself now and then: write what was counted, forget what is over."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import anyio.to_thread
import structlog

from registry.audit.refusals import Refusals

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class QuietHour:
    """The hour of day (0 to 23, local) from which nobody is in the library, and the file that remembers when the work was last done."""

    hour: int
    zone: ZoneInfo
    memory: Path

    def is_due(self, *, now: datetime) -> bool:
        """Whether the hour has come since the work was done; also when no service ran at that hour, or nothing is remembered."""
        done_at = self._done_at()
        return done_at is None or not self._last(now) <= done_at <= now

    def done(self, *, now: datetime) -> None:
        """Remember it, for whoever runs next.

        Raises:
            OSError: the file can't be written.

        """
        self.memory.write_text(now.astimezone(UTC).isoformat(), encoding="utf-8")

    def _last(self, now: datetime) -> datetime:
        here = now.astimezone(self.zone)
        latest = here.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        return (latest if latest <= here else latest - timedelta(days=1)).astimezone(UTC)

    def _done_at(self) -> datetime | None:
        try:
            found = datetime.fromisoformat(self.memory.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return found if found.tzinfo is not None else None


class Upkeep:
    """Each round writes counted refusals that are due; the first round after each quiet hour does the ``daily`` work, in its order.

    When some of it fails, all of it is done again in the next round. Several services on one database may each do it: nothing is
    left for the second. ``stopping`` is called when the service stops, so that long work can be given up.
    """

    def __init__(
        self,
        refusals: Refusals,
        daily: Sequence[Callable[[], object]],
        quiet: QuietHour,
        *,
        now: Callable[[], datetime],
        stopping: Callable[[], None] = lambda: None,
    ) -> None:
        self._refusals = refusals
        self._daily = daily
        self._quiet = quiet
        self._now = now
        self._stopping = stopping

    def once(self) -> None:
        """One round."""
        self._refusals.write_due()
        now = self._now()
        if self._quiet.is_due(now=now):
            for work in self._daily:
                work()
            self._quiet.done(now=now)

    @asynccontextmanager
    async def running(self, every: timedelta) -> AsyncIterator[None]:
        """A round after each such time, in a thread; at the end what is still only counted is written."""
        over = asyncio.Event()
        task = asyncio.create_task(self._rounds(every, over))
        try:
            yield
        finally:
            over.set()
            self._stopping()
            await task
            await _attempted(self._refusals.write_rest)

    async def _rounds(self, every: timedelta, over: asyncio.Event) -> None:
        while True:
            try:
                async with asyncio.timeout(every.total_seconds()):
                    await over.wait()
            except TimeoutError:
                await _attempted(self.once)
            else:
                return


async def _attempted(work: Callable[[], None]) -> None:
    """A database that is away for a moment must not end the upkeep for good, nor spoil the stop."""
    try:
        await anyio.to_thread.run_sync(work)
    except Exception as error:  # noqa: BLE001 - whatever it was, it is logged and the next round tries again
        _log.error("upkeep_failed", problem=type(error).__name__)
