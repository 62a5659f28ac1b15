"""The long poll of the change feed. Asynchronous, because a thousand kiosks wait at once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

import anyio.to_thread
from msgspec import UNSET

from circulation.wire import MAX_WAIT_SECONDS, ChangesPage, SnapshotNeeded
from registry.database import Database
from registry.exchange.changes import Slice, read_slice
from registry.exchange.head import FeedHead
from registry.exchange.sender import Sender
from registry.exchange.terms_told import TermsTold
from registry.exchange.testimony import Testimony
from registry.kiosks.covers import Covers, StatedCover
from registry.problems import RefusedError
from replica.covered_rows import turned
from replica.covers import Cover

_LOST = "the registry was put back to a backup: it has lost what came after it"
_ANOTHER = "this registry's feed is another one"
_NOT_KEPT = "the changes after this cursor are no longer kept"


@dataclass(frozen=True, slots=True)
class Asked:
    """One poll: a cursor, and for how many seconds it may wait (25 at most).

    ``terms`` names the offline terms that the kiosk was told last, ``witness`` is what came with an earlier page; a program of
    before them says nothing of either. ``held`` is what it says of its cover.
    """

    feed: UUID
    after: int
    wait: float
    terms: str | None = None
    witness: str | None = None
    held: StatedCover | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What a page says beside its changes: the feed's witness, offline terms, and the cover that it lies under."""

    testimony: Testimony
    terms: TermsTold
    covers: Covers


class Polls:
    """Answers polls from the head in memory, and reads the database only when there is something to hear."""

    def __init__(self, database: Database, head: FeedHead, beside: Beside, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._head = head
        self._beside = beside
        self._now = now
        self._reading: dict[tuple[str, int, int, str], asyncio.Task[Slice]] = {}

    async def page(self, sender: Sender, asked: Asked) -> ChangesPage:
        """The changes after a number, as soon as there are any, or none when the wait is over.

        Offline terms that the kiosk was not told are told at once, with whatever changes there are. With a witness that shows that this
        database has lost something a new feed begins.

        Raises:
            RefusedError: 410, this cursor can't be served: the snapshot is needed; 403, the kiosk's rights were taken away meanwhile.

        """
        branch = sender.branch
        feed, after, terms, witness = asked.feed, asked.after, asked.terms, asked.witness
        if await self._beside.testimony.shows_loss(feed, witness):
            raise RefusedError(HTTPStatus.GONE, SnapshotNeeded(problem=_LOST, restored=True))
        await self._check(feed, after)
        if not await self._beside.terms.against(terms, head=self._head.marks.head):
            await self._head.wait(branch, after, seconds=min(asked.wait, MAX_WAIT_SECONDS))
        covering = await self._beside.covers.against(sender.kiosk, asked.held)
        self._require(feed)
        marks = self._head.marks
        sealed = UNSET if witness is None else self._beside.testimony.sealed(marks)
        offline = await self._beside.terms.against(terms, head=marks.head) or UNSET
        found = Slice(end := max(after, marks.head), end, after, ())
        if marks.concerning(branch) > after:
            found = await self._slice(branch, after, marks.head, covering.cover)
        if after < found.kept_from:
            # Changes were dropped since this process last looked: what is left has a hole.
            raise _gone(_NOT_KEPT)
        return ChangesPage(
            feed=feed,
            start=after,
            end=found.end,
            head=found.head,
            server_time=self._now(),
            changes=found.changes,
            offline=offline,
            witness=sealed,
            cover=covering.id,
            new_cover=covering.told,
        )

    async def _check(self, feed: UUID, after: int) -> None:
        marks = self._head.marks
        if after > marks.head:
            # A page may have run ahead of what this process has noticed.
            marks = await self._head.refresh()
        self._require(feed)
        if after > marks.head:
            problem = "the cursor is beyond the head of the feed"
        elif after < marks.kept_from:
            problem = _NOT_KEPT
        else:
            return
        raise _gone(problem)

    def _require(self, feed: UUID) -> None:
        if feed != self._head.marks.feed:
            raise _gone(_ANOTHER)

    async def _slice(self, branch: str, after: int, head: int, cover: Cover | None) -> Slice:
        """Read once for all polls that ask for the same at the same time: a change wakes a whole city."""
        asked = (branch, after, head, "" if cover is None else cover.id)
        task = self._reading.get(asked)
        if task is None:
            task = asyncio.create_task(anyio.to_thread.run_sync(self._read, branch, after, cover))
            self._reading[asked] = task
            task.add_done_callback(lambda _: self._reading.pop(asked, None))
        return await asyncio.shield(task)

    def _read(self, branch: str, after: int, cover: Cover | None) -> Slice:
        with self._database.reading() as connection:
            found = read_slice(connection, after, branch)
        return found if cover is None else replace(found, changes=turned(found.changes, cover.covered))


def _gone(problem: str) -> RefusedError:
    return RefusedError(HTTPStatus.GONE, SnapshotNeeded(problem=problem))
