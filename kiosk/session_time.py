"""What time alone makes of a session. Pure; seconds of the monotonic clock."""

from dataclasses import replace
from typing import TypeVar

from kiosk.settings import KioskSettings
from kiosk.states import (
    Animals,
    Borrowing,
    Checked,
    Dropping,
    Goodbye,
    Home,
    Idle,
    Loans,
    LossForm,
    LossReported,
    LossTaken,
    Open,
    PinPad,
    Refused,
    ReportLoss,
    Returning,
    State,
    StillHere,
    Waiting,
)

_Noticing = TypeVar("_Noticing", bound=Open | LossReported)


def deadline(state: State, settings: KioskSettings) -> float | None:
    """When the state changes by itself (monotonic seconds)."""
    match state:
        case Idle(Waiting(barcodes, until)) if barcodes:
            return until
        case Home() | Borrowing() | Returning() | Loans() | PinPad() | ReportLoss() | Animals():
            return _sooner(state.since + settings.idle, state.other_card_until)
        case StillHere(inside, ends_at):
            return _sooner(ends_at, inside.other_card_until)
        case LossReported():
            return _sooner(state.ends_at, state.other_card_until)
        case Goodbye() | Refused() | LossTaken() | Checked():
            return state.ends_at
        case Dropping(since):
            return since + settings.idle
        case LossForm(since):
            return since + settings.idle + settings.countdown
        case _:
            return None


def expired(state: State, *, now: float, settings: KioskSettings) -> State:
    """What time alone makes of a state. However late the clock is looked at, the countdown ends at the same instant."""
    match state:
        case Idle(Waiting(barcodes, until)) if barcodes and now >= until:
            return Idle()
        case Home() | Borrowing() | Returning() | Loans() | PinPad() | ReportLoss() | Animals() if now >= state.since + settings.idle:
            ends_at = state.since + settings.idle + settings.countdown
            return expired(StillHere(_wiped(_notice_over(state, now)), ends_at), now=now, settings=settings)
        case LossReported(visit) if now >= state.ends_at:
            return expired(Home(visit, state.ends_at, state.other_card_until), now=now, settings=settings)
        case Refused(dropping=Dropping() as dropping) if now >= state.ends_at:
            return expired(replace(dropping, since=state.ends_at), now=now, settings=settings)
        case StillHere() | Goodbye() | Refused() | LossTaken() | Checked() if now >= state.ends_at:
            waiting = Waiting() if isinstance(state, Checked) else state.waiting  # what is scanned while cards are checked is nothing
            return expired(Idle(waiting), now=now, settings=settings)
        case Dropping(since) if now >= since + settings.idle:
            return Idle()
        case LossForm(since, waiting) if now >= since + settings.idle + settings.countdown:
            return expired(Idle(waiting), now=now, settings=settings)
        case Home() | Borrowing() | Returning() | Loans() | PinPad() | ReportLoss() | Animals() | LossReported():
            return _notice_over(state, now)
        case StillHere(inside):
            return replace(state, inside=_notice_over(inside, now))
        case _:
            return state


def _sooner(at: float, other_card_until: float | None) -> float:
    return at if other_card_until is None else min(at, other_card_until)


def _wiped(state: Open) -> Open:
    """Without what somebody typed or was about to confirm: the next finger may be another one's, and a late answer opens nothing."""
    match state:
        case PinPad(visit, since):
            return PinPad(visit, since, other_card_until=state.other_card_until)
        case ReportLoss() | Animals():
            return replace(state, chosen=None)
        case _:
            return state


def _notice_over(state: _Noticing, now: float) -> _Noticing:
    over = state.other_card_until is not None and now >= state.other_card_until
    return replace(state, other_card_until=None) if over else state
