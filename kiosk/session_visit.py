"""The session of somebody who is here. Pure. Another card never joins it, and what another one asked for opens nothing."""

from dataclasses import replace

from circulation.cards import CardState
from kiosk.answers import Answer, CardsFound, CardTurnedAway, LossWritten, VisitChanged
from kiosk.events import (
    BackChosen,
    BorrowChosen,
    Choice,
    Event,
    FinishChosen,
    LoansChosen,
    LossChosen,
    LossConfirmed,
    LostCardChosen,
    PinEntered,
    PutBackChosen,
    RenewAllChosen,
    RenewChosen,
    ReturnChosen,
    TitlesChosen,
)
from kiosk.scans import ItemScanned, Scan, ScanRefused, opener_in
from kiosk.session_pin import at_the_pad, titles_asked_for
from kiosk.settings import KioskSettings
from kiosk.states import (
    Borrowing,
    Goodbye,
    Home,
    Lend,
    Loans,
    LossReported,
    Open,
    PinPad,
    PutBack,
    Refused,
    Renew,
    ReportLoss,
    Returning,
    State,
    TakeBack,
)


def in_visit(state: Open, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> State:
    """What an event makes of an open visit."""
    opener = opener_in(event)
    if opener is not None:
        return replace(state, since=now) if opener == state.visit.opener else replace(state, other_card_until=now + settings.other_card)
    match state, event:
        case Returning(), ItemScanned(text):
            return replace(state, since=now, todo=(*state.todo, TakeBack(text)))
        case Borrowing(), ItemScanned(text):
            return replace(state, since=now, todo=(*state.todo, Lend(text)))
        case _, ItemScanned(text):
            return Borrowing(state.visit, now, (Lend(text),))
        case _, FinishChosen():
            return _goodbye(state, now, settings)
        case PinPad(), PinEntered():
            return at_the_pad(state, event, now, settings)
        case _:
            return _chosen(state, event, now, settings)


def _chosen(state: Open, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> State:
    visit = state.visit
    match state, event:
        case Borrowing(todo=todo), PutBackChosen(loan) if visit.line_of(loan):
            return replace(state, since=now, todo=(*todo, PutBack(loan)))
        case Loans(todo=todo), RenewChosen(loan) if visit.loan(loan) and not visit.is_renewed(loan):
            return replace(state, since=now, todo=(*todo, Renew(loan)))
        case Loans(todo=todo), RenewAllChosen():
            return replace(state, since=now, todo=(*todo, Renew()))
        case Loans(), TitlesChosen():
            return titles_asked_for(state, now, settings)
        case ReportLoss(cards=cards), LostCardChosen(number):
            chosen = cards[number - 1] if cards is not None and 1 <= number <= len(cards) else None
            return replace(state, since=now, chosen=chosen if chosen and chosen.state is not CardState.LOST else None)
        case ReportLoss(chosen=chosen), LossConfirmed() if chosen:
            return replace(state, since=now, confirmed=True)
        case _, BackChosen():
            return _back(state, now)
        case _:
            return _elsewhere(state, event, now, settings)


def _back(state: Open, now: float) -> Open:
    match state:
        case Home():
            return replace(state, since=now)
        case PinPad(visit):
            return Loans(visit, now)
        case ReportLoss(chosen=chosen) if chosen:
            return replace(state, since=now, chosen=None)
        case _:
            return Home(state.visit, now)


def _elsewhere(state: Open, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> State:
    """To another screen of the same visit; any other finger keeps it open."""
    visit = state.visit
    match state, event:
        case ((Home() | Returning() | Loans() | PinPad() | ReportLoss()), BorrowChosen()):
            return Borrowing(visit, now)
        case ((Home() | Borrowing() | Loans() | PinPad() | ReportLoss()), ReturnChosen()):
            return Returning(visit, now)
        case ((Home() | Borrowing() | Returning() | PinPad() | ReportLoss()), LoansChosen()):
            return Loans(visit, now)
        case ((Home() | Borrowing() | Returning() | Loans() | PinPad()), LossChosen()):
            return ReportLoss(visit, now)
        case _ if isinstance(event, Choice | ScanRefused):
            return replace(state, since=now)
        case _:
            return _news(state, event, now, settings)


def _news(state: Open, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> State:
    match state, event:
        case _, CardTurnedAway(opener, refusal) if opener == state.visit.opener:
            return Refused(refusal, now + settings.refused)
        case _, VisitChanged(visit, done) if visit.correlation == state.visit.correlation:
            return replace(_one_done(state) if done else state, visit=visit)
        case ReportLoss(chosen=chosen), CardsFound(correlation, cards) if correlation == state.visit.correlation:
            return replace(state, cards=cards, chosen=chosen if chosen in cards else None, confirmed=False)
        case ReportLoss(visit), LossWritten(correlation, kind, seq) if correlation == visit.correlation:
            return LossReported(visit, kind, seq, now + settings.done, state.other_card_until)
        case PinPad(), _:
            return at_the_pad(state, event, now, settings)
        case _:
            return state


def _one_done(state: Open) -> Open:
    match state:
        case Borrowing(todo=todo):
            return replace(state, todo=todo[1:])
        case Returning(todo=back):
            return replace(state, todo=back[1:])
        case Loans(todo=renewals):
            return replace(state, todo=renewals[1:])
        case _:
            return state


def reported(state: LossReported, event: Event | Scan | Answer, now: float, settings: KioskSettings) -> State:
    """What an event makes of the screen after a loss report: whatever leads elsewhere leads there, a mere touch does not."""
    visit, opener = state.visit, opener_in(event)
    if opener is not None:
        return state if opener == visit.opener else replace(state, other_card_until=now + settings.other_card)
    match event:
        case BackChosen() | BorrowChosen() | ReturnChosen() | LoansChosen() | LossChosen() | FinishChosen() | ItemScanned():
            return in_visit(Home(visit, now), event, now, settings)
        case CardTurnedAway(turned_away, refusal) if turned_away == visit.opener:
            return Refused(refusal, now + settings.refused)
        case VisitChanged(changed) if changed.correlation == visit.correlation:
            return replace(state, visit=changed)
        case _:
            return state


def _goodbye(state: Open, now: float, settings: KioskSettings) -> Goodbye:
    visit = state.visit
    returned = tuple(line for line in visit.returned if line.taken)
    return Goodbye(visit.borrowed, now + settings.goodbye, returned=returned, renewed=visit.renewed)
