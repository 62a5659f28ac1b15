"""Where a copy goes that somebody may wait for: to whose hold shelf, or home. Pure.

A copy is kept for one hold at most, and for the first in the queue that is not suspended. It is *ready* only when a librarian has
had it in hand at the pick-up branch: before that it is set aside where it came back, or on its way.
"""

from dataclasses import replace
from datetime import datetime

from circulation.holds import HoldState
from circulation.ids import BranchCode
from circulation.item_life import ItemEvent, after
from circulation.items import Item, ItemStatus
from registry.holds.queues import Holds
from registry.holds.records import HoldRecord

_NEVER_HELD = frozenset({ItemStatus.DAMAGED, ItemStatus.WITHDRAWN, ItemStatus.IN_LIBRARY_ONLY})


def can_be_held(item: Item) -> bool:
    """Whether a copy in the library's hands could be given to whoever waits."""
    return item.status not in _NEVER_HELD


def keep(item: Item, holds: Holds, *, here: BranchCode, at: datetime) -> Item | None:
    """Keep a copy that came back to a branch for whoever is next; none when nobody waits for it.

    What lies ready here stays. What was kept for somebody already is still that patron's, wherever it turns up.
    """
    if not can_be_held(item):
        return None
    kept = holds.kept_with(item)
    if kept is not None and kept.state is HoldState.READY and kept.pickup == here:
        return item
    whose = kept or holds.first(item.title)
    if whose is None:
        return None
    drop(item, holds, but=whose.patron)
    holds.change(whose, whose.kept(HoldState.SET_ASIDE, item.id, at=here, moved_at=at))
    return replace(item, status=after(item.status, ItemEvent.SET_ASIDE), held_for=whose.patron)


def drop(item: Item, holds: Holds, *, but: object = None) -> None:
    """Have those wait again, at the place they had, for whom a copy was kept: they can't have it."""
    for one in holds.all_kept_with(item.id):
        if one.patron != but:
            holds.change(one, one.waiting_again())


def pass_on(item: Item, holds: Holds, *, was: HoldRecord, now: datetime) -> Item:
    """Keep a copy for the next in the queue, for ``was`` has ended, for which it was kept; else it goes home.

    A copy on its way stays on it: where to next, the scan at its end says. ``now`` is aware UTC.
    """
    at = was.at or was.pickup
    travelling = was.state is HoldState.IN_TRANSIT
    whose = holds.first(item.title)
    if whose is not None:
        state = HoldState.IN_TRANSIT if travelling else HoldState.SET_ASIDE
        holds.change(whose, whose.kept(state, item.id, at=at, moved_at=now, shelf=was.shelf))
        return replace(item, status=after(item.status, ItemEvent.SET_ASIDE), held_for=whose.patron)
    return replace(item, held_for=None) if travelling else homeward(item, here=at)


def homeward(item: Item, *, here: BranchCode) -> Item:
    """A copy in a librarian's hands that nobody waits for: back among the others, or on its way home."""
    if item.branch != here:
        return replace(item, status=after(item.status, ItemEvent.CHECKED_IN_ELSEWHERE), held_for=None)
    return replace(item, status=after(after(item.status, ItemEvent.HOLD_ENDED), ItemEvent.ARRIVED), held_for=None)


def lost_sight_of(item: Item) -> Item:
    """A copy that was looked for where it should be, and is not there."""
    return replace(item, status=after(item.status, ItemEvent.MISSED), held_for=None)
