"""The holds of some titles in memory: who is next, for whom an item is kept, and what became of each. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from circulation.holds import HoldState
from circulation.ids import HoldId, ItemId, PatronId
from circulation.items import Item
from registry.holds.records import HoldRecord


@dataclass(slots=True)
class Holds:
    """Every waiting hold on the titles in question, and every hold for which an item in question is kept.

    ``changed`` are holds as they are now, where that is not how they were read; one that has ended is no longer among them.
    """

    changed: dict[HoldId, HoldRecord] = field(default_factory=dict)
    _waiting: dict[str, dict[HoldId, HoldRecord]] = field(default_factory=dict)
    _kept: dict[ItemId, dict[HoldId, HoldRecord]] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[HoldRecord]) -> "Holds":
        """Take note of holds that are on record."""
        made = cls()
        for one in records:
            made.note(one)
        return made

    def note(self, one: HoldRecord) -> None:
        """Take note of a hold that is on record."""
        if one.state is HoldState.WAITING:
            self._waiting.setdefault(one.title, {})[one.id] = one
        elif one.item is not None:
            self._kept.setdefault(one.item, {})[one.id] = one

    def change(self, before: HoldRecord, now: HoldRecord) -> None:
        """Put a hold where it belongs by what it is now."""
        self.end(before)
        self.note(now)
        self.changed[now.id] = now

    def end(self, one: HoldRecord) -> None:
        """Take a hold out."""
        self._waiting.get(one.title, {}).pop(one.id, None)
        if one.item is not None:
            self._kept.get(one.item, {}).pop(one.id, None)
        self.changed.pop(one.id, None)

    def first(self, title: str) -> HoldRecord | None:
        """Whose turn it is: placed first, and not suspended."""
        waiting = (one for one in self._waiting.get(title, {}).values() if one.suspended_until is None)
        return min(waiting, key=lambda one: one.turn, default=None)

    def kept_with(self, item: Item) -> HoldRecord | None:
        """The hold for which an item is kept."""
        return next((one for one in self._kept.get(item.id, {}).values() if one.patron == item.held_for), None)

    def all_kept_with(self, item: ItemId) -> list[HoldRecord]:
        """Every hold that says an item is kept for it: one, unless rows contradict each other."""
        return list(self._kept.get(item, {}).values())

    def waiting_of(self, title: str, patron: PatronId) -> list[HoldRecord]:
        """By which holds a patron waits for a title."""
        return sorted((one for one in self._waiting.get(title, {}).values() if one.patron == patron), key=lambda one: one.id)

    def is_wanted(self, title: str, patron: PatronId) -> bool:
        """Whether somebody else waits for a title, and would take it today."""
        return any(one.patron != patron and one.suspended_until is None for one in self._waiting.get(title, {}).values())
