"""From a state to what the screens show. Pure, and the one place that decides what of a patron is shown (R21)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from circulation.holds import HoldState
from circulation.ids import LoanId
from circulation.opening_days import local_date
from circulation.policy import allowance, rules_for
from circulation.reasons import Reason
from drivers.ports import DeviceHealth
from kiosk import states, view
from kiosk.device_book import Standing
from kiosk.device_page import DevicePage
from kiosk.known import Library
from kiosk.modes import ClassVisit, Duty, Lending
from kiosk.offline import Limited, Outlook
from kiosk.present_loans import loans_of
from kiosk.present_losses import cards_of, pin_pad
from kiosk.present_modes import card_told, class_progress, nobody_here
from kiosk.scans import ScanFault
from kiosk.settings import KioskSettings
from kiosk.visit import Visit


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands around every screen.

    ``library`` is none before the first replica. ``offline_left``: items that the offline limits leave to the patron who is here, none: no limit.
    ``against_renewal``: why each loan of the patron who looks at them can't be renewed. The registry has answered all facts below
    ``answered_below``.
    """

    now: datetime
    library: Library | None
    offline_since: datetime | None
    devices: tuple[DeviceHealth, ...]
    offline_left: int | None = None
    against_renewal: Mapping[LoanId, tuple[Reason, ...]] = field(default_factory=dict)
    answered_below: int = 0
    needs_staff: bool = False
    outlook: Outlook | None = None
    standings: tuple[Standing, ...] = ()
    scan_fault: ScanFault | None = None
    duty: Duty = field(default_factory=Lending)
    device_page: DevicePage | None = None


def present(state: states.State, scene: Scene, settings: KioskSettings) -> view.View:
    """The view of a state."""
    today = local_date(scene.now, settings.zone)
    library = scene.library
    place = view.Place(
        library.branch_name if library else settings.branch_name,
        scene.now.astimezone(settings.zone).replace(second=0, microsecond=0),
        library.hours_on(today) if library else None,
    )
    page = scene.device_page
    idle_from, idle_until, other_card = _session_times(state, settings)
    if page is not None:
        idle_from, idle_until = page.since, page.since + settings.device_page
    return view.View(
        _screen(state, scene, settings, today) if page is None else page.shown,
        place,
        scene.offline_since,
        scene.devices,
        idle_from,
        idle_until,
        other_card,
        scene.needs_staff,
        _limited(scene),
        scene.standings,
        scene.scan_fault,
        class_progress(state, scene.duty, settings.zone),
    )


def _limited(scene: Scene) -> Limited | None:
    """What can still be done, with the patron's own figure where one is here."""
    if scene.outlook is None:
        return None
    return Limited(scene.outlook, scene.offline_left)


def _screen(state: states.State, scene: Scene, settings: KioskSettings, today: date) -> view.Screen:
    match state:
        case states.Dropping(drop=drop) | states.Identifying(dropping=states.Dropping(drop=drop)):
            return view.Return(drop.lines, _taken(drop.lines))
        case states.Idle() | states.Identifying():
            return nobody_here(state, scene.duty)
        case states.LossForm(ticket=ticket, failed=failed):
            return view.ReportLossById(ticket is not None, failed or scene.offline_since is not None)
        case states.LossTaken(kind, ends_at):
            return view.LossReported(kind, told=True, ends_at=ends_at, by_id=True)
        case states.StillHere(_, ends_at):
            return view.StillHere(ends_at, settings.countdown)
        case states.Goodbye():
            return view.Goodbye(state.lines, state.ends_at, state.returned, state.renewed)
        case states.Refused() | states.Checked():
            return card_told(state)
        case states.OutOfService(problem):
            return view.OutOfService(problem)
        case _:
            return _of_visit(state, scene, settings, today)


def _of_visit(state: states.Open | states.LossReported, scene: Scene, settings: KioskSettings, today: date) -> view.Screen:
    match state:
        case states.Animals(visit):
            return view.Animals(visit.animal)
        case states.Home(visit):
            return view.Home(account_of(visit, scene, settings, today=today))
        case states.Borrowing(visit):
            return view.Borrow(account_of(visit, scene, settings, today=today), visit.lines, len(visit.borrowed))
        case states.Returning(visit):
            return view.Return(visit.returned, _taken(visit.returned), account_of(visit, scene, settings, today=today))
        case states.Loans(visit):
            account = account_of(visit, scene, settings, today=today)
            return loans_of(visit, account, scene.against_renewal, scene.library, today=today)
        case states.PinPad():
            return pin_pad(state, settings, offline=scene.offline_since is not None)
        case states.ReportLoss(cards=cards, chosen=chosen):
            return cards_of(cards or (), chosen)
        case states.LossReported(kind=kind, seq=seq, ends_at=ends_at):
            return view.LossReported(kind, told=seq < scene.answered_below, ends_at=ends_at)


def _taken(lines: tuple[view.ReturnLine, ...]) -> int:
    return sum(line.taken for line in lines)


def account_of(visit: Visit, scene: Scene, settings: KioskSettings, *, today: date) -> view.Account:
    """What Home says about a patron: the masked name, counts, dates and blocks; no titles."""
    patron, loans = visit.patron, visit.loans
    rules = rules_for(patron, scene.library.rule_book.on(today)) if scene.library else None
    left = allowance(loans, rules) if rules else 0
    soon = today + timedelta(days=settings.due_soon_days)
    ready = [hold for hold in visit.holds if hold.state is HoldState.READY]
    return view.Account(
        masked_name="" if isinstance(scene.duty, ClassVisit) else patron.masked_name,  # others stand around
        on_loan=len(loans),
        limit=rules.total if rules else 0,
        left=left if scene.offline_left is None else min(left, scene.offline_left),
        overdue=sum(loan.is_overdue(today=today) for loan in loans),
        due_soon=sum(today <= loan.due <= soon for loan in loans),
        next_due=min((loan.due for loan in loans), default=None),
        blocks=tuple(block for block in patron.blocks if block.stands(today=today)),
        expired=patron.expires is not None and patron.expires < today,
        contact_complete=patron.contact_complete,
        holds_ready=len(ready),
        holds_ready_here=sum(scene.library is not None and hold.pickup == scene.library.branch for hold in ready),
        holds_waiting=len(visit.holds) - len(ready),
        animal=None if isinstance(scene.duty, ClassVisit) else visit.animal,
    )


def _session_times(state: states.State, settings: KioskSettings) -> tuple[float | None, float | None, bool]:
    match state:
        case states.StillHere(inside):
            return None, None, inside.other_card_until is not None
        case states.LossReported():
            return None, None, state.other_card_until is not None
        case (
            states.Home()
            | states.Borrowing()
            | states.Returning()
            | states.Loans()
            | states.PinPad()
            | states.ReportLoss()
            | states.Animals()
        ):
            return state.since, state.since + settings.idle, state.other_card_until is not None
        case _:
            return None, None, False
