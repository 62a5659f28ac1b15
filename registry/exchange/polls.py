"""The long poll of the change feed. Asynchronous, because a thousand kiosks wait at once."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

import anyio.to_thread
from msgspec import UNSET

from circulation.wire import MAX_WAIT_SECONDS, ChangesPage, SnapshotNeeded
from registry.database import Database
from registry.exchange.changes import Slice, read_slice
from registry.exchange.head import FeedHead
from registry.exchange.terms_told import TermsTold
from registry.problems import RefusedError

_NOT_KEPT = "the changes after this cursor are no longer kept"


class Polls:
    """Answers polls from the head in memory, and reads the database only when there is something to hear."""

    def __init__(self, database: Database, head: FeedHead, *, feed: UUID, now: Callable[[], datetime], terms: TermsTold) -> None:
        self._database = database
        self._head = head
        self._feed = feed
        self._now = now
        self._terms = terms
        self._reading: dict[tuple[str, int, int], asyncio.Task[Slice]] = {}

    async def page(self, branch: str, *, feed: UUID, after: int, wait: float, terms: str | None = None) -> ChangesPage:
        """The changes after a number, as soon as there are any, or none after ``wait`` seconds (25 at most).

        ``terms`` names the offline terms that the kiosk was told last: others are told at once, with whatever changes there are.

        Raises:
            RefusedError: 410, this cursor can't be served: the snapshot is needed.

        """
        await self._check(feed, after)
        if not await self._terms.against(terms, head=self._head.marks.head):
            await self._head.wait(branch, after, seconds=min(wait, MAX_WAIT_SECONDS))
        marks = self._head.marks
        offline = await self._terms.against(terms, head=marks.head) or UNSET
        if marks.concerning(branch) <= after:
            end = max(after, marks.head)
            return ChangesPage(feed=self._feed, start=after, end=end, head=end, server_time=self._now(), offline=offline)
        found = await self._slice(branch, after, marks.head)
        if after < found.kept_from:
            # Changes were dropped since this process last looked: what is left has a hole.
            raise _gone(_NOT_KEPT)
        return ChangesPage(
            feed=self._feed,
            start=after,
            end=found.end,
            head=found.head,
            server_time=self._now(),
            changes=found.changes,
            offline=offline,
        )

    async def _check(self, feed: UUID, after: int) -> None:
        marks = self._head.marks
        if after > marks.head:
            # A page may have run ahead of what this process has noticed.
            marks = await self._head.refresh()
        if feed != self._feed:
            problem = "this registry's feed is another one"
        elif after > marks.head:
            problem = "the cursor is beyond the head of the feed"
        elif after < marks.kept_from:
            problem = _NOT_KEPT
        else:
            return
        raise _gone(problem)

    async def _slice(self, branch: str, after: int, head: int) -> Slice:
        """Read once for all polls that ask for the same at the same time: a change wakes a whole city."""
        asked = (branch, after, head)
        task = self._reading.get(asked)
        if task is None:
            task = asyncio.create_task(anyio.to_thread.run_sync(self._read, branch, after))
            self._reading[asked] = task
            task.add_done_callback(lambda _: self._reading.pop(asked, None))
        return await asyncio.shield(task)

    def _read(self, branch: str, after: int) -> Slice:
        with self._database.reading() as connection:
            return read_slice(connection, after, branch)


def _gone(problem: str) -> RefusedError:
    return RefusedError(HTTPStatus.GONE, SnapshotNeeded(problem=problem))
