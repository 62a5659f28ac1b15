"""Which sound a change of the view calls for. Pure; a sound says nothing that the screen does not say too."""

from enum import StrEnum, unique

from kiosk.view import (
    Animals,
    Attract,
    Borrow,
    CardRefused,
    Goodbye,
    Home,
    Line,
    LineState,
    Loans,
    LossReported,
    OutOfService,
    PinPad,
    RenewalState,
    Return,
    ReturnLine,
    Screen,
    StillHere,
)
from kiosk.view_devices import Devices
from kiosk.view_modes import CardChecked


@unique
class Cue(StrEnum):
    """One sound; the value is the name of its file in ``ui/sounds``."""

    TAP = "tap"
    """A card opened a visit."""
    SUCCESS = "success"
    """An item was taken down: borrowed, returned, renewed, or laid down for the tap that follows."""
    REFUSAL = "refusal"
    """A card, an item, a PIN or a renewal was refused."""
    FINISH = "finish"
    """Something is done: the visit ends with a slip, a card is stopped."""
    ATTENTION = "attention"
    """Somebody is waited for: the countdown begins, the kiosk went out of service in front of somebody."""
    TICK = "tick"
    """A second of the countdown is over. Of no step between screens: the clock calls for it."""


_LINED = Borrow | Return


class Listener:
    """Hears one screen after the other and says which sound the step calls for. Remembers how far each slip of this visit was heard."""

    def __init__(self) -> None:
        self._before: Screen | None = None
        self._turn = 0
        self._heard: dict[type[Screen], int] = {}

    def hear(self, now: Screen, *, turn: int = 0) -> Cue | None:
        """The sound of the step to this screen; none for what nobody did, and none for the first screen of all.

        ``turn``: whose it is while a class is here; with another number another pupil's card was laid down.
        """
        before, self._before = self._before, now
        next_pupil, self._turn = turn != self._turn and isinstance(now, Home | Borrow), turn
        if next_pupil:
            self._heard.clear()
        if isinstance(now, Attract | CardRefused | Goodbye):
            self._heard.clear()
        cue = self._of_slip(now) if isinstance(now, _LINED) else None
        if before is None or (before == now and not next_pupil):
            return None
        if isinstance(now, Devices):
            return _of_a_try(before if isinstance(before, Devices) else Devices(), now)
        return cue or (Cue.TAP if next_pupil else _of_step(before, now))

    def _of_slip(self, now: Borrow | Return) -> Cue | None:
        """Of the newest line, when it is new: what comes back into view made its sound then."""
        heard, self._heard[type(now)] = self._heard.get(type(now), 0), max((line.number for line in now.lines), default=0)
        new = [line for line in now.lines if line.number > heard]
        if not new:
            return None
        return Cue.REFUSAL if any(_is_refused(line) for line in new) else Cue.SUCCESS


def _is_refused(line: Line | ReturnLine) -> bool:
    return line.state is LineState.REFUSED if isinstance(line, Line) else not line.taken


def _of_step(before: Screen, now: Screen) -> Cue | None:
    match now:
        case CardRefused() | CardChecked():
            return Cue.SUCCESS if now.refusal is None else Cue.REFUSAL
        case StillHere():
            return None if isinstance(before, StillHere) else Cue.ATTENTION
        case OutOfService():
            return None if isinstance(before, OutOfService | Attract) else Cue.ATTENTION
        case LossReported():
            return None if isinstance(before, LossReported) else Cue.FINISH
        case Goodbye(lines=lines, returned=returned, renewed=renewed):
            return Cue.FINISH if not isinstance(before, Goodbye) and (lines or returned or renewed) else None
        case PinPad(problem=problem):
            last = before if isinstance(before, PinPad) else PinPad()
            return Cue.REFUSAL if problem is not None and (problem, now.tries_left) != (last.problem, last.tries_left) else None
        case Attract(waiting=waiting):
            return Cue.SUCCESS if isinstance(before, Attract) and waiting > before.waiting else None
        case Loans():
            return _of_renewals(before, now) if isinstance(before, Loans) else None
        case Home() | Borrow():
            return _of_arrival(before, now)
        case _:
            return None


def _of_arrival(before: Screen, now: Home | Borrow) -> Cue | None:
    """A visit begins, or an animal was chosen."""
    if isinstance(before, Animals) and now.account.animal is not before.chosen:
        return Cue.SUCCESS
    return Cue.TAP if isinstance(before, Attract | CardRefused | Goodbye) else None


def _of_a_try(before: Devices, now: Devices) -> Cue | None:
    """A card or a code that was tried, or a number that was compared."""
    new = next((tried for tried, last in ((now.card, before.card), (now.code, before.code)) if tried is not None and tried != last), None)
    if new is not None:
        return Cue.SUCCESS if new.fault is None else Cue.REFUSAL
    if now.sought is None or now.sought == before.sought:
        return None
    if now.sought.fault is not None:
        return Cue.REFUSAL
    last = now.sought.last
    return (
        Cue.TAP
        if last is None and now.sought.asked
        else None
        if last is None
        else Cue.SUCCESS
        if last.found.outcome.counts
        else Cue.REFUSAL
    )


def _of_renewals(before: Loans, now: Loans) -> Cue | None:
    last = {line.loan: (line.renewal, line.due) for line in before.loans}
    changed = {line.renewal for line in now.loans if line.loan in last and last[line.loan] != (line.renewal, line.due)}
    if RenewalState.REFUSED in changed:
        return Cue.REFUSAL
    return Cue.SUCCESS if RenewalState.RENEWED in changed else None
