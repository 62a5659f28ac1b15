"""What the screens of the modes show: how far a class is, whether a card works. Pure."""

from zoneinfo import ZoneInfo

from kiosk import states, view, view_modes
from kiosk.modes import CardCheck, ClassVisit, Duty


def class_progress(state: states.State, duty: Duty, zone: ZoneInfo) -> view_modes.ClassProgress | None:
    """How far the class is; the one whose turn it is counts as soon as something is borrowed."""
    if not isinstance(duty, ClassVisit):
        return None
    here = states.visit_in(state)
    items = len(here.borrowed) if here else 0
    until = duty.until.astimezone(zone).replace(second=0, microsecond=0)
    return view_modes.ClassProgress(duty.pupils + (items > 0), duty.items + items, until, duty.turns)


def nobody_here(state: states.Idle | states.Identifying, duty: Duty) -> view.Attract | view_modes.CardCheck:
    """The screen that invites to lay a card down."""
    if isinstance(duty, CardCheck):
        return view_modes.CardCheck(duty.good, duty.other)
    return view.Attract(len(state.waiting.barcodes))


def card_told(state: states.Refused | states.Checked) -> view.CardRefused | view_modes.CardChecked:
    """What is said of a card that opened nothing: it was refused, or it was laid down to be checked."""
    if isinstance(state, states.Checked):
        return view_modes.CardChecked(state.refusal, state.ends_at, state.reference)
    return view.CardRefused(state.refusal, state.ends_at)
