"""Views as a kiosk's core would publish them: one of every kind, ordinary and hostile."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from circulation.blocks import Block, BlockCode
from circulation.ids import LoanId
from circulation.opening_days import Hours
from circulation.reasons import Reason
from drivers.ports import DeviceFault, DeviceHealth, DeviceState
from kiosk.view import (
    Account,
    Attract,
    Borrow,
    CardRefused,
    Goodbye,
    Home,
    Line,
    LineState,
    OutOfService,
    Place,
    Refusal,
    Screen,
    StillHere,
    View,
)

TAIPEI = ZoneInfo("Asia/Taipei")
NOW = 100.0
"""Monotonic seconds at which the tests look."""

DUE = date(2026, 12, 24)
OFFLINE_SINCE = datetime(2026, 11, 24, 5, 50, tzinfo=UTC)
HALF_PAST_TWO = datetime(2026, 11, 24, 14, 32, tzinfo=TAIPEI)
HOURS = Hours(time(8, 30), time(21))

MARKUP = "<img src='http://127.0.0.1:9/title'>&amp;<b>書</b>{0}%s"
BIDI = "台灣\u202eraey\u2066的\u200b青\u0007蛙\u2028"
RARE = "𠮷𡃁的堃喆與𱁬"
LONG = "很長的書名" * 2000


def a_place(branch: str = "稻香", *, local_time: datetime = HALF_PAST_TWO, hours: Hours | None = HOURS) -> Place:
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
) -> Account:
    return Account(masked_name, on_loan, limit, left, overdue, due_soon, next_due, blocks, expired, contact_complete)


def a_loan_id(number: int) -> LoanId:
    return LoanId(UUID(int=number))


def borrowed(number: int, title: str = "西遊記（少年版）二") -> Line:
    return Line(number, LineState.BORROWED, title, "30234000517861", loan=a_loan_id(number), due=DUE)


def refused(number: int, *reasons: Reason, title: str = "臺灣鳥類圖鑑") -> Line:
    return Line(number, LineState.REFUSED, title, "30234000517861", reasons=reasons)


def put_back(number: int, title: str = "小王子") -> Line:
    return Line(number, LineState.PUT_BACK, title, "30234000517861")


def a_view(  # noqa: PLR0913 - one optional argument a field
    screen: Screen,
    *,
    place: Place | None = None,
    offline_since: datetime | None = None,
    devices: tuple[DeviceHealth, ...] = (),
    idle: tuple[float, float] | None = None,
    other_card: bool = False,
    needs_staff: bool = False,
) -> View:
    session = isinstance(screen, Home | Borrow)
    idle_from, idle_until = idle or ((NOW - 5, NOW + 15) if session else (None, None))
    return View(screen, place or a_place(), offline_since, devices, idle_from, idle_until, other_card, needs_staff)


NO_READER = DeviceHealth("reader", DeviceState.MISSING, DeviceFault.NO_READER)
NO_SCANNER = DeviceHealth("scanner", DeviceState.MISSING, DeviceFault.NO_SCANNER)
ALL_IN_THE_WAY = an_account(
    masked_name="歐陽○○",
    on_loan=39,
    limit=40,
    left=0,
    overdue=12,
    due_soon=11,
    next_due=DUE,
    blocks=(Block(BlockCode.SUSPENDED, date(2026, 12, 31)), Block(BlockCode.STAFF), Block(BlockCode.FEES)),
    expired=True,
    contact_complete=False,
)
WORRIED = an_account(overdue=1, due_soon=1, next_due=date(2026, 11, 27), contact_complete=False)
HOSTILE = an_account(masked_name=MARKUP + BIDI + RARE + LONG)
HOSTILE_LINES = (
    refused(5, *Reason, title=MARKUP),
    borrowed(4, LONG),
    borrowed(3, BIDI),
    borrowed(2, RARE),
    Line(1, LineState.REFUSED, "", MARKUP, reasons=(Reason.ITEM_UNKNOWN,)),
)
A_SLIP = (refused(5, Reason.ITEM_ON_HOLD, Reason.ITEM_IN_TRANSIT), borrowed(4), borrowed(3, "台灣的青蛙"), put_back(2))

VIEWS: Mapping[str, View] = {
    "attract": a_view(Attract()),
    "attract-closed": a_view(Attract(), place=a_place("總館", hours=None)),
    "attract-waiting": a_view(Attract(2)),
    "attract-offline": a_view(Attract(), offline_since=OFFLINE_SINCE),
    "attract-no-reader": a_view(Attract(3), devices=(NO_READER,), offline_since=OFFLINE_SINCE),
    "home": a_view(Home(an_account())),
    "home-full": a_view(Home(an_account(on_loan=25, left=0))),
    "home-paused": a_view(Home(an_account(left=0)), offline_since=OFFLINE_SINCE),
    "home-no-scanner": a_view(Home(an_account()), devices=(NO_SCANNER,)),
    "home-notices": a_view(Home(WORRIED)),
    "home-offline": a_view(Home(WORRIED), offline_since=OFFLINE_SINCE),
    "home-needs-staff": a_view(Home(WORRIED), needs_staff=True),
    "home-other-card": a_view(Home(WORRIED), offline_since=OFFLINE_SINCE, other_card=True),
    "home-suspended": a_view(Home(an_account(blocks=(Block(BlockCode.SUSPENDED, date(2026, 12, 2)),)))),
    "home-all-in-the-way": a_view(Home(ALL_IN_THE_WAY)),
    "home-all-in-the-way-offline": a_view(Home(ALL_IN_THE_WAY), offline_since=OFFLINE_SINCE),
    "home-hostile": a_view(Home(HOSTILE), place=a_place(MARKUP + RARE)),
    "borrow-empty": a_view(Borrow(an_account())),
    "borrow": a_view(Borrow(an_account(), A_SLIP, 2)),
    "borrow-full": a_view(Borrow(an_account(on_loan=25, left=0), (refused(26, Reason.LOAN_LIMIT_REACHED), borrowed(25)), 25)),
    "borrow-full-before": a_view(Borrow(an_account(on_loan=25, left=0))),
    "borrow-paused": a_view(
        Borrow(an_account(on_loan=8, left=0), (refused(6, Reason.OFFLINE_LIMIT_REACHED), borrowed(5)), 5), offline_since=OFFLINE_SINCE
    ),
    "borrow-no-scanner": a_view(Borrow(an_account()), devices=(NO_SCANNER,)),
    "borrow-offline": a_view(Borrow(an_account(), A_SLIP, 2), offline_since=OFFLINE_SINCE, devices=(NO_SCANNER,)),
    "borrow-hostile": a_view(Borrow(HOSTILE, HOSTILE_LINES, 3), place=a_place(LONG)),
    "goodbye": a_view(Goodbye((borrowed(4), borrowed(3, "台灣的青蛙")), NOW + 8)),
    "goodbye-long": a_view(Goodbye(tuple(borrowed(number) for number in range(20, 0, -1)), NOW + 8)),
    "goodbye-offline": a_view(Goodbye((borrowed(4), borrowed(3, "台灣的青蛙")), NOW + 8), offline_since=OFFLINE_SINCE),
    "goodbye-nothing": a_view(Goodbye((), NOW + 8)),
    "goodbye-hostile": a_view(Goodbye(HOSTILE_LINES[1:4], NOW + 8)),
    **{f"card-{refusal.value}": a_view(CardRefused(refusal, NOW + 8)) for refusal in Refusal},
    "card-unknown-offline": a_view(CardRefused(Refusal.UNKNOWN, NOW + 8), offline_since=OFFLINE_SINCE),
    "still-here": a_view(StillHere(NOW + 6.6, 10), offline_since=OFFLINE_SINCE),
    "out-of-service": a_view(OutOfService("no_replica"), devices=(NO_READER,)),
}
