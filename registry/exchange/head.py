"""The feed's head in memory: what idle polls wait for. A poll with nothing to hear never touches the database."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import anyio.to_thread
import structlog

from registry.exchange.store_feed import Marks

_log = structlog.get_logger()
_RETRY_SECONDS = 1


class FeedHead:
    """Writers notify it from any thread; one task of the event loop reads what is new, once for all polls, and wakes those it concerns.

    Ordinary changes are gathered for a moment, so that a checkout does not wake every kiosk of the city
    for itself; urgent ones (cards, blocks) go out at once. What nobody notifies of, because another process
    wrote it, is found by a look now and then. ``went_back`` is called in a thread when the database has less than it had.
    """

    def __init__(
        self,
        read: Callable[[Marks], Marks],
        *,
        gather: timedelta,
        look: timedelta | None = None,
        went_back: Callable[[Marks], None] = lambda _marks: None,
    ) -> None:
        self._read = read
        self._went_back = went_back
        self._look = None if look is None else look.total_seconds()
        self._gather = gather.total_seconds()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._something = asyncio.Event()
        self._urgent = asyncio.Event()
        self._waiting: dict[asyncio.Future[None], tuple[str, int, UUID | None]] = {}
        self._closed = False
        self._let_go: list[Callable[[], None]] = []
        self.marks = Marks()

    def start(self, marks: Marks) -> asyncio.Task[None]:
        """Begin watching, in the running loop."""
        self._loop = asyncio.get_running_loop()
        self.marks = marks
        return self._loop.create_task(self._watch())

    def notify(self, *, urgent: bool) -> None:
        """Say that changes are durable. From any thread; nothing happens while no service runs."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        loop.call_soon_threadsafe(self._notified, urgent)

    async def refresh(self) -> Marks:
        """Read what is new now, without waiting for a notice."""
        known = self.marks
        found = await anyio.to_thread.run_sync(self._read, known)
        if _is_behind(found, known):
            # Another look may have been quicker than this one. But what is read from now on can't be older than what was known.
            known = self.marks
            found = await anyio.to_thread.run_sync(self._read, known)
        if _is_behind(found, known):
            await anyio.to_thread.run_sync(self._went_back, known)
            found = await anyio.to_thread.run_sync(self._read, known)
        if found.feed != self.marks.feed or found.head >= self.marks.head:
            self.marks = found
            self._wake()
        return self.marks

    async def wait(self, branch: str, after: int, *, seconds: float) -> None:
        """Return when this branch has something to hear after a number, when the time is over, or when the service stops."""
        if self._closed or seconds <= 0 or self.marks.concerning(branch) > after:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[future] = (branch, after, self.marks.feed)
        try:
            async with asyncio.timeout(seconds):
                await future
        except TimeoutError:
            return
        finally:
            del self._waiting[future]

    def close(self) -> None:
        """Let every poll answer now, and none wait from now on. From the loop's own thread."""
        self._closed = True
        for let_go in self._let_go:
            let_go()
        self._something.set()
        self._urgent.set()
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    def when_closed(self, let_go: Callable[[], None]) -> None:
        """Have others who wait for a kiosk let go too."""
        self._let_go.append(let_go)

    @property
    def waiting(self) -> int:
        """How many polls wait."""
        return len(self._waiting)

    def _notified(self, urgent: bool) -> None:  # noqa: FBT001 - call_soon_threadsafe passes positions only
        self._something.set()
        if urgent:
            self._urgent.set()

    async def _watch(self) -> None:
        while not self._closed:
            if await _within(self._look, self._something):
                await _within(self._gather, self._urgent)
            self._something.clear()
            self._urgent.clear()
            if not self._closed:
                await self._refresh_or_retry()

    async def _refresh_or_retry(self) -> None:
        """A database that fails for a moment must not leave every kiosk without news for good."""
        try:
            await self.refresh()
        except Exception as error:  # noqa: BLE001 - whatever it was, it is logged and tried again
            _log.error("feed_not_read", problem=type(error).__name__)
            asyncio.get_running_loop().call_later(_RETRY_SECONDS, self._something.set)

    def _wake(self) -> None:
        for future, (branch, after, feed) in self._waiting.items():
            if not future.done() and (self.marks.concerning(branch) > after or self.marks.feed != feed):
                future.set_result(None)


def _is_behind(found: Marks, known: Marks) -> bool:
    return found.feed == known.feed and found.head < known.head


async def _within(seconds: float | None, happens: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await happens.wait()
    except TimeoutError:
        return False
