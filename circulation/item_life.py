"""The life of an item as one table: what each event makes of each status. "On loan" is a loan's existence and no status."""

from enum import StrEnum, unique
from types import MappingProxyType

from circulation.items import ItemStatus


@unique
class ItemEvent(StrEnum):
    """What may happen to an item."""

    CHECKED_OUT = "checked_out"
    CHECKED_IN_AT_HOME = "checked_in_at_home"
    CHECKED_IN_ELSEWHERE = "checked_in_elsewhere"
    SET_ASIDE = "set_aside"
    """It came back, and somebody waits for it: it goes to the hold shelf of the pick-up branch, wherever that is."""
    TRAPPED_FOR_HOLD = "trapped_for_hold"
    """It is laid on the hold shelf of the branch where it is."""
    HOLD_ENDED = "hold_ended"
    ARRIVED = "arrived"
    """At the branch it was sent to."""
    MISSED = "missed"
    """Looked for and not found."""
    CLAIMED_RETURNED = "claimed_returned"
    DECLARED_LOST = "declared_lost"
    FOUND_DAMAGED = "found_damaged"
    REPAIRED = "repaired"
    WITHDRAWN = "withdrawn"


_S, _E = ItemStatus, ItemEvent
_HERE = {_E.CHECKED_IN_AT_HOME: _S.AVAILABLE, _E.CHECKED_IN_ELSEWHERE: _S.IN_TRANSIT, _E.ARRIVED: _S.AVAILABLE}
_LEAVES = {_E.CHECKED_OUT: _S.AVAILABLE}
_ENDS = {_E.DECLARED_LOST: _S.LOST, _E.FOUND_DAMAGED: _S.DAMAGED, _E.WITHDRAWN: _S.WITHDRAWN, _E.MISSED: _S.MISSING}
_STAYS = {
    _E.CHECKED_OUT: _S.IN_LIBRARY_ONLY,
    _E.CHECKED_IN_AT_HOME: _S.IN_LIBRARY_ONLY,
    _E.CHECKED_IN_ELSEWHERE: _S.IN_LIBRARY_ONLY,  # on its way home it would forget what it is, and be lendable on arrival
    _E.ARRIVED: _S.IN_LIBRARY_ONLY,
}
_ASIDE = {_E.CHECKED_IN_AT_HOME: _S.DAMAGED, _E.CHECKED_IN_ELSEWHERE: _S.DAMAGED, _E.ARRIVED: _S.DAMAGED, _E.REPAIRED: _S.AVAILABLE}
_GONE = {_E.CHECKED_IN_AT_HOME: _S.WITHDRAWN, _E.CHECKED_IN_ELSEWHERE: _S.WITHDRAWN, _E.ARRIVED: _S.WITHDRAWN}
_TRAP = {_E.TRAPPED_FOR_HOLD: _S.ON_HOLD_SHELF, _E.SET_ASIDE: _S.IN_TRANSIT}
_CLAIM = {_E.CLAIMED_RETURNED: _S.CLAIMED_RETURNED}

LIFE = MappingProxyType(
    {
        _S.AVAILABLE: _HERE | _LEAVES | _ENDS | _TRAP | _CLAIM,
        _S.ON_HOLD_SHELF: _HERE | _LEAVES | _ENDS | _TRAP | {_E.HOLD_ENDED: _S.AVAILABLE, _E.CHECKED_IN_AT_HOME: _S.ON_HOLD_SHELF},
        _S.IN_TRANSIT: _HERE | _LEAVES | _ENDS | _TRAP,
        _S.IN_LIBRARY_ONLY: _STAYS | _ENDS,
        _S.MISSING: _HERE | _LEAVES | _ENDS | _TRAP,
        _S.CLAIMED_RETURNED: _HERE | _LEAVES | _ENDS | _TRAP,
        _S.LOST: _HERE | _LEAVES | _ENDS | _TRAP,
        _S.DAMAGED: _ASIDE | _ENDS,
        _S.WITHDRAWN: _GONE,
    }
)
"""Status → event → next status. What is not named can't happen, or changes nothing: ``after`` leaves the status."""


def after(status: ItemStatus, event: ItemEvent) -> ItemStatus:
    """The status after an event. An item that is lent keeps the status it had, but for those that a loan disproves (missing, lost, in transit …)."""
    return LIFE[status].get(event, status)
