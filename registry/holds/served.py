"""A hold that a loan ended."""

from dataclasses import dataclass

from circulation.ids import HoldId, ItemId, PatronId


@dataclass(frozen=True, slots=True)
class ServedHold:
    """Whose it was and on what; ``item`` is the copy that lay ready, none when the patron still waited."""

    id: HoldId
    patron: PatronId
    title: str
    item: ItemId | None
