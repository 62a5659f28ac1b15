"""What a registry seals of its feed, and what it does when a kiosk shows it that again."""

from collections.abc import Callable
from uuid import UUID

import anyio.to_thread
from msgspec import UNSET, UnsetType

from registry.exchange.head import FeedHead
from registry.exchange.store_feed import Marks
from registry.exchange.witnesses import Seals, Witness

Lost = Callable[[Witness], bool]
"""Whether a witness shows that the database has lost something; then a new feed has begun."""


class Testimony:
    """Seals where the feed stands, and takes a kiosk's witness at its word, because it is this library's own."""

    def __init__(self, seals: Seals, lost: Lost, head: FeedHead) -> None:
        self._seals = seals
        self._lost = lost
        self._head = head

    def sealed(self, marks: Marks) -> str | UnsetType:
        """A witness of this place in the feed."""
        if marks.feed is None or marks.run is None:
            return UNSET
        return self._seals.written(Witness(marks.feed, marks.run, marks.head))

    async def shows_loss(self, feed: UUID, shown: str | None) -> bool:
        """Whether it shows that this database was put back to a backup: then another feed has begun. Only what is not of this very run costs a look."""
        witness = self._seals.read(shown, feed) if shown else None
        if witness is None:
            return False
        marks = self._head.marks
        if (witness.feed, witness.run) == (marks.feed, marks.run) and witness.position <= marks.head:
            return False
        if not await anyio.to_thread.run_sync(self._lost, witness):
            return False
        await self._head.refresh()
        return True
