"""Writing what was done to holds and items, with all that follows from it: tasks, notices, points, what kiosks hear."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from circulation.items import Item
from registry.catalogue import store as catalogue
from registry.database import UnitOfWork
from registry.exchange.hold_changes import changes_of_holds
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.holds import store, store_standing, store_worklist
from registry.holds.moves import Moves
from registry.holds.records import HoldRecord
from registry.notices import store as store_notices
from registry.notices.rules import Notice, NoticeKind
from replica.tables import ReplicaTable


def read_moves(work: UnitOfWork, records: list[HoldRecord], *items: Item) -> Moves:
    """Everything that acts on these holds and items look at: who else waits for the titles, for whom else the items are kept."""
    titles = {one.title for one in records} | {one.title for one in items}
    keys = {one.item for one in records if one.item is not None} | {one.id for one in items}
    around = [*store.of_titles(work.connection, titles), *store.of_items(work.connection, keys)]
    return Moves.of(around, catalogue.of_keys(work.connection, keys))


def write_moves(work: UnitOfWork, moves: Moves, *, now: datetime, new_id: Callable[[], UUID]) -> list[FeedEntry]:
    """Write it all; what kiosks must hear of."""
    changed = list(moves.holds.changed.values())
    entries = changes_of_holds(work.connection, [*moves.holds.changed, *(one.id for one in moves.ended)])
    moved = [moves.items[key] for key in sorted(moves.moved)]
    before = store.of_items(work.connection, moves.moved)
    catalogue.shelve(work, moved)
    store.write(work, changed)
    store.remove(work, [one.id for one in moves.ended])
    store_worklist.clear_tasks(work, moves.moved)
    store_worklist.add_tasks(work, moves.tasks)
    store_notices.withdraw(work, moves.not_ready)
    told = [(one, NoticeKind.HOLD_READY) for one in moves.became_ready]
    told += [(one, NoticeKind.HOLD_NOT_COLLECTED) for one, _ in moves.no_shows]
    store_notices.add(work, (Notice(new_id(), one.patron, kind, one.id, one.pickup, now) for one, kind in told))
    store_standing.add_no_shows(work, ((new_id(), one.patron, no_show) for one, no_show in moves.no_shows))
    return [*_item_entries(moved, [*before, *changed]), *entries]


def _item_entries(items: list[Item], holds: list[HoldRecord]) -> list[FeedEntry]:
    """The rows of items, for their own branches and for those where they are, or were, to be collected."""
    found: dict[FeedEntry, None] = {}
    for item in items:
        branches = dict.fromkeys((*(one.pickup for one in holds if one.item == item.id), item.branch))
        found |= {FeedEntry(ReplicaTable.ITEM, key_text(item.id), branch): None for branch in branches}
    return list(found)


def end_holds(work: UnitOfWork, records: Collection[HoldRecord], *, now: datetime, new_id: Callable[[], UUID]) -> list[FeedEntry]:
    """End holds without a point, such as those of an account that ends; their copies go to the next in the queue, or home. What kiosks hear of."""
    if not records:
        return []
    moves = read_moves(work, list(records))
    for one in records:
        moves.end(one, now=now)
    return write_moves(work, moves, now=now, new_id=new_id)
