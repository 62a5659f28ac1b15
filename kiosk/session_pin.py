"""Titles and the PIN before them (R21). Pure: what was typed goes with the question, and only the answer to that question counts."""

from dataclasses import replace

from circulation.wire import PinVerdict
from kiosk.answers import Answer, Asked
from kiosk.events import Event, PinAnswered, PinEntered, QuestionFailed
from kiosk.scans import Scan
from kiosk.settings import KioskSettings
from kiosk.states import Loans, PinPad
from kiosk.view import PinProblem
from kiosk.visit import Visit

_PROBLEMS = {PinVerdict.LOCKED: PinProblem.LOCKED, PinVerdict.NONE: PinProblem.NONE}


def titles_asked_for(state: Loans, now: float, settings: KioskSettings) -> Loans | PinPad:
    """The titles are wanted: shown at once where no PIN is, else asked for."""
    if state.visit.titles_shown:
        return replace(state, since=now)
    if not settings.titles_need_pin:
        return replace(state, since=now, visit=replace(state.visit, titles_shown=True))
    return PinPad(state.visit, now, problem=None if _tries_left(state.visit, settings) else PinProblem.WRONG)


def at_the_pad(state: PinPad, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> PinPad | Loans:
    """What was typed, and what came of it."""
    match event:
        case PinEntered(pin) if state.pin is None and state.ticket is None and _tries_left(state.visit, settings):
            return PinPad(state.visit, now, pin, other_card_until=state.other_card_until)
        case PinEntered():
            return replace(state, since=now)
        case Asked(ticket) if state.pin is not None:
            return replace(state, visit=_opened(state.visit, 1), pin=None, ticket=ticket)
        case QuestionFailed(ticket) if ticket == state.ticket:
            return replace(state, visit=_opened(state.visit, -1), ticket=None, problem=PinProblem.OFFLINE)
        case PinAnswered(ticket, verdict, locked_until) if ticket == state.ticket:
            heard = replace(state, visit=_opened(state.visit, -1), since=now, ticket=None, locked_until=locked_until)
            return _answered(heard, verdict, settings)
        case _:
            return state


def _answered(state: PinPad, verdict: PinVerdict, settings: KioskSettings) -> PinPad | Loans:
    visit, since, notice = state.visit, state.since, state.other_card_until
    if verdict is PinVerdict.RIGHT:
        return Loans(replace(visit, titles_shown=True), since, other_card_until=notice)
    if verdict is not PinVerdict.WRONG:
        return replace(state, problem=_PROBLEMS[verdict])
    visit = replace(visit, wrong_pins=visit.wrong_pins + 1)
    if not _tries_left(visit, settings):
        return Loans(visit, since, other_card_until=notice)
    return replace(state, visit=visit, problem=PinProblem.WRONG)


def _tries_left(visit: Visit, settings: KioskSettings) -> bool:
    return visit.wrong_pins + visit.open_pins < settings.pin_tries


def _opened(visit: Visit, more: int) -> Visit:
    return replace(visit, open_pins=visit.open_pins + more)
