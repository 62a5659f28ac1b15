"""What a change of state lets be heard. Pure."""

from collections.abc import Iterator

from circulation.checkins import Destination
from kiosk import states
from kiosk.view import LineState, RenewalState, ReturnLine, Sound


def sounds_between(before: states.State, after: states.State) -> Iterator[Sound]:
    """The cues, in the order in which they are to be heard."""
    old, new = states.visit_in(before), states.visit_in(after)
    if isinstance(after, states.Refused) and after != before:
        yield Sound.REFUSED
    if isinstance(after, states.Goodbye) and not isinstance(before, states.Goodbye):
        yield Sound.FINISH
    if new is not None and old is None:
        yield Sound.TAP
    if new is not None and old is not None and new.scanned > old.scanned:
        yield Sound.GOOD if new.lines[0].state is LineState.BORROWED else Sound.REFUSED
    if new is not None and old is not None and new.renewals[:1] != old.renewals[:1] and new.renewals:
        renewed = any(line.renewal is RenewalState.RENEWED and line not in old.renewals for line in new.renewals)
        yield Sound.GOOD if renewed else Sound.REFUSED
    yield from _of_a_return(before, after)
    yield from _of_an_answer(before, after)
    if _notice(after) not in (None, _notice(before)):
        yield Sound.REFUSED


def _of_a_return(before: states.State, after: states.State) -> Iterator[Sound]:
    lines, old = _returned(after), _returned(before)
    if lines and lines[0].number > (old[0].number if old else 0):
        # What a librarian must look at sounds as what needs a second look.
        yield Sound.REFUSED if lines[0].destination is Destination.STAFF else Sound.GOOD


def _of_an_answer(before: states.State, after: states.State) -> Iterator[Sound]:
    match before, after:
        case states.PinPad(ticket=ticket), states.PinPad(ticket=None, problem=problem) if ticket and problem:
            yield Sound.REFUSED
        case states.PinPad(ticket=ticket), states.Loans(visit) if ticket and visit.wrong_pins > before.visit.wrong_pins:
            yield Sound.REFUSED
        case states.PinPad(ticket=ticket), states.Loans(visit) if ticket and visit.titles_shown:
            yield Sound.GOOD
        case states.ReportLoss(), states.LossReported():
            yield Sound.GOOD
        case _, states.Checked(refusal=None) if after is not before:
            yield Sound.GOOD
        case _, states.Checked() if after is not before:
            yield Sound.REFUSED
        case states.Animals(), states.Home(visit) if visit.animal is not before.visit.animal:
            yield Sound.GOOD
        case states.LossForm(), states.LossTaken():
            yield Sound.GOOD
        case states.LossForm(ticket=ticket), states.LossForm(failed=True) if ticket:
            yield Sound.REFUSED
        case _:
            pass


def _returned(state: states.State) -> tuple[ReturnLine, ...]:
    visit = states.visit_in(state)
    if visit is not None:
        return visit.returned
    match state:
        case states.Dropping(drop=drop) | states.Identifying(dropping=states.Dropping(drop=drop)):
            return drop.lines
        case states.Refused(dropping=states.Dropping(drop=drop)):
            return drop.lines
        case _:
            return ()


def _notice(state: states.State) -> float | None:
    match state:
        case states.StillHere(inside):
            return inside.other_card_until
        case (
            states.Home()
            | states.Borrowing()
            | states.Returning()
            | states.Loans()
            | states.PinPad()
            | states.ReportLoss()
            | states.Animals()
        ):
            return state.other_card_until
        case states.LossReported():
            return state.other_card_until
        case _:
            return None
