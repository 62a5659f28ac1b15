"""Decisions about returns. A return is never refused: the item is here. What is odd about it goes to staff."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from circulation.ids import BranchCode
from circulation.item_life import ItemEvent, after
from circulation.items import Item, ItemStatus
from circulation.loans import Loan


@unique
class Destination(StrEnum):
    """Where the item is to be put."""

    SHELF = "shelf"
    """Of this branch: the return box."""
    HOLD_SHELF = "hold_shelf"
    OTHER_BRANCH = "other_branch"
    """With a routing slip."""
    STAFF = "staff"
    """A librarian must look at it."""


@unique
class CheckinNote(StrEnum):
    """What is worth saying about a return: stable codes, the sentences stand in the catalogue."""

    OVERDUE = "checkin_overdue"
    NOT_ON_LOAN = "checkin_not_on_loan"
    ITEM_UNKNOWN = "checkin_item_unknown"
    WAS_MISSING = "checkin_was_missing"
    WANTED = "checkin_wanted"
    """Another patron waits for the title: a librarian scans it, and the registry says for whom and where to."""
    NEEDS_STAFF = "checkin_needs_staff"


@dataclass(frozen=True, slots=True)
class Checkin:
    """What a return comes to. ``status`` is the item's afterwards; ``send_to`` names the branch of a routing slip."""

    status: ItemStatus | None
    destination: Destination
    send_to: BranchCode | None = None
    notes: tuple[CheckinNote, ...] = ()


_WAS_MISSING = frozenset({ItemStatus.MISSING, ItemStatus.LOST, ItemStatus.CLAIMED_RETURNED})
_FOR_STAFF = frozenset({ItemStatus.DAMAGED, ItemStatus.WITHDRAWN})


def decide_checkin(item: Item | None, loan: Loan | None, *, here: BranchCode, today: date) -> Checkin:
    """Decide what becomes of an item laid into the return slot of a branch.

    Args:
        item: none when this kiosk does not know it (another branch's, sync rule 16).
        loan: the item's open loan; none when nobody has it.
        here: the branch where it is returned.
        today: the library's local date.

    """
    if item is None:
        return Checkin(None, Destination.STAFF, notes=(CheckinNote.ITEM_UNKNOWN,))
    notes: list[CheckinNote] = []
    if loan is None:
        notes.append(CheckinNote.NOT_ON_LOAN)
    elif loan.is_overdue(today=today):
        notes.append(CheckinNote.OVERDUE)
    if item.status in _WAS_MISSING:
        notes.append(CheckinNote.WAS_MISSING)
    at_home = item.branch == here
    status = after(item.status, ItemEvent.CHECKED_IN_AT_HOME if at_home else ItemEvent.CHECKED_IN_ELSEWHERE)
    if (loan is not None and loan.wanted) or (item.held_for is not None and status is not ItemStatus.ON_HOLD_SHELF):
        notes.append(CheckinNote.WANTED)
    if status in _FOR_STAFF or (status is ItemStatus.IN_LIBRARY_ONLY and not at_home):
        notes.append(CheckinNote.NEEDS_STAFF)
        return Checkin(status, Destination.STAFF, notes=tuple(notes))
    if status is ItemStatus.ON_HOLD_SHELF:
        return Checkin(status, Destination.HOLD_SHELF, notes=tuple(notes))
    if CheckinNote.WANTED in notes:
        # Which branch it must go to only the registry knows; until a librarian has asked, nobody else shall borrow it.
        return Checkin(after(item.status, ItemEvent.SET_ASIDE), Destination.STAFF, notes=tuple(notes))
    if status is ItemStatus.IN_TRANSIT:
        return Checkin(status, Destination.OTHER_BRANCH, item.branch, tuple(notes))
    return Checkin(status, Destination.SHELF, notes=tuple(notes))
