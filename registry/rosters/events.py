"""Which events of schools and of the Bureau change a binding: the one table, and every row goes through it (R10)."""

from enum import StrEnum, unique

from registry.rosters.rows import BureauRow, ContactRow, LeavingRow, LossRow, ReissueRow, RosterRow


@unique
class FeedEvent(StrEnum):
    """What a row of a roster tells."""

    NEW_CARD = "new_card"
    """A student ID, made with consent (Q3-2c, Q7-c)."""
    REISSUE = "reissue"
    """補發 (Q6-3a)."""
    LOSS = "loss"
    RETURN = "return"
    """繳回 (Q7-b)."""
    CANCELLED = "cancelled"
    """註銷, the card is kept (Q7-a)."""
    CONTACT_DATA = "contact_data"
    """From a school (Q3-1a)."""


@unique
class BindingChange(StrEnum):
    """What may happen to a binding."""

    BIND = "bind"
    """The number becomes the patron's EasyCard, in the place of the one before (Q9-c)."""
    STOP = "stop"
    """The card is refused until another comes (R5)."""
    END = "end"
    """The number is no such record any more; the account, its loans and its other cards stay (Q7-b)."""


_CHANGES = {
    FeedEvent.NEW_CARD: BindingChange.BIND,
    FeedEvent.REISSUE: BindingChange.BIND,
    FeedEvent.LOSS: BindingChange.STOP,
    FeedEvent.RETURN: BindingChange.END,
}


def changes_binding(event: FeedEvent) -> BindingChange | None:
    """What an event does to a binding; none for every event that R10 does not name."""
    return _CHANGES.get(event)


def event_of(row: RosterRow) -> FeedEvent:
    """What a row tells."""
    match row:
        case BureauRow():
            return FeedEvent.NEW_CARD
        case ReissueRow():
            return FeedEvent.REISSUE
        case LossRow():
            return FeedEvent.LOSS
        case LeavingRow():
            return FeedEvent.RETURN if row.handed_in else FeedEvent.CANCELLED
        case ContactRow():
            return FeedEvent.CONTACT_DATA
