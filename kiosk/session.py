"""The session: who is here and what the screen is about. Pure: (state, event, now) → state.

What must be looked up or written stands in the new state; the core does it and answers with another
event. A late answer opens nothing.
"""

from dataclasses import replace

from drivers.ports import BarcodeScanned, CardPresented, CardUnreadable
from kiosk.events import BackChosen, BorrowChosen, Event, FinishChosen, PutBackChosen, StillHereChosen, Touched
from kiosk.settings import KioskSettings
from kiosk.states import (
    Answer,
    Borrowing,
    CardTurnedAway,
    Goodbye,
    Home,
    Identifying,
    Idle,
    Lend,
    OutOfService,
    PatronIdentified,
    PutBack,
    Refused,
    ServiceResumed,
    ServiceStopped,
    State,
    StillHere,
    VisitChanged,
    Waiting,
)
from kiosk.view import Refusal


def deadline(state: State, settings: KioskSettings) -> float | None:
    """When the state changes by itself (monotonic seconds)."""
    match state:
        case Idle(Waiting(barcodes, until)) if barcodes:
            return until
        case Home(_, since) | Borrowing(_, since):
            idle_until = since + settings.idle
            return idle_until if state.other_card_until is None else min(idle_until, state.other_card_until)
        case StillHere(inside, ends_at):
            return ends_at if inside.other_card_until is None else min(ends_at, inside.other_card_until)
        case Goodbye(_, ends_at) | Refused(_, ends_at):
            return ends_at
        case _:
            return None


def advance(state: State, event: Event | Answer, *, now: float, settings: KioskSettings) -> State:
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
        case Idle() | Identifying() | Goodbye() | Refused():
            return _nobody(state, event, now, settings)
        case Home() | Borrowing():
            return _open(state, event, now, settings)
        case StillHere():
            return _counting(state, event, now, settings)
        case OutOfService():
            return state


def expired(state: State, *, now: float, settings: KioskSettings) -> State:
    """What time alone makes of a state. However late the clock is looked at, the countdown ends at the same instant."""
    match state:
        case Idle(Waiting(barcodes, until)) if barcodes and now >= until:
            return Idle()
        case Home(_, since) | Borrowing(_, since) if now >= since + settings.idle:
            ends_at = since + settings.idle + settings.countdown
            return expired(StillHere(_notice_over(state, now), ends_at), now=now, settings=settings)
        case StillHere(_, ends_at, waiting) | Goodbye(_, ends_at, waiting) | Refused(_, ends_at, waiting) if now >= ends_at:
            return expired(Idle(waiting), now=now, settings=settings)
        case Home() | Borrowing():
            return _notice_over(state, now)
        case StillHere(inside):
            return replace(state, inside=_notice_over(inside, now))
        case _:
            return state


def _nobody(state: Idle | Identifying | Goodbye | Refused, event: Event | Answer, now: float, settings: KioskSettings) -> State:
    waiting = state.waiting
    match state, event:
        case _, CardPresented(uid):
            return Identifying(uid, waiting)
        case Goodbye(), CardUnreadable():
            return state  # the card of the one who is leaving, most likely
        case _, CardUnreadable():
            return Refused(Refusal.UNREADABLE, now + settings.refused, waiting)
        case Goodbye(), BarcodeScanned(text):
            return Idle(_scanned(waiting, text, now, settings))
        case Idle() | Identifying() | Refused(), BarcodeScanned(text):
            return replace(state, waiting=_scanned(waiting, text, now, settings))
        case Identifying(uid), PatronIdentified(visit) if visit.uid == uid:
            return _with_waiting(Home(visit, now), waiting, now)
        case Identifying(uid), CardTurnedAway(answered, refusal) if answered == uid:
            return Refused(refusal, now + settings.refused, waiting)
        case Goodbye() | Refused(), BackChosen() | FinishChosen():
            return Idle(waiting)
        case _:
            return state


def _with_waiting(state: Home | Borrowing, waiting: Waiting, now: float) -> Home | Borrowing:
    if now >= waiting.until or not waiting.barcodes:
        return replace(state, since=now)
    todo = state.todo if isinstance(state, Borrowing) else ()
    return Borrowing(state.visit, now, (*todo, *(Lend(barcode) for barcode in waiting.barcodes)), state.other_card_until)


def _scanned(waiting: Waiting, barcode: str, now: float, settings: KioskSettings) -> Waiting:
    kept = waiting.barcodes if now < waiting.until else ()
    if barcode not in kept and len(kept) < settings.most_waiting:
        kept = (*kept, barcode)
    return Waiting(kept, now + settings.waiting)


def _open(state: Home | Borrowing, event: Event | Answer, now: float, settings: KioskSettings) -> State:
    match state, event:
        case _, CardPresented(uid):
            return replace(state, since=now) if uid == state.visit.uid else replace(state, other_card_until=now + settings.other_card)
        case Home(visit), BarcodeScanned(text):
            return Borrowing(visit, now, (Lend(text),))
        case Borrowing(todo=todo), BarcodeScanned(text):
            return replace(state, since=now, todo=(*todo, Lend(text)))
        case Home(visit), BorrowChosen():
            return Borrowing(visit, now)
        case Borrowing(visit), BackChosen():
            return Home(visit, now)
        case Borrowing(visit, todo=todo), PutBackChosen(loan) if visit.line_of(loan):
            return replace(state, since=now, todo=(*todo, PutBack(loan)))
        case _, FinishChosen():
            return Goodbye(state.visit.borrowed, now + settings.goodbye)
        case _, Touched() | BorrowChosen() | BackChosen() | PutBackChosen() | StillHereChosen():
            return replace(state, since=now)
        case _:
            return _news(state, event, now, settings)


def _news(state: Home | Borrowing, event: Event | Answer, now: float, settings: KioskSettings) -> State:
    match event:
        case CardTurnedAway(uid, refusal) if uid == state.visit.uid:
            return Refused(refusal, now + settings.refused)
        case VisitChanged(visit, done) if visit.correlation == state.visit.correlation:
            if isinstance(state, Borrowing) and done:
                return replace(state, visit=visit, todo=state.todo[1:])
            return replace(state, visit=visit)
        case _:
            return state


def _counting(state: StillHere, event: Event | Answer, now: float, settings: KioskSettings) -> State:
    """A touch or a scan proves nothing: the button or the same card do. It may be the next child's finger, and the next child's book."""
    match event:
        case StillHereChosen():
            return _with_waiting(state.inside, state.waiting, now)
        case CardPresented(uid) if uid == state.inside.visit.uid:
            return _with_waiting(state.inside, state.waiting, now)
        case BarcodeScanned(text):
            return replace(state, waiting=_scanned(state.waiting, text, now, settings))
        case CardPresented() | VisitChanged() | CardTurnedAway() | FinishChosen():
            after = _open(state.inside, event, now, settings)
            if isinstance(after, Goodbye | Refused):
                return replace(after, waiting=state.waiting)
            return replace(state, inside=after) if isinstance(after, Home | Borrowing) else after  # its time stands still
        case _:
            return state


def _notice_over(state: Home | Borrowing, now: float) -> Home | Borrowing:
    over = state.other_card_until is not None and now >= state.other_card_until
    return replace(state, other_card_until=None) if over else state
