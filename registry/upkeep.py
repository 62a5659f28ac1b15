"""What the running service does by itself now and then: write what was counted, forget what is over."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import anyio.to_thread
import structlog

from registry.audit.refusals import Refusals

_log = structlog.get_logger()
_A_DAY = timedelta(days=1)


class Upkeep:
    """Each round writes counted refusals that are due; the first round, and one a day from then on, does the ``daily`` work, in its order.

    When some of it fails, all of it is done again in the next round. Several services on one database may each do it: nothing is
    left for the second. ``stopping`` is called when the service stops, so that long work can be given up.
    """

    def __init__(
        self,
        refusals: Refusals,
        daily: Sequence[Callable[[], object]],
        *,
        now: Callable[[], datetime],
        stopping: Callable[[], None] = lambda: None,
    ) -> None:
        self._refusals = refusals
        self._daily = daily
        self._now = now
        self._stopping = stopping
        self._done_at: datetime | None = None

    def once(self) -> None:
        """One round."""
        self._refusals.write_due()
        now = self._now()
        if self._done_at is None or not timedelta() <= now - self._done_at < _A_DAY:
            for work in self._daily:
                work()
            self._done_at = now

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
