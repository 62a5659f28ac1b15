"""Items: one physical copy each; the work it is a copy of is its ``title``."""

from dataclasses import dataclass
from enum import StrEnum, unique

from circulation.ids import BranchCode, ItemId, PatronId
from circulation.reasons import Reason


@unique
class ItemKind(StrEnum):
    """What decides loan days and limits."""

    BOOK = "book"
    HOT_TITLE = "hot_title"
    AUDIO_VISUAL = "audio_visual"


@unique
class ItemStatus(StrEnum):
    """Where an item stands in its life at the library. "On loan" is a loan's existence, stored nowhere twice."""

    AVAILABLE = "available"
    ON_HOLD_SHELF = "on_hold_shelf"
    IN_TRANSIT = "in_transit"
    IN_LIBRARY_ONLY = "in_library_only"
    MISSING = "missing"
    CLAIMED_RETURNED = "claimed_returned"
    LOST = "lost"
    DAMAGED = "damaged"
    WITHDRAWN = "withdrawn"

    @property
    def refusal(self) -> Reason | None:
        """Why an item of this status is not lent, or nothing.

        A book in the hands of a patron is plainly here: ``missing`` and ``lost`` do not stop a loan,
        the registry clears them when it hears of it.
        """
        return _REFUSALS.get(self)


_REFUSALS = {
    ItemStatus.ON_HOLD_SHELF: Reason.ITEM_ON_HOLD,
    ItemStatus.IN_TRANSIT: Reason.ITEM_IN_TRANSIT,
    ItemStatus.IN_LIBRARY_ONLY: Reason.ITEM_IN_LIBRARY_ONLY,
    ItemStatus.CLAIMED_RETURNED: Reason.ITEM_NOT_LENDABLE,
    ItemStatus.DAMAGED: Reason.ITEM_NOT_LENDABLE,
    ItemStatus.WITHDRAWN: Reason.ITEM_NOT_LENDABLE,
}


@dataclass(frozen=True, slots=True)
class Item:
    """One copy. ``held_for`` names the only patron who may borrow it from the hold shelf, or to whose hold shelf it is on its way."""

    id: ItemId
    barcode: str
    title: str
    kind: ItemKind
    status: ItemStatus
    branch: BranchCode
    held_for: PatronId | None = None
