"""The feed's head in memory, in a real event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from registry.exchange.head import FeedHead
from registry.exchange.store_feed import Marks

NEVER = 30.0
"""Longer than any test takes."""


class Feed:
    """What the database would answer, and how often it was asked."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.reads = 0

    def read(self, _known: Marks) -> Marks:
        self.reads += 1
        if self.reads == 1 and self.marks.kept_from < 0:
            message = "the database is away"
            raise OSError(message)
        return self.marks


def with_head(act: Callable[[FeedHead, Feed], Awaitable[None]], *, gather: float = NEVER) -> None:
    async def run() -> None:
        feed = Feed()
        head = FeedHead(feed.read, gather=timedelta(seconds=gather))
        watching = head.start(Marks())
        await act(head, feed)
        head.close()
        await asyncio.wait_for(watching, 5)

    asyncio.run(run())


async def waiting(head: FeedHead, polls: int) -> None:
    while head.waiting != polls:  # noqa: ASYNC110 - the polls run as soon as this yields
        await asyncio.sleep(0)


def test_an_urgent_change_wakes_a_poll_at_once_with_one_read() -> None:
    async def act(head: FeedHead, feed: Feed) -> None:
        polls = [asyncio.create_task(head.wait("C01", 0, seconds=NEVER)) for _ in range(100)]
        await waiting(head, 100)
        feed.marks = Marks(head=1, everywhere=1)
        await asyncio.to_thread(head.notify, urgent=True)
        await asyncio.wait_for(asyncio.gather(*polls), 5)
        assert (feed.reads, head.marks.head, head.waiting) == (1, 1, 0)

    with_head(act)


def test_ordinary_changes_are_gathered() -> None:
    async def act(head: FeedHead, feed: Feed) -> None:
        poll = asyncio.create_task(head.wait("C01", 0, seconds=NEVER))
        await waiting(head, 1)
        for n in range(1, 11):
            feed.marks = Marks(head=n, everywhere=n)
            head.notify(urgent=False)
            await asyncio.sleep(0)
        await asyncio.wait_for(poll, 5)
        assert (feed.reads, head.marks.head) == (1, 10)

    with_head(act, gather=0.1)


def test_a_change_of_another_branch_wakes_nobody_here() -> None:
    async def act(head: FeedHead, feed: Feed) -> None:
        here = asyncio.create_task(head.wait("C01", 0, seconds=NEVER))
        there = asyncio.create_task(head.wait("L12", 0, seconds=NEVER))
        await waiting(head, 2)
        feed.marks = Marks(head=1, by_branch={"L12": 1})
        head.notify(urgent=True)
        await asyncio.wait_for(there, 5)
        assert not here.done()
        assert head.waiting == 1
        head.close()
        await asyncio.wait_for(here, 5)

    with_head(act)


def test_a_poll_that_is_behind_does_not_wait() -> None:
    async def act(head: FeedHead, feed: Feed) -> None:
        feed.marks = Marks(head=5, everywhere=5)
        await head.refresh()
        await asyncio.wait_for(head.wait("C01", 4, seconds=NEVER), 5)

    with_head(act)


def test_waiting_ends_by_itself() -> None:
    async def act(head: FeedHead, feed: Feed) -> None:
        await asyncio.wait_for(head.wait("C01", 0, seconds=0.01), 5)
        assert (feed.reads, head.waiting) == (0, 0)

    with_head(act)


def test_closing_releases_every_poll_and_none_waits_afterwards() -> None:
    async def act(head: FeedHead, feed: Feed) -> None:
        polls = [asyncio.create_task(head.wait("C01", 0, seconds=NEVER)) for _ in range(10)]
        await waiting(head, 10)
        head.close()
        await asyncio.wait_for(asyncio.gather(*polls), 5)
        await asyncio.wait_for(head.wait("C01", 0, seconds=NEVER), 5)
        assert feed.reads == 0

    with_head(act)


def test_a_database_that_was_away_is_asked_again() -> None:
    async def act(head: FeedHead, feed: Feed) -> None:
        poll = asyncio.create_task(head.wait("C01", 0, seconds=NEVER))
        await waiting(head, 1)
        feed.marks = Marks(head=1, kept_from=-1, everywhere=1)
        head.notify(urgent=True)
        await asyncio.wait_for(poll, 5)
        assert feed.reads == 2

    with_head(act, gather=0.01)


def test_a_notice_before_the_service_runs_is_nothing() -> None:
    FeedHead(Feed().read, gather=timedelta()).notify(urgent=True)
