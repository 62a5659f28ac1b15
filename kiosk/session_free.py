"""The session while nobody's is open: taps, piles, items that come back without a card, losses reported without one. Pure."""

from dataclasses import replace

from drivers.ports import CardUnreadable
from kiosk.answers import Answer, Asked, CardTurnedAway, DropChanged, PatronIdentified
from kiosk.events import (
    BackChosen,
    Event,
    FinishChosen,
    LossByIdEntered,
    LossByIdTaken,
    LossChosen,
    QuestionFailed,
    ReturnChosen,
    StillHereChosen,
    Touched,
)
from kiosk.scans import ItemScanned, Scan, ScanRefused, opener_in
from kiosk.session_pile import scanned, with_waiting
from kiosk.settings import KioskSettings
from kiosk.states import (
    Dropping,
    Free,
    Goodbye,
    Home,
    Identifying,
    Idle,
    LossForm,
    LossTaken,
    Refused,
    Returning,
    State,
    TakeBack,
    Waiting,
)
from kiosk.view import Refusal


def free(state: Free, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> State:
    """What an event makes of a state without a visit."""
    dropping = _dropping_in(state)
    waiting = Waiting() if isinstance(state, Dropping) else state.waiting
    opener = opener_in(event)
    if opener is not None:
        return Identifying(opener, waiting, dropping)
    match event:
        # At the slip it is the card of the one who is leaving, most likely; beside a pile of returns a library card in a book.
        case CardUnreadable() if dropping is None and not isinstance(state, Goodbye):
            return Refused(Refusal.UNREADABLE, now + settings.refused, waiting)
        case _:
            pass
    match state:
        case Idle():
            return _idle(state, event, now, settings)
        case Identifying():
            return _identifying(state, event, now, settings)
        case Dropping():
            return _dropping(state, event, now, settings)
        case LossForm():
            return _form(state, event, now, settings)
        case LossTaken() | Goodbye() | Refused():
            return _passing(state, event, now, settings)


def _dropping_in(state: Free) -> Dropping | None:
    """The return screen without a card that is open, behind a card too."""
    match state:
        case Dropping():
            return state
        case Identifying(dropping=dropping) | Refused(dropping=dropping):
            return dropping
        case _:
            return None


def _idle(state: Idle, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> State:
    match event:
        case ItemScanned(text):
            return Idle(scanned(state.waiting, text, now, settings))
        case ReturnChosen():
            return Dropping(now, todo=tuple(TakeBack(barcode) for barcode in state.waiting.barcodes))
        case LossChosen():
            return LossForm(now, state.waiting)
        case _:
            return state


def _identifying(state: Identifying, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> State:
    dropping = state.dropping
    match event:
        case ItemScanned(text) if dropping is not None:
            return replace(state, dropping=_with_scan(dropping, text, now))
        case ItemScanned(text):
            return replace(state, waiting=scanned(state.waiting, text, now, settings))
        case PatronIdentified(visit) if visit.opener == state.opener and dropping is not None:
            # Whoever is giving back goes on with that: the next scan must not lend what lies in the return box.
            return Returning(visit, now, dropping.todo)
        case PatronIdentified(visit) if visit.opener == state.opener:
            return with_waiting(Home(visit, now), state.waiting, now)
        case CardTurnedAway(opener, refusal) if opener == state.opener:
            return Refused(refusal, now + settings.refused, state.waiting, dropping)
        case _:
            return state


def _with_scan(dropping: Dropping, barcode: str, now: float) -> Dropping:
    return replace(dropping, since=now, todo=(*dropping.todo, TakeBack(barcode)))


def _dropping(state: Dropping, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> State:
    match event:
        case ItemScanned(text):
            return _with_scan(state, text, now)
        case DropChanged(drop):
            return replace(state, drop=drop, todo=state.todo[1:])
        case FinishChosen() if any(line.taken for line in state.drop.lines):
            returned = tuple(line for line in state.drop.lines if line.taken)
            return Goodbye((), now + settings.goodbye, returned=returned)
        case FinishChosen() | BackChosen():
            return Idle()
        case Touched() | StillHereChosen() | ReturnChosen() | ScanRefused():
            return replace(state, since=now)
        case _:
            return state


def _form(state: LossForm, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> State:
    match event:
        case ItemScanned(text):
            return replace(state, waiting=scanned(state.waiting, text, now, settings))
        case LossByIdEntered(kind=kind) if state.ticket is None:
            return LossForm(now, state.waiting, event, kind=kind)
        case Asked(ticket) if state.form is not None:
            return replace(state, form=None, ticket=ticket)
        case LossByIdTaken(ticket) if ticket == state.ticket and state.kind is not None:
            return LossTaken(state.kind, now + settings.done, state.waiting)
        case QuestionFailed(ticket) if ticket == state.ticket:
            return replace(state, ticket=None, failed=True)
        case FinishChosen() | BackChosen():
            return Idle(state.waiting)
        case Touched() | StillHereChosen() | LossChosen() | LossByIdEntered():
            return replace(state, since=now)
        case _:
            return state


def _passing(state: LossTaken | Goodbye | Refused, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> State:
    """A screen that goes by itself; a refusal beside items that come back goes at once for the next of them."""
    dropping = _dropping_in(state)
    match event:
        case ItemScanned(text) if dropping is not None:
            return _with_scan(dropping, text, now)
        case BackChosen() | FinishChosen() if dropping is not None:
            return replace(dropping, since=now)
        case ItemScanned(text) if isinstance(state, Refused):
            return replace(state, waiting=scanned(state.waiting, text, now, settings))
        case ItemScanned(text):
            return Idle(scanned(state.waiting, text, now, settings))
        case BackChosen() | FinishChosen():
            return Idle(state.waiting)
        case _:
            return state
