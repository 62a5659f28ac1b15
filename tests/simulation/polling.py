"""When a kiosk of a world hears of changes: in place of a poll that stays open at the registry."""

from dataclasses import dataclass
from random import Random

LONG_POLL = 6 * 3600.0
"""Seconds. A poll that nothing wakes is asked again so much later: in place of three a minute, which would be most of a world's events.

So is one that follows an answer and begins at the head of the feed: at the registry it would wait, too.
"""
_SLOW_WAKES = 0.8
_SOON = 90.0


@dataclass(frozen=True)
class Rhythm:
    """How often kiosks of a world hear of changes and compare rows.

    ``gather``: seconds for which a wake may come late while things go wrong. People come minutes apart: by wakes within seconds nearly
    every change would come alone, and be heard before the next is made. ``compare``: seconds between two portions of rows.
    """

    gather: float = 3600.0
    compare: float = 3 * 3600.0

    def woken_after(self, chance: Random, *, troubled: bool) -> float:
        """Seconds from a change until an open poll brings it; when things go wrong, mostly together with later ones."""
        slow = troubled and chance.random() < _SLOW_WAKES
        return chance.uniform(1, self.gather if slow else _SOON)


USUAL = Rhythm()
"""In a world of a few kiosks."""
