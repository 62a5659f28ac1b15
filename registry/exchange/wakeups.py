"""Wake-ups between processes on one PostgreSQL. They only say that there is something to read; losing one costs a look's time."""

import asyncio

import structlog

from registry.database import Database
from registry.database_errors import DatabaseAwayError
from registry.exchange.head import FeedHead
from registry.exchange.store_feed import CHANNEL, URGENTLY

_log = structlog.get_logger()
_AGAIN_SECONDS = 5


async def follow(database: Database, head: FeedHead) -> None:
    """Notify the head of what any process commits, for ever. A connection that is lost is made again; on SQLite there is none."""
    while database.announces:
        try:
            await database.listen(CHANNEL, lambda said: head.notify(urgent=said == URGENTLY))
        except DatabaseAwayError as error:
            _log.warning("wake-ups lost", problem=type(error).__name__)
        await asyncio.sleep(_AGAIN_SECONDS)
