"""Holds that were fetched here: the item is in its patron's hands, and the replica still shows it on the hold shelf."""

from collections.abc import Iterable, Iterator

from circulation.holds import Hold, HoldState
from circulation.ids import BranchCode, PatronId
from circulation.items import ItemStatus
from kiosk.overlay import LocalLoan
from kiosk.recorder import Recorder
from kiosk.store.replica_reader import ReplicaReader


def holds_now(patron: PatronId, read: ReplicaReader, recorder: Recorder, *, here: BranchCode) -> tuple[Hold, ...]:
    """The holds of a patron without those that were fetched here.

    Raises:
        ReplicaError: the replica is damaged.
        LedgerUnwritableError: the ledger is.

    """
    holds = read.holds_of(patron)
    if not any(_is_ready(hold, here) for hold in holds):
        return holds
    return without_fetched(holds, _fetched(patron, read, recorder.ledger.local_loans_of_patron(patron)), here=here)


def without_fetched(holds: Iterable[Hold], titles: Iterable[str], *, here: BranchCode) -> tuple[Hold, ...]:
    """The holds but for one that is ready here for each title: a hold names no copy."""
    left = list(holds)
    for title in titles:
        fetched = next((hold for hold in left if hold.title == title and _is_ready(hold, here)), None)
        if fetched is not None:
            left.remove(fetched)
    return tuple(left)


def _fetched(patron: PatronId, read: ReplicaReader, loans: Iterable[LocalLoan]) -> Iterator[str]:
    """The titles of what was lent here from the hold shelf; another copy of the same title fetches nothing."""
    for loan in (one.loan for one in loans if one.lent_here and not one.put_back):
        known = read.item(loan.barcode)
        if known is not None and known.item.id == loan.item:
            item = known.item
            if item.status is ItemStatus.ON_HOLD_SHELF and item.held_for == patron:
                yield item.title


def _is_ready(hold: Hold, here: BranchCode) -> bool:
    return hold.state is HoldState.READY and hold.pickup == here
