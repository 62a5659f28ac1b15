"""Which sentence is spoken, by its key in the catalogue. Pure. No name, no number, no title: others stand near."""

from kiosk.refusal import Refusal
from kiosk.view import (
    Animals,
    Attract,
    Borrow,
    CardRefused,
    Goodbye,
    Home,
    Loans,
    LossReported,
    OutOfService,
    PinPad,
    ReportLoss,
    ReportLossById,
    Return,
    Screen,
    StillHere,
)
from kiosk.view_devices import Devices
from kiosk.view_modes import CardCheck, CardChecked
from ui.sounding.cues import Cue

_OF_SCREEN: dict[type[Screen], str] = {
    Attract: "speech.attract",
    Home: "speech.home",
    Borrow: "speech.borrow",
    Return: "speech.return",
    Loans: "speech.loans",
    PinPad: "speech.pin",
    ReportLoss: "speech.loss",
    Animals: "speech.animals",
    LossReported: "speech.loss_done",
    ReportLossById: "speech.loss_by_id",
    Goodbye: "speech.goodbye",
    CardRefused: "speech.card_refused",
    StillHere: "speech.still_here",
    OutOfService: "speech.out_of_service",
    CardCheck: "speech.check",
    CardChecked: "speech.check.other",
    Devices: "speech.devices",
}
_OF_REFUSAL = {
    Refusal.LOST: "speech.card_lost",
    Refusal.PHONE: "speech.card_phone",
    Refusal.UNREADABLE: "speech.card_unreadable",
}


def sentence_of(screen: Screen, *, reads: bool = True) -> str:
    """What one does on this screen, for somebody who has just come to it or has just switched the voice on. ``reads``: there is a reader."""
    match screen:
        case Attract() | CardCheck() if not reads:
            return "speech.no_reader"
        case CardRefused(refusal=refusal):
            return _OF_REFUSAL.get(refusal, _OF_SCREEN[CardRefused])
        case Home(account=account) if account.blocks or account.expired:
            return "speech.home.blocked"
        case CardChecked(refusal=None):
            return "speech.check.good"
        case Goodbye(lines=(), returned=(), renewed=()):
            return "speech.goodbye.none"
        case _:
            return _OF_SCREEN[type(screen)]


def prompt_of(before: Screen | None, now: Screen, cue: Cue | None) -> str | None:
    """The sentence of this step; none when there is nothing new to do."""
    if type(before) is not type(now):
        return None if isinstance(now, Attract | CardCheck) else sentence_of(now)
    if isinstance(now, Devices):
        return None
    if cue is Cue.TAP or isinstance(now, CardChecked):
        return sentence_of(now)  # the next one, on the page of the one before
    if cue is Cue.REFUSAL:
        return "speech.pin.wrong" if isinstance(now, PinPad) else sentence_of(now) if isinstance(now, CardRefused) else "speech.refused"
    return None
