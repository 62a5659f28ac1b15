"""Which page a screen is, when a visit is over, and which time runs on a page."""

from kiosk.view import (
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
    View,
)
from ui.viewmodels.time_left import Stretch

PAGES: dict[type[Screen], str] = {
    Attract: "attract",
    Home: "home",
    Borrow: "borrow",
    Return: "return",
    Loans: "loans",
    PinPad: "pin_pad",
    ReportLoss: "report_loss",
    LossReported: "loss_reported",
    ReportLossById: "report_loss_by_id",
    Goodbye: "goodbye",
    CardRefused: "card_refused",
    StillHere: "still_here",
    OutOfService: "out_of_service",
}

_VISITED = Home | Borrow | Return | Loans | PinPad | ReportLoss | ReportLossById
"""Somebody is here and may stay: time without a touch runs."""


def is_over(last: Screen | None, screen: Screen) -> bool:
    """Whether a visit is over with this screen: nobody is here, or the next one is, on a page that was the last one's."""
    if isinstance(screen, Attract):
        return last is not None and not isinstance(last, Attract)
    ended = isinstance(last, Goodbye | CardRefused) or (isinstance(last, LossReported) and last.by_id)
    return ended and isinstance(screen, _VISITED)


def stretch_of(view: View, now: float, last: Stretch | None) -> Stretch | None:
    """The time that runs on a screen. A screen that tells only its end began when it was first shown."""
    match view.screen:
        case StillHere(ends_at=ends, seconds=seconds):
            return Stretch(ends - seconds, ends)
        case Goodbye(ends_at=ends) | CardRefused(ends_at=ends) | LossReported(ends_at=ends):
            return last if last is not None and last.ends == ends else Stretch(now, ends)
        case _ if isinstance(view.screen, _VISITED) and view.idle_from is not None and view.idle_until is not None:
            return Stretch(view.idle_from, view.idle_until)
        case _:
            return None
