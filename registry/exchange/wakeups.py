"""Wake-ups between processes on one PostgreSQL. They only say that there is something to read; losing one costs a look's time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from registry.database import Database
from registry.database_errors import DatabaseAwayError
from registry.exchange.head import FeedHead
from registry.exchange.store_feed import CHANNEL, URGENTLY

_log = structlog.get_logger()
_AGAIN_SECONDS = 5


@asynccontextmanager
async def following(database: Database, head: FeedHead) -> AsyncIterator[None]:
    """Notify the head of what any process commits from now on. A lost connection is made again; on SQLite there is none."""
    begun = asyncio.Event()
    task = asyncio.create_task(_follow(database, head, begun))
    task.add_done_callback(lambda _: begun.set())
    try:
        await begun.wait()
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _follow(database: Database, head: FeedHead, begun: asyncio.Event) -> None:
    def heard(said: str) -> None:
        begun.set()
        head.notify(urgent=said == URGENTLY)

    while database.announces:
        try:
            await database.listen(CHANNEL, heard)
        except DatabaseAwayError as error:
            _log.warning("wake_ups_lost", problem=type(error).__name__)
        begun.set()
        await asyncio.sleep(_AGAIN_SECONDS)
