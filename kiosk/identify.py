"""From a card to a patron: the rules behind every tap. What a refused card gives away is nothing at all (Q6-4, R5)."""

from circulation.cards import CardState, CardUid
from kiosk.known import KnownCard
from kiosk.overlay import LocalLoan, loans_of
from kiosk.view import Refusal
from kiosk.visit import Visit


def refusal_by_uid(uid: CardUid) -> Refusal | None:
    """Why this UID is not looked up at all: a telephone makes a new one for every tap, a blank one is a fault."""
    if uid.is_random:
        return Refusal.PHONE
    if uid.is_blank:
        return Refusal.UNREADABLE
    return None


def identify(uid: CardUid, key: bytes, known: KnownCard | None, local: tuple[LocalLoan, ...], *, correlation: str) -> Visit | Refusal:
    """The visit that a card opens, with this kiosk's own loans merged in, or why it opens none.

    A replaced card is not on record: unknown, as any other.
    """
    if known is None:
        return Refusal.UNKNOWN
    if known.state is not CardState.ACTIVE:
        return Refusal.LOST
    return Visit(uid, key, correlation, known.patron, loans_of(known.patron.id, known.loans, local))
