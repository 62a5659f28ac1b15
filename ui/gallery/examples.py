"""Parts of a kiosk's views as its core would publish them: ordinary values, in which a caller names only what matters to it."""

from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from circulation.blocks import Block
from circulation.checkins import CheckinNote, Destination
from circulation.holds import HoldState
from circulation.ids import LoanId
from circulation.items import ItemKind
from circulation.opening_days import Hours
from circulation.reasons import Reason
from drivers.ports import DeviceHealth
from kiosk.animals import Animal
from kiosk.device_book import Standing
from kiosk.offline import Limited
from kiosk.scans import ScanFault
from kiosk.view import (
    Account,
    Animals,
    Borrow,
    HoldLine,
    Home,
    Line,
    LineState,
    LoanLine,
    Loans,
    PinPad,
    Place,
    RenewalState,
    ReportLoss,
    ReportLossById,
    Return,
    ReturnLine,
    Screen,
    View,
)
from kiosk.view_modes import ClassProgress

TAIPEI = ZoneInfo("Asia/Taipei")
NOW = 100.0
"""Monotonic seconds of the clock that stands still."""

DUE = date(2026, 12, 24)
OFFLINE_SINCE = datetime(2026, 11, 24, 5, 50, tzinfo=UTC)
HALF_PAST_TWO = datetime(2026, 11, 24, 14, 32, tzinfo=TAIPEI)
A_CLASS = ClassProgress(12, 31, datetime(2026, 11, 24, 14, 50, tzinfo=TAIPEI), 13)
"""Twelve of a class have borrowed, the thirteenth is here."""

HOURS = Hours(time(8, 30), time(21))

MARKUP = "<img src='http://127.0.0.1:9/title'>&amp;<b>書</b>{0}%s"
BIDI = "台灣\u202eraey\u2066的\u200b青\u0007蛙\u2028"
RARE = "𠮷𡃁的堃喆與𱁬"
LONG = "很長的書名" * 2000


def a_place(branch: str = "稻香", *, local_time: datetime = HALF_PAST_TWO, hours: Hours | None = HOURS) -> Place:
    """A branch at half past two, open from half past eight to nine."""
    return Place(branch, local_time, hours)


def an_account(  # noqa: PLR0913 - one optional argument a field
    *,
    masked_name: str = "王○○",
    on_loan: int = 3,
    limit: int = 25,
    left: int = 22,
    overdue: int = 0,
    due_soon: int = 0,
    next_due: date | None = None,
    blocks: tuple[Block, ...] = (),
    expired: bool = False,
    contact_complete: bool = True,
    holds: tuple[int, int, int] = (0, 0, 0),
    animal: Animal | None = None,
) -> Account:
    """A pupil with three of 25 items. ``holds``: ready anywhere, of those ready here, waiting."""
    return Account(masked_name, on_loan, limit, left, overdue, due_soon, next_due, blocks, expired, contact_complete, *holds, animal)


def a_loan_id(number: int) -> LoanId:
    """The loan of this number."""
    return LoanId(UUID(int=number))


def borrowed(number: int, title: str = "西遊記（少年版）二") -> Line:
    """A line of the slip: borrowed."""
    return Line(number, LineState.BORROWED, title, "30234000517861", loan=a_loan_id(number), due=DUE)


def refused(number: int, *reasons: Reason, title: str = "臺灣鳥類圖鑑") -> Line:
    """A line of the slip: refused."""
    return Line(number, LineState.REFUSED, title, "30234000517861", reasons=reasons)


def put_back(number: int, title: str = "小王子") -> Line:
    """A line of the slip: borrowed and put back."""
    return Line(number, LineState.PUT_BACK, title, "30234000517861")


def returned(  # noqa: PLR0913 - one optional argument a field
    number: int,
    title: str = "西遊記（少年版）二",
    destination: Destination = Destination.SHELF,
    *notes: CheckinNote,
    send_to: str = "",
    days_late: int = 0,
    taken: bool = True,
    again: bool = False,
) -> ReturnLine:
    """An item that came back."""
    return ReturnLine(number, title, "30234000517861", destination, send_to, notes, days_late, taken, again)


def a_loan(  # noqa: PLR0913 - one optional argument a field
    number: int,
    title: str = "西遊記（少年版）二",
    *,
    kind: ItemKind = ItemKind.BOOK,
    due: date = DUE,
    overdue: bool = False,
    renewal: RenewalState = RenewalState.POSSIBLE,
    left: int | None = 2,
    reasons: tuple[Reason, ...] = (),
) -> LoanLine:
    """One of the patron's loans."""
    return LoanLine(number, a_loan_id(number), title, kind, due, overdue, renewal, left, reasons)


def a_hold(  # noqa: PLR0913 - one optional argument a field
    title: str = "臺灣鳥類圖鑑",
    *,
    pickup: str = "稻香",
    here: bool = True,
    shelf: str = "",
    until: date | None = None,
    queue: int = 0,
    state: HoldState = HoldState.WAITING,
) -> HoldLine:
    """One of the patron's holds."""
    return HoldLine(title, pickup, here, shelf, until, queue, state)


def a_view(  # noqa: PLR0913 - one optional argument a field
    screen: Screen,
    *,
    place: Place | None = None,
    offline_since: datetime | None = None,
    devices: tuple[DeviceHealth, ...] = (),
    idle: tuple[float, float] | None = None,
    other_card: bool = False,
    needs_staff: bool = False,
    limited: Limited | None = None,
    scan_fault: ScanFault | None = None,
    class_visit: ClassProgress | None = None,
    standings: tuple[Standing, ...] = (),
) -> View:
    """What the core publishes; a session has five of its twenty seconds behind it."""
    session = isinstance(screen, Home | Borrow | Return | Loans | PinPad | ReportLoss | Animals | ReportLossById)
    idle_from, idle_until = idle or ((NOW - 5, NOW + 15) if session else (None, None))
    around = offline_since, devices, idle_from, idle_until, other_card, needs_staff, limited
    return View(screen, place or a_place(), *around, scan_fault=scan_fault, class_visit=class_visit, standings=standings)
