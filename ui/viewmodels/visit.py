"""Which page a screen is, when a visit is over, and which time runs on a page."""

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
    View,
)
from kiosk.view_devices import Devices
from kiosk.view_modes import CardCheck, CardChecked
from ui.viewmodels.time_left import Stretch

PAGES: dict[type[Screen], str] = {
    Attract: "attract",
    Home: "home",
    Borrow: "borrow",
    Return: "return",
    Loans: "loans",
    PinPad: "pin_pad",
    ReportLoss: "report_loss",
    Animals: "animals",
    LossReported: "loss_reported",
    ReportLossById: "report_loss_by_id",
    Goodbye: "goodbye",
    CardRefused: "card_refused",
    StillHere: "still_here",
    OutOfService: "out_of_service",
    CardCheck: "card_check",
    CardChecked: "card_checked",
    Devices: "devices",
}

INVITING = frozenset({PAGES[Attract], PAGES[CardCheck]})
"""Nobody is here, and a card is waited for."""

_VISITED = Home | Borrow | Return | Loans | PinPad | ReportLoss | Animals | ReportLossById | Devices
"""Somebody is here and may stay: time without a touch runs."""


def is_over(before: View | None, now: View) -> bool:
    """Whether a visit is over with this view: nobody is here, or the next one is, on a page that was the last one's."""
    last, screen = (None if before is None else before.screen), now.screen
    if isinstance(screen, Attract | CardCheck):
        return last is not None and not isinstance(last, type(screen))
    if isinstance(screen, CardChecked):
        return isinstance(last, CardChecked) and last != screen
    if before is not None and not isinstance(last, Attract) and _turn_of(before) != _turn_of(now):
        return True
    ended = isinstance(last, Goodbye | CardRefused) or (isinstance(last, LossReported) and last.by_id)
    return ended and isinstance(screen, _VISITED)


def _turn_of(view: View) -> int | None:
    return None if view.class_visit is None else view.class_visit.turn


def stretch_of(view: View, now: float, last: Stretch | None) -> Stretch | None:
    """The time that runs on a screen. A screen that tells only its end began when it was first shown."""
    match view.screen:
        case StillHere(ends_at=ends, seconds=seconds):
            return Stretch(ends - seconds, ends, steps=max(1, round(seconds)))  # with its figure, second by second
        case Goodbye(ends_at=ends) | CardRefused(ends_at=ends) | LossReported(ends_at=ends) | CardChecked(ends_at=ends):
            return last if last is not None and last.ends == ends else Stretch(now, ends)
        case _ if isinstance(view.screen, _VISITED) and view.idle_from is not None and view.idle_until is not None:
            return Stretch(view.idle_from, view.idle_until)
        case _:
            return None
