"""How a mode changes the settings, what it counts, when it is over. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from kiosk.events import ModeChosen
from kiosk.modes import CardCheck, ClassVisit, Duty, Lending, Mode
from kiosk.settings import KioskSettings
from kiosk.states import Checked, State, visit_in
from kiosk.visit import Visit


def first_duty(settings: KioskSettings) -> Duty:
    """What a kiosk begins with: a class visit begins when the class is there, so never by itself."""
    return CardCheck() if settings.mode is Mode.CARD_CHECK else Lending()


def chosen_duty(chosen: ModeChosen, settings: KioskSettings, *, now: float, wall: datetime) -> Duty:
    """What staff have chosen; its counters begin anew. ``now`` in monotonic seconds, ``wall`` is the same instant (aware UTC)."""
    seconds = chosen.seconds
    if chosen.mode is Mode.CLASS_VISIT:
        seconds = settings.class_visit if seconds is None else seconds
        return ClassVisit(now + seconds, wall + timedelta(seconds=seconds))
    if chosen.mode is Mode.LENDING:
        return Lending()
    return CardCheck() if seconds is None else CardCheck(now + seconds, wall + timedelta(seconds=seconds))


def settings_on(duty: Duty, settings: KioskSettings) -> KioskSettings:
    """The settings as they hold on this duty."""
    if isinstance(duty, ClassVisit):
        return replace(settings, mode=Mode.CLASS_VISIT, goodbye=settings.class_goodbye)
    mode = Mode.CARD_CHECK if isinstance(duty, CardCheck) else Mode.LENDING
    return settings if settings.mode is mode else replace(settings, mode=mode)


def counted(duty: Duty, before: State, after: State) -> Duty:
    """The duty with what a change of state adds to its counters: a turn counts when it is over, a card when it has been looked up."""
    match duty:
        case ClassVisit():
            return _with_turns(duty, visit_in(before), visit_in(after))
        case CardCheck() if isinstance(after, Checked) and after is not before:
            good = after.refusal is None
            return replace(duty, good=duty.good + good, other=duty.other + (not good))
        case _:
            return duty


def _with_turns(duty: ClassVisit, before: Visit | None, after: Visit | None) -> ClassVisit:
    if before is not None and after is not None and before.correlation == after.correlation:
        return duty
    borrowed = len(before.borrowed) if before else 0
    return replace(duty, turns=duty.turns + (after is not None), pupils=duty.pupils + (borrowed > 0), items=duty.items + borrowed)


def duty_deadline(duty: Duty, state: State) -> float | None:
    """When it ends by itself (monotonic seconds); a turn that has begun is never cut off."""
    return None if isinstance(duty, Lending) or visit_in(state) is not None else duty.ends_at


def duty_at(duty: Duty, state: State, *, now: float) -> Duty:
    """What time has made of it."""
    ends_at = duty_deadline(duty, state)
    return duty if ends_at is None or now < ends_at else Lending()
