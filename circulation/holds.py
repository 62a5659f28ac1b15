"""Holds: a patron waits for a title, or an item waits for a patron. The two are different and never shown as one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from circulation.ids import BranchCode, HoldId, PatronId


@unique
class HoldState(StrEnum):
    """Where a hold stands."""

    WAITING = "waiting"
    """In the queue."""
    SET_ASIDE = "set_aside"
    """A copy came back for it, and nobody at that branch has had it in hand yet."""
    IN_TRANSIT = "in_transit"
    """The copy is on its way to the pick-up branch."""
    READY = "ready"
    """The item lies on the hold shelf of the pick-up branch."""

    @property
    def is_coming(self) -> bool:
        """Whether a copy is on its way to the hold shelf, but does not lie there yet."""
        return self in {HoldState.SET_ASIDE, HoldState.IN_TRANSIT}


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold. ``until`` is the last day to collect a ready one; ``shelf`` its place; ``queue`` the place in the queue, from 1 while it waits."""

    id: HoldId
    patron: PatronId
    title: str
    state: HoldState
    pickup: BranchCode
    shelf: str = ""
    until: date | None = None
    queue: int = 0
