"""From a card or a mobile card to a patron: the rules behind every tap and every code. What a refused card gives away is nothing at all (Q6-4, R5)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import PatronId
from circulation.mobile_codes import MobileCodeProblem, decide_mobile_code
from kiosk.known import KnownCard
from kiosk.view import Refusal
from replica.mobile_keys import is_signed


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


def card_as_shown(known: KnownCard | None, *, by_barcode: bool) -> KnownCard | None:
    """What is known of a card that was shown in this way: a barcode opens cards with a barcode only, whatever other number it spells."""
    return None if by_barcode and known is not None and known.kind is not CardKind.BARCODE else known


def decide_code(scanned: str, now: datetime | None, keys: Mapping[int, bytes], *, skew: timedelta) -> PatronId | Refusal:
    """Whose session a code opens, or why it opens none.

    Args:
        scanned: as it came from the scanner.
        now: the registry's time; none when this kiosk can't be sure of it.
        keys: the public keys that are trusted, by their numbers.
        skew: by how much the clocks may differ.

    """
    if now is None:
        return Refusal.CODE_CLOCK
    decided = decide_mobile_code(scanned, now=now, keys=keys, is_signed=is_signed, skew=skew)
    return Refusal(decided.value) if isinstance(decided, MobileCodeProblem) else decided.patron
