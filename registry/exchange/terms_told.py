"""The offline terms that kiosks are told with their pages, in memory: read again only when the feed has moved."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date

import anyio.to_thread

from circulation.wire import SignedTerms, tag_of


class TermsTold:
    """What to tell. Recording terms moves the feed's head, so what was read at a head holds as long as it stands there."""

    def __init__(self, read: Callable[[], Callable[[date], Sequence[SignedTerms]]], *, today: Callable[[], date]) -> None:
        self._read = read
        self._today = today
        self._read_at: int | None = None
        self._known: Callable[[date], Sequence[SignedTerms]] = _nothing
        self._lock = asyncio.Lock()
        self._told: tuple[date | None, tuple[SignedTerms, ...], str] = (None, (), "")

    async def against(self, tag: str | None, *, head: int) -> tuple[SignedTerms, ...]:
        """The terms, for a kiosk that holds others; nothing for one that holds these, or that knows no terms (no tag at all)."""
        if tag is None:
            return ()
        if self._read_at != head:
            async with self._lock:
                if self._read_at != head:
                    self._known = await anyio.to_thread.run_sync(self._read)
                    self._read_at = head
                    self._told = (None, (), "")
        today = self._today()
        if self._told[0] != today:
            told = tuple(self._known(today))
            self._told = (today, told, tag_of(told))
        return () if self._told[2] == tag else self._told[1]


def _nothing(_today: date) -> Sequence[SignedTerms]:
    return ()
