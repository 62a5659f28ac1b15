"""The PIN pad and the loss report as values for the screen. Pure. Nothing of a card leaves here but its kind."""

from circulation.cards import CardState
from kiosk.known import OwnCard
from kiosk.settings import KioskSettings
from kiosk.states import PinPad
from kiosk.view import CardChoice, PinProblem, ReportLoss
from kiosk.view import PinPad as PinPadScreen


def pin_pad(state: PinPad, settings: KioskSettings, *, offline: bool) -> PinPadScreen:
    """The screen that wants the PIN. While the registry can't be asked it says so before anybody types."""
    problem = PinProblem.OFFLINE if offline else state.problem
    left_behind = state.visit.open_pins - (state.ticket is not None)
    left = max(0, settings.pin_tries - state.visit.wrong_pins - left_behind)
    return PinPadScreen(state.ticket is not None, problem, left, state.locked_until if problem is PinProblem.LOCKED else None)


def cards_of(cards: tuple[OwnCard, ...], chosen: OwnCard | None) -> ReportLoss:
    """The screen that asks which card is lost."""
    choices = tuple(CardChoice(number, card.kind, card.state is CardState.LOST) for number, card in enumerate(cards, start=1))
    return ReportLoss(choices, next((number for number, card in enumerate(cards, start=1) if card == chosen), None))
