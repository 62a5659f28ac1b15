"""One hold with all that decisions about it look at. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from circulation.holds import HoldState
from circulation.ids import BranchCode, HoldId, ItemId, PatronId


@dataclass(frozen=True, slots=True)
class HoldRecord:
    """A hold of a patron on a title. ``placed_at`` (aware UTC), then the key, order the queue.

    Once a copy is kept for it: ``item`` is the copy, ``at`` the branch where it was seen last, ``moved_at`` (aware UTC) when.
    ``shelf`` is its place on a hold shelf and ``until`` the last day to collect it, both only when it is ready; a copy that has to
    leave a hold shelf keeps the place where it is to be found. A hold that is suspended keeps its place in the queue and is passed
    over through ``suspended_until``.
    """

    id: HoldId
    patron: PatronId
    title: str
    pickup: BranchCode
    placed_at: datetime
    state: HoldState = HoldState.WAITING
    item: ItemId | None = None
    shelf: str = ""
    until: date | None = None
    at: BranchCode | None = None
    moved_at: datetime | None = None
    suspended_until: date | None = None

    @property
    def turn(self) -> tuple[datetime, HoldId]:
        """What orders the queue: of two holds of one moment, the keys decide."""
        return self.placed_at, self.id

    def waiting_again(self) -> "HoldRecord":
        """Back in the queue, at the place it had: no copy is kept for it any more."""
        return replace(self, state=HoldState.WAITING, item=None, shelf="", until=None, at=None, moved_at=None)

    def resumed(self) -> "HoldRecord":
        """No longer suspended."""
        return replace(self, suspended_until=None)

    def kept(self, state: HoldState, item: ItemId, *, at: BranchCode, moved_at: datetime, shelf: str = "") -> "HoldRecord":
        """A copy is set aside for it, or is on its way; where it is to be found on a hold shelf, if it lies on one."""
        return replace(self, state=state, item=item, shelf=shelf, until=None, at=at, moved_at=moved_at)

    def ready(self, item: ItemId, *, shelf: str, until: date | None, moved_at: datetime) -> "HoldRecord":
        """The copy lies on the hold shelf of the pick-up branch."""
        return replace(self, state=HoldState.READY, item=item, shelf=shelf, until=until, at=self.pickup, moved_at=moved_at)
