"""What one act does to holds and items, gathered in memory before anything is written. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from circulation.holds import HoldState
from circulation.ids import HoldId, ItemId
from circulation.items import Item
from circulation.no_shows import NoShow
from registry.holds.queues import Holds
from registry.holds.records import HoldRecord
from registry.holds.ways import lost_sight_of, pass_on
from registry.holds.worklist import Chore, Task


@dataclass(slots=True)
class Moves:
    """Holds and items as they are after the act, and what follows for branches and patrons."""

    holds: Holds
    items: dict[ItemId, Item]
    """The items that holds are kept with, as they are now."""
    moved: set[ItemId] = field(default_factory=set)
    ended: list[HoldRecord] = field(default_factory=list)
    became_ready: list[HoldRecord] = field(default_factory=list)
    no_shows: list[tuple[HoldRecord, NoShow]] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    @classmethod
    def of(cls, records: Iterable[HoldRecord], items: dict[ItemId, Item]) -> "Moves":
        """Nothing has been done yet."""
        return cls(Holds.of(records), dict(items))

    def shelve(self, item: Item) -> None:
        """Note where an item stands now."""
        self.items[item.id] = item
        self.moved.add(item.id)

    def end(self, one: HoldRecord, *, now: datetime) -> None:
        """End a hold; the copy that was kept for it goes to the next in the queue, or home."""
        self.holds.end(one)
        self.ended.append(one)
        item = self._kept_for(one)
        if item is None:
            return
        freed = pass_on(item, self.holds, was=one, now=now)
        self.shelve(freed)
        if one.state is HoldState.READY and freed.held_for is None:
            self.tasks.append(Task(item.id, one.pickup, Chore.TAKE_OFF_SHELF, now, one.shelf))

    def miss(self, one: HoldRecord, *, now: datetime) -> None:
        """The copy of a hold is not where it should be: the hold waits again, at the place it had, and branches look for the copy."""
        self.holds.change(one, one.waiting_again())
        item = self._kept_for(one)
        if item is None:
            return
        self.shelve(lost_sight_of(item))
        places = dict.fromkeys((one.at or one.pickup, one.pickup))
        self.tasks += [Task(item.id, branch, Chore.NEVER_ARRIVED, now) for branch in places]

    def _kept_for(self, one: HoldRecord) -> Item | None:
        item = None if one.item is None else self.items.get(one.item)
        return item if item is not None and item.held_for == one.patron else None

    @property
    def not_ready(self) -> set[HoldId]:
        """Holds that nobody need be told to collect."""
        changed = {key for key, one in self.holds.changed.items() if one.state is not HoldState.READY}
        return changed | {one.id for one in self.ended}
