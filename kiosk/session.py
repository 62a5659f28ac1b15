"""The session: who is here and what the screen is about. Pure: (state, event, now) → state.

What must be looked up, written or asked stands in the new state; the core does it and answers with another
event. A late answer opens nothing.
"""

from dataclasses import replace

from drivers.ports import CardPresented
from kiosk.answers import Answer, CardsFound, CardTurnedAway, ServiceResumed, ServiceStopped, VisitChanged
from kiosk.events import Event, FinishChosen, StillHereChosen
from kiosk.scans import CardScanned, ItemScanned, Scan, opener_in
from kiosk.session_free import free
from kiosk.session_pile import scanned, with_waiting
from kiosk.session_time import deadline, expired
from kiosk.session_visit import in_visit, reported
from kiosk.settings import KioskSettings
from kiosk.states import (
    Borrowing,
    Dropping,
    Goodbye,
    Home,
    Identifying,
    Idle,
    Loans,
    LossForm,
    LossReported,
    LossTaken,
    Open,
    OutOfService,
    PinPad,
    Refused,
    ReportLoss,
    Returning,
    State,
    StillHere,
)

__all__ = ["advance", "deadline", "expired"]


def advance(state: State, event: Event | Scan | Answer, *, now: float, settings: KioskSettings) -> State:
    """What an event makes of a state, after all that time has made of it until ``now``."""
    state = expired(state, now=now, settings=settings)
    match event:
        case ServiceStopped(problem):
            return OutOfService(problem)
        case ServiceResumed():
            return Idle() if isinstance(state, OutOfService) else state
        case _:
            pass
    match state:
        case Idle() | Identifying() | Dropping() | LossForm() | LossTaken() | Goodbye() | Refused():
            return free(state, event, now, settings)
        case Home() | Borrowing() | Returning() | Loans() | PinPad() | ReportLoss():
            return in_visit(state, event, now, settings)
        case LossReported():
            return reported(state, event, now, settings)
        case StillHere():
            return _counting(state, event, now, settings)
        case OutOfService():
            return state


def _counting(state: StillHere, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> State:
    """A touch or a scan proves nothing: the button or the same card do. It may be the next child's finger, and the next child's book."""
    opener = opener_in(event)
    match event:
        case StillHereChosen():
            return with_waiting(state.inside, state.waiting, now)
        case _ if opener == state.inside.visit.opener:
            return with_waiting(state.inside, state.waiting, now)
        case ItemScanned(text) if opener is None:
            return replace(state, waiting=scanned(state.waiting, text, now, settings))
        case CardPresented() | ItemScanned() | CardScanned() | VisitChanged() | CardsFound() | CardTurnedAway() | FinishChosen():
            after = in_visit(state.inside, event, now, settings)
            if isinstance(after, Goodbye | Refused):
                return replace(after, waiting=state.waiting)
            return replace(state, inside=after) if isinstance(after, Open) else after  # its time stands still
        case _:
            return state
