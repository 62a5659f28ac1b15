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
    READY = "ready"
    """The item lies on the hold shelf of the pick-up branch."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold. ``until`` is the last day to collect a ready one; ``shelf`` its place; ``queue`` the place in the queue, from 1."""

    id: HoldId
    patron: PatronId
    title: str
    state: HoldState
    pickup: BranchCode
    shelf: str = ""
    until: date | None = None
    queue: int = 0
