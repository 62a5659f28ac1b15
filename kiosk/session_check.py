"""The session while cards are checked: one after the other, each works or does not. Nobody's visit is opened, nothing is scanned. Pure."""

from drivers.ports import CardUnreadable
from kiosk.answers import Answer, CardTurnedAway, PatronIdentified
from kiosk.events import BackChosen, Event, FinishChosen
from kiosk.refusal import Refusal
from kiosk.scans import Scan
from kiosk.settings import KioskSettings
from kiosk.states import Checked, Identifying, Idle, State


def checking(state: Idle | Identifying | Checked, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> State:
    """What an event that lays down no card makes of it. Of a card that works nothing stays but that."""
    match state, event:
        case _, CardUnreadable():
            return Checked(Refusal.UNREADABLE, now + settings.done)
        case Identifying(opener), PatronIdentified(visit) if visit.opener == opener:
            return Checked(None, now + settings.checked)
        case Identifying(opener), CardTurnedAway(turned_away, refusal, reference) if turned_away == opener:
            return Checked(refusal, now + settings.done, reference)
        case Checked(), BackChosen() | FinishChosen():
            return Idle()
        case _:
            return state
