"""From a card to a patron: the rules behind every tap. What a refused card gives away is nothing at all (Q6-4, R5)."""

from circulation.cards import CardState, CardUid
from kiosk.known import KnownCard
from kiosk.view import Refusal


def refusal_by_uid(uid: CardUid) -> Refusal | None:
    """Why this UID is not looked up at all: a telephone makes a new one for every tap, a blank one is a fault."""
    if uid.is_random:
        return Refusal.PHONE
    if uid.is_blank:
        return Refusal.UNREADABLE
    return None


def refusal_by_state(known: KnownCard | None, *, lost_here: bool) -> Refusal | None:
    """Why a card opens nothing. A replaced card is not on record: unknown, as any other.

    ``lost_here``: it was reported lost at this kiosk, and the registry has not yet had its word.
    """
    if known is None:
        return Refusal.UNKNOWN
    return Refusal.LOST if lost_here or known.state is not CardState.ACTIVE else None
