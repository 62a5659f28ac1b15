"""Every state of every screen by name, ordinary and hostile: the gallery shows them, the tests look at them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from circulation.blocks import Block, BlockCode
from circulation.cards import CardKind
from circulation.checkins import CheckinNote, Destination
from circulation.holds import HoldState
from circulation.items import ItemKind
from circulation.reasons import Reason
from drivers.ports import DeviceFault, DeviceHealth, DeviceState
from kiosk.animals import Animal
from kiosk.offline import Limited
from kiosk.refusal import Refusal
from kiosk.scans import ScanFault
from kiosk.view import (
    Animals,
    Attract,
    Borrow,
    CardChoice,
    CardRefused,
    Goodbye,
    Home,
    Line,
    LineState,
    Loans,
    LossReported,
    OutOfService,
    PinPad,
    PinProblem,
    RenewalState,
    ReportLoss,
    ReportLossById,
    Return,
    ReturnLine,
    StillHere,
    View,
)
from kiosk.view_modes import CardCheck, CardChecked
from ui.gallery.device_views import DEVICE_VIEWS
from ui.gallery.examples import (
    A_CLASS,
    BIDI,
    DUE,
    LONG,
    MARKUP,
    NOW,
    OFFLINE_SINCE,
    RARE,
    a_hold,
    a_loan,
    a_place,
    a_view,
    an_account,
    borrowed,
    put_back,
    refused,
    returned,
)
from ui.gallery.outlooks import A_DAY_OLD, A_WEEK_OLD, NO_ROOM, THREE_DAYS_OLD, TOO_OLD

NO_READER = DeviceHealth("reader", DeviceState.MISSING, DeviceFault.NO_READER)
NO_PAPER = DeviceHealth("printer", DeviceState.DEGRADED, DeviceFault.PAPER_OUT)
POOR_SCANNER = DeviceHealth("scanner", DeviceState.DEGRADED, DeviceFault.SCANS_UNREADABLE)
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
NAMELESS = an_account(masked_name="")
CHECKED = (Refusal.UNKNOWN, Refusal.LOST, Refusal.UNREADABLE, Refusal.PHONE, Refusal.CODE_EXPIRED)
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

LATE = date(2026, 11, 20)
SOON = date(2026, 11, 27)
IN_TIME = date(2027, 1, 4)
RETURNS = (
    returned(6, "台灣的青蛙", Destination.OTHER_BRANCH, CheckinNote.OVERDUE, send_to="天母", days_late=3),
    returned(5, "臺灣鳥類圖鑑", Destination.STAFF, CheckinNote.WANTED),
    returned(4, "小王子", Destination.HOLD_SHELF),
    returned(3),
    returned(2, "", Destination.STAFF, CheckinNote.ITEM_UNKNOWN),
    returned(1, "昆蟲記", Destination.SHELF, CheckinNote.NOT_ON_LOAN, CheckinNote.WAS_MISSING),
)
HOSTILE_RETURNS = (
    returned(4, MARKUP, Destination.OTHER_BRANCH, *CheckinNote, send_to=MARKUP + BIDI, days_late=400),
    returned(3, LONG, Destination.OTHER_BRANCH, send_to=LONG),
    returned(2, RARE, Destination.OTHER_BRANCH, send_to=RARE),
    ReturnLine(1, "", MARKUP, Destination.STAFF, notes=(CheckinNote.ITEM_UNKNOWN,)),
)
LOANS = (
    a_loan(1, due=LATE, overdue=True, renewal=RenewalState.NOT_POSSIBLE, reasons=(Reason.LOAN_OVERDUE,)),
    a_loan(2, "台灣的青蛙", due=SOON),
    a_loan(3, "小王子", due=SOON, renewal=RenewalState.NOT_POSSIBLE, reasons=(Reason.HELD_FOR_ANOTHER, Reason.RENEWALS_USED_UP), left=0),
    a_loan(
        4, "宮崎駿動畫集", kind=ItemKind.AUDIO_VISUAL, renewal=RenewalState.NOT_POSSIBLE, left=None, reasons=(Reason.KIND_NOT_RENEWABLE,)
    ),
    a_loan(5, "昆蟲記"),
)
RENEWED = (
    LOANS[0],
    a_loan(2, "台灣的青蛙", due=IN_TIME, renewal=RenewalState.RENEWED, left=1),
    a_loan(3, "小王子", due=SOON, renewal=RenewalState.REFUSED, reasons=(Reason.HELD_FOR_ANOTHER,)),
    a_loan(5, "昆蟲記", due=IN_TIME, renewal=RenewalState.RENEWED, left=0),
)
UNTITLED = (a_loan(1, ""), a_loan(2, "", kind=ItemKind.HOT_TITLE, due=SOON), a_loan(3, "", kind=ItemKind.AUDIO_VISUAL, left=None))
READY = (a_hold(shelf="A-07", until=date(2026, 11, 30)), a_hold("海洋百科", pickup="天母", here=False, until=date(2026, 12, 1)))
COMING = (a_hold(state=HoldState.SET_ASIDE, queue=1), a_hold("海洋百科", pickup="天母", here=False, state=HoldState.IN_TRANSIT))
WAITING = (a_hold("哈利波特（一）", queue=3), a_hold("貓戰士", pickup="總館", here=False))
HOSTILE_LOANS = (
    a_loan(1, MARKUP, overdue=True, renewal=RenewalState.REFUSED, reasons=tuple(Reason)),
    a_loan(2, LONG),
    a_loan(3, BIDI, renewal=RenewalState.RENEWED),
    a_loan(4, RARE, renewal=RenewalState.NOT_POSSIBLE, reasons=tuple(Reason)),
)
HOSTILE_HOLDS = (
    a_hold(MARKUP, pickup=MARKUP, here=False, shelf=MARKUP, until=DUE),
    a_hold(LONG, pickup=LONG, here=False, shelf=LONG, queue=1000),
    a_hold(BIDI, pickup=RARE, here=False, shelf=BIDI + RARE, queue=2),
)
CARDS = (CardChoice(1, CardKind.EASYCARD), CardChoice(2, CardKind.IPASS), CardChoice(3, CardKind.BARCODE))
ALL_CARDS = tuple(CardChoice(number, kind, lost=kind is CardKind.IPASS) for number, kind in enumerate(CardKind, 1))
LOCKED_UNTIL = datetime(2026, 11, 24, 6, 50, tzinfo=UTC)
A_DAY = (borrowed(4), borrowed(3, "台灣的青蛙"))

VIEWS: Mapping[str, View] = {
    "attract": a_view(Attract()),
    "attract-closed": a_view(Attract(), place=a_place("總館", hours=None)),
    "attract-waiting": a_view(Attract(2)),
    "attract-offline": a_view(Attract(), offline_since=OFFLINE_SINCE),
    "attract-offline-day": a_view(Attract(), offline_since=OFFLINE_SINCE, limited=Limited(A_DAY_OLD)),
    "attract-stopped": a_view(Attract(), limited=Limited(NO_ROOM)),
    "attract-no-reader": a_view(Attract(3), devices=(NO_READER,), offline_since=OFFLINE_SINCE),
    "home": a_view(Home(an_account())),
    "home-animal": a_view(Home(an_account(animal=Animal.TREE_FROG))),
    "animals": a_view(Animals()),
    "animals-chosen": a_view(Animals(Animal.LEOPARD_CAT), offline_since=OFFLINE_SINCE),
    "home-full": a_view(Home(an_account(on_loan=25, left=0))),
    "home-paused": a_view(Home(an_account(left=0)), offline_since=OFFLINE_SINCE),
    "attract-no-slips": a_view(Attract(), devices=(NO_PAPER,)),
    "home-no-scanner": a_view(Home(an_account()), devices=(NO_SCANNER,)),
    "home-notices": a_view(Home(WORRIED)),
    "home-offline": a_view(Home(WORRIED), offline_since=OFFLINE_SINCE),
    "home-offline-three-days": a_view(Home(an_account(left=2)), offline_since=OFFLINE_SINCE, limited=Limited(THREE_DAYS_OLD, 2)),
    "home-offline-not-regular": a_view(Home(an_account(left=0)), offline_since=OFFLINE_SINCE, limited=Limited(A_WEEK_OLD, 0)),
    "home-offline-too-long": a_view(Home(an_account(left=0)), offline_since=OFFLINE_SINCE, limited=Limited(TOO_OLD, 0)),
    "home-needs-staff": a_view(Home(WORRIED), needs_staff=True),
    "attract-scan-unreadable": a_view(Attract(), scan_fault=ScanFault.UNREADABLE),
    "attract-scans-unreadable": a_view(Attract(), devices=(POOR_SCANNER,)),
    "home-scan-publisher": a_view(Home(an_account()), scan_fault=ScanFault.PUBLISHER_CODE),
    "borrow-scan-misread": a_view(Borrow(an_account(), A_SLIP, 2), scan_fault=ScanFault.CHECK_DIGIT),
    "return-scan-unknown": a_view(Return(), offline_since=OFFLINE_SINCE, scan_fault=ScanFault.UNKNOWN_FORM),
    "home-other-card": a_view(Home(WORRIED), offline_since=OFFLINE_SINCE, other_card=True),
    "home-suspended": a_view(Home(an_account(blocks=(Block(BlockCode.SUSPENDED, date(2026, 12, 2)),)))),
    "home-all-in-the-way": a_view(Home(ALL_IN_THE_WAY)),
    "home-all-in-the-way-offline": a_view(Home(ALL_IN_THE_WAY), offline_since=OFFLINE_SINCE),
    "home-holds": a_view(Home(an_account(holds=(2, 1, 3)))),
    "home-everything": a_view(
        Home(an_account(on_loan=12, left=13, overdue=1, due_soon=11, next_due=DUE, contact_complete=False, holds=(2, 2, 1)))
    ),
    "home-everything-offline": a_view(
        Home(an_account(overdue=1, due_soon=1, next_due=SOON, contact_complete=False, holds=(1, 0, 12))), offline_since=OFFLINE_SINCE
    ),
    "home-suspended-holds": a_view(
        Home(an_account(blocks=(Block(BlockCode.SUSPENDED, date(2026, 12, 2)),), due_soon=2, next_due=SOON, holds=(1, 1, 1)))
    ),
    "return-empty": a_view(Return()),
    "return-first": a_view(Return((returned(1),), 1)),
    "return": a_view(Return(RETURNS, 6)),
    "return-not-taken": a_view(
        Return((returned(3, "昆蟲記", Destination.STAFF, taken=False), returned(2, "小王子", again=True), returned(1)), 2)
    ),
    "return-session": a_view(Return(RETURNS[1:], 5, an_account())),
    "return-session-empty": a_view(Return(account=an_account())),
    "return-offline": a_view(Return(RETURNS, 6, an_account()), offline_since=OFFLINE_SINCE),
    "return-no-scanner": a_view(Return(), devices=(NO_SCANNER,)),
    "return-hostile": a_view(Return(HOSTILE_RETURNS, 4, HOSTILE), place=a_place(LONG)),
    "loans": a_view(Loans(an_account(), LOANS, READY, WAITING, can_renew=2)),
    "loans-only": a_view(Loans(an_account(), LOANS[1:3], can_renew=1)),
    "loans-none": a_view(Loans(an_account(on_loan=0))),
    "loans-holds-only": a_view(Loans(an_account(on_loan=0), ready=READY, waiting=WAITING)),
    "loans-holds-coming": a_view(Loans(an_account(on_loan=0), waiting=(*COMING, *WAITING))),
    "loans-untitled": a_view(
        Loans(an_account(), UNTITLED, (a_hold("", shelf="A-07"),), (a_hold("", queue=2),), titles_hidden=True, can_renew=2)
    ),
    "loans-renewed": a_view(Loans(an_account(), RENEWED)),
    "loans-long": a_view(
        Loans(
            an_account(on_loan=25),
            tuple(a_loan(number) for number in range(1, 26)),
            READY * 4,
            WAITING * 4,
            titles_hidden=True,
            can_renew=25,
        )
    ),
    "loans-offline": a_view(Loans(an_account(), LOANS, READY, WAITING, titles_hidden=True, can_renew=2), offline_since=OFFLINE_SINCE),
    "loans-hostile": a_view(Loans(HOSTILE, HOSTILE_LOANS, HOSTILE_HOLDS, HOSTILE_HOLDS, can_renew=1), place=a_place(LONG)),
    "pin": a_view(PinPad()),
    "pin-checking": a_view(PinPad(checking=True)),
    "pin-wrong": a_view(PinPad(problem=PinProblem.WRONG, tries_left=2)),
    "pin-locked": a_view(PinPad(problem=PinProblem.LOCKED, locked_until=LOCKED_UNTIL)),
    "pin-none": a_view(PinPad(problem=PinProblem.NONE)),
    "pin-offline": a_view(PinPad(problem=PinProblem.OFFLINE), offline_since=OFFLINE_SINCE),
    "loss": a_view(ReportLoss(CARDS)),
    "loss-chosen": a_view(ReportLoss(CARDS, 1)),
    "loss-all-cards": a_view(ReportLoss(ALL_CARDS, 3), offline_since=OFFLINE_SINCE),
    "loss-one": a_view(ReportLoss(CARDS[:1], 1)),
    "loss-none": a_view(ReportLoss(())),
    "loss-all-lost": a_view(ReportLoss(ALL_CARDS[1:2])),
    "loss-done": a_view(LossReported(CardKind.EASYCARD, told=True, ends_at=NOW + 8)),
    "loss-done-untold": a_view(LossReported(CardKind.BARCODE, told=False, ends_at=NOW + 8), offline_since=OFFLINE_SINCE),
    "loss-by-id-done": a_view(LossReported(CardKind.EASYCARD, told=True, ends_at=NOW + 8, by_id=True)),
    "loss-by-id": a_view(ReportLossById()),
    "loss-by-id-offline": a_view(ReportLossById(offline=True), offline_since=OFFLINE_SINCE),
    "home-hostile": a_view(Home(HOSTILE), place=a_place(MARKUP + RARE)),
    "borrow-empty": a_view(Borrow(an_account())),
    "borrow": a_view(Borrow(an_account(), A_SLIP, 2)),
    "borrow-full": a_view(Borrow(an_account(on_loan=25, left=0), (refused(26, Reason.LOAN_LIMIT_REACHED), borrowed(25)), 25)),
    "borrow-full-before": a_view(Borrow(an_account(on_loan=25, left=0))),
    "borrow-paused": a_view(
        Borrow(an_account(on_loan=8, left=0), (refused(6, Reason.OFFLINE_LIMIT_REACHED), borrowed(5)), 5), offline_since=OFFLINE_SINCE
    ),
    "borrow-no-scanner": a_view(Borrow(an_account()), devices=(NO_SCANNER,)),
    "borrow-offline-three-days": a_view(
        Borrow(an_account(on_loan=6, left=0), (refused(4, Reason.OFFLINE_TOO_FAST), borrowed(3)), 3),
        offline_since=OFFLINE_SINCE,
        limited=Limited(THREE_DAYS_OLD, 0),
    ),
    "borrow-disk-full": a_view(Borrow(an_account(left=0), (refused(1, Reason.KIOSK_DISK_FULL),), 0), limited=Limited(NO_ROOM, 0)),
    "borrow-offline": a_view(Borrow(an_account(), A_SLIP, 2), offline_since=OFFLINE_SINCE, devices=(NO_SCANNER,)),
    "borrow-hostile": a_view(Borrow(HOSTILE, HOSTILE_LINES, 3), place=a_place(LONG)),
    "goodbye": a_view(Goodbye((borrowed(4), borrowed(3, "台灣的青蛙")), NOW + 8)),
    "goodbye-long": a_view(Goodbye(tuple(borrowed(number) for number in range(20, 0, -1)), NOW + 8)),
    "goodbye-offline": a_view(Goodbye((borrowed(4), borrowed(3, "台灣的青蛙")), NOW + 8), offline_since=OFFLINE_SINCE),
    "goodbye-returned": a_view(Goodbye((), NOW + 8, RETURNS[2:4])),
    "goodbye-renewed": a_view(Goodbye((), NOW + 8, renewed=(RENEWED[1],))),
    "goodbye-everything": a_view(Goodbye(A_DAY, NOW + 8, RETURNS, (RENEWED[1], RENEWED[3]))),
    "goodbye-everything-offline": a_view(Goodbye(A_DAY, NOW + 8, RETURNS, RENEWED[3:]), offline_since=OFFLINE_SINCE),
    "goodbye-nothing": a_view(Goodbye((), NOW + 8)),
    "goodbye-hostile": a_view(Goodbye(HOSTILE_LINES[1:4], NOW + 8, HOSTILE_RETURNS, HOSTILE_LOANS[2:3])),
    **{f"card-{refusal.value}": a_view(CardRefused(refusal, NOW + 8)) for refusal in Refusal},
    "card-unknown-offline": a_view(CardRefused(Refusal.UNKNOWN, NOW + 8), offline_since=OFFLINE_SINCE),
    "class-attract": a_view(Attract(), class_visit=A_CLASS),
    "class-attract-waiting": a_view(Attract(1), class_visit=A_CLASS),
    "class-attract-offline": a_view(Attract(), class_visit=A_CLASS, offline_since=OFFLINE_SINCE),
    "class-borrow-empty": a_view(Borrow(NAMELESS), class_visit=A_CLASS),
    "class-borrow": a_view(Borrow(NAMELESS, A_SLIP, 2), class_visit=A_CLASS),
    "class-borrow-offline": a_view(Borrow(NAMELESS, A_SLIP, 2), class_visit=A_CLASS, offline_since=OFFLINE_SINCE),
    "class-home-suspended": a_view(
        Home(an_account(masked_name="", blocks=(Block(BlockCode.SUSPENDED, date(2026, 12, 2)),))), class_visit=A_CLASS
    ),
    "class-goodbye": a_view(Goodbye(A_DAY, NOW + 5), class_visit=A_CLASS),
    "class-card-unknown": a_view(CardRefused(Refusal.UNKNOWN, NOW + 8), class_visit=A_CLASS),
    "check": a_view(CardCheck(28, 2)),
    "check-offline": a_view(CardCheck(), offline_since=OFFLINE_SINCE),
    "check-good": a_view(CardChecked(None, NOW + 4)),
    **{f"check-{refusal.value}": a_view(CardChecked(refusal, NOW + 8, "3f2a9c1b")) for refusal in CHECKED},
    "check-unknown-offline": a_view(CardChecked(Refusal.UNKNOWN, NOW + 8, "3f2a9c1b"), offline_since=OFFLINE_SINCE),
    "still-here": a_view(StillHere(NOW + 6.6, 10), offline_since=OFFLINE_SINCE),
    "out-of-service": a_view(OutOfService("no_replica"), devices=(NO_READER,)),
    "out-of-service-revoked": a_view(OutOfService("revoked")),
    **DEVICE_VIEWS,
}
