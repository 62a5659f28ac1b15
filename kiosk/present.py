"""From a state to what the screens show. Pure, and the one place that decides what of a patron is shown (R21)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from circulation.opening_days import local_date
from circulation.policy import allowance, rules_for
from drivers.ports import DeviceHealth
from kiosk import states, view
from kiosk.known import Library
from kiosk.settings import KioskSettings
from kiosk.visit import Visit


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands around every screen.

    ``library`` is none before the first replica. ``offline_left``: items that the offline limits leave to the patron who is here, none: no limit.
    """

    now: datetime
    library: Library | None
    offline_since: datetime | None
    devices: tuple[DeviceHealth, ...]
    offline_left: int | None = None
    needs_staff: bool = False


def present(state: states.State, scene: Scene, settings: KioskSettings) -> view.View:
    """The view of a state."""
    today = local_date(scene.now, settings.zone)
    library = scene.library
    place = view.Place(
        library.branch_name if library else settings.branch_name,
        scene.now.astimezone(settings.zone).replace(second=0, microsecond=0),
        library.hours_on(today) if library else None,
    )
    idle_from, idle_until, other_card = _session_times(state, settings)
    screen = _screen(state, scene, settings, today)
    return view.View(screen, place, scene.offline_since, scene.devices, idle_from, idle_until, other_card, scene.needs_staff)


def _screen(state: states.State, scene: Scene, settings: KioskSettings, today: date) -> view.Screen:
    match state:
        case states.Idle(waiting) | states.Identifying(waiting=waiting):
            return view.Attract(len(waiting.barcodes))
        case states.Home(visit):
            return view.Home(account_of(visit, scene, settings, today=today))
        case states.Borrowing(visit):
            return view.Borrow(account_of(visit, scene, settings, today=today), visit.lines, len(visit.borrowed))
        case states.StillHere(_, ends_at):
            return view.StillHere(ends_at, settings.countdown)
        case states.Goodbye(lines, ends_at):
            return view.Goodbye(lines, ends_at)
        case states.Refused(refusal, ends_at):
            return view.CardRefused(refusal, ends_at)
        case states.OutOfService(problem):
            return view.OutOfService(problem)


def account_of(visit: Visit, scene: Scene, settings: KioskSettings, *, today: date) -> view.Account:
    """What Home says about a patron: the masked name, counts, dates and blocks; no titles."""
    patron, loans = visit.patron, visit.loans
    rules = rules_for(patron, scene.library.rule_book.on(today)) if scene.library else None
    left = allowance(loans, rules) if rules else 0
    soon = today + timedelta(days=settings.due_soon_days)
    return view.Account(
        masked_name=patron.masked_name,
        on_loan=len(loans),
        limit=rules.total if rules else 0,
        left=left if scene.offline_left is None else min(left, scene.offline_left),
        overdue=sum(loan.is_overdue(today=today) for loan in loans),
        due_soon=sum(today <= loan.due <= soon for loan in loans),
        next_due=min((loan.due for loan in loans), default=None),
        blocks=tuple(block for block in patron.blocks if block.stands(today=today)),
        expired=patron.expires is not None and patron.expires < today,
        contact_complete=patron.contact_complete,
    )


def _session_times(state: states.State, settings: KioskSettings) -> tuple[float | None, float | None, bool]:
    match state:
        case states.Home(_, since) | states.Borrowing(_, since):
            return since, since + settings.idle, state.other_card_until is not None
        case states.StillHere(inside):
            return None, None, inside.other_card_until is not None
        case _:
            return None, None, False


def sounds_between(before: states.State, after: states.State) -> Iterator[view.Sound]:
    """What a change of state lets be heard."""
    old, new = states.visit_in(before), states.visit_in(after)
    if isinstance(after, states.Refused) and after != before:
        yield view.Sound.REFUSED
    if isinstance(after, states.Goodbye) and not isinstance(before, states.Goodbye):
        yield view.Sound.FINISH
    if new is not None and old is None:
        yield view.Sound.TAP
    if new is not None and old is not None and new.scanned > old.scanned:
        yield view.Sound.GOOD if new.lines[0].state is view.LineState.BORROWED else view.Sound.REFUSED
    if _notice(after) not in (None, _notice(before)):
        yield view.Sound.REFUSED


def _notice(state: states.State) -> float | None:
    match state:
        case states.Home() | states.Borrowing():
            return state.other_card_until
        case states.StillHere(inside):
            return inside.other_card_until
        case _:
            return None
