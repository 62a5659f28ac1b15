"""Decisions about loss reports. A report stops one card and nothing else (R7); it works without a network and is never undone by a kiosk (I3)."""

from circulation.cards import CardState
from circulation.reasons import Decision, Reason


def decide_loss_report(state: CardState | None, *, of_this_patron: bool) -> Decision:
    """Decide whether a card may be reported lost by the patron who is here.

    Args:
        state: what the card may do; none when it is not on record.
        of_this_patron: whether it belongs to the patron whose session is open.

    """
    if state is None or not of_this_patron:
        return Decision((Reason.CARD_UNKNOWN,))
    if state is CardState.LOST:
        return Decision((Reason.CARD_ALREADY_LOST,))
    return Decision()
