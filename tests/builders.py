"""Circulation values for tests: each builder makes an ordinary one, a test names only what matters to it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid4

from circulation.blocks import Block, BlockCode
from circulation.holds import Hold, HoldState
from circulation.ids import BranchCode, HoldId, ItemId, LoanId, PatronId
from circulation.items import Item, ItemKind, ItemStatus
from circulation.loans import Loan
from circulation.opening_days import Hours, OpeningDays, Weekday
from circulation.patrons import Patron, PatronClass
from circulation.rules import HoldRules, LoanRules, OverdueRules, RuleSet

TODAY = date(2026, 3, 11)
"""A Wednesday on which every branch is open."""

WEEK = {
    Weekday.MONDAY: Hours(time(9), time(17)),
    Weekday.TUESDAY: Hours(time(8, 30), time(21)),
    Weekday.WEDNESDAY: Hours(time(8, 30), time(21)),
    Weekday.THURSDAY: Hours(time(8, 30), time(21)),
    Weekday.FRIDAY: Hours(time(8, 30), time(21)),
    Weekday.SATURDAY: Hours(time(8, 30), time(21)),
    Weekday.SUNDAY: Hours(time(9), time(17)),
}
"""The library's published hours."""

OVERDUE = OverdueRules(longest_days=60, rate=1)
HOLDS = HoldRules(limit=7, keep_open_days=5, no_show_points=1, points_that_stop=3, window_days=365, stop_days=90)
"""What the library's FAQ says of late returns and holds; how long a ready hold is kept is an assumption."""

FIRST_THURSDAY = frozenset({(1, Weekday.THURSDAY)})


def a_patron(  # noqa: PLR0913 - one optional argument a field
    *,
    id: UUID | None = None,  # noqa: A002 - the field's name
    masked_name: str = "王○○",
    patron_class: PatronClass = PatronClass.PERSONAL,
    expires: date | None = None,
    contact_complete: bool = True,
    regular_here: bool = False,
    blocks: tuple[Block, ...] = (),
) -> Patron:
    """Make a patron in good standing."""
    return Patron(PatronId(id or uuid4()), masked_name, patron_class, expires, contact_complete, regular_here, blocks)


def a_block(code: BlockCode = BlockCode.STAFF, *, until: date | None = None) -> Block:
    """Make a block that stands until it is lifted."""
    return Block(code, until)


def an_item(  # noqa: PLR0913 - one optional argument a field
    *,
    id: UUID | None = None,  # noqa: A002 - the field's name
    barcode: str = "30234000517861",
    title: str = "小王子",
    kind: ItemKind = ItemKind.BOOK,
    status: ItemStatus = ItemStatus.AVAILABLE,
    branch: str = "C01",
    held_for: UUID | None = None,
) -> Item:
    """Make a book on the shelf."""
    holder = None if held_for is None else PatronId(held_for)
    return Item(ItemId(id or uuid4()), barcode, title, kind, status, BranchCode(branch), holder)


def a_loan(  # noqa: PLR0913 - one optional argument a field
    *,
    id: UUID | None = None,  # noqa: A002 - the field's name
    patron: UUID | None = None,
    item: UUID | None = None,
    title: str = "小王子",
    kind: ItemKind = ItemKind.BOOK,
    due: date = date(2026, 4, 10),
    lent_at: datetime = datetime(2026, 3, 11, 2, 0, tzinfo=UTC),
    renewals: int = 0,
    barcode: str = "30234000517861",
    branch: str = "C01",
    wanted: bool = False,
) -> Loan:
    """Make an open loan of a book that is not yet due."""
    whose, what = PatronId(patron or uuid4()), ItemId(item or uuid4())
    return Loan(LoanId(id or uuid4()), whose, what, title, kind, due, lent_at, renewals, barcode, BranchCode(branch), wanted)


def a_hold(  # noqa: PLR0913 - one optional argument a field
    *,
    id: UUID | None = None,  # noqa: A002 - the field's name
    patron: UUID | None = None,
    title: str = "小王子",
    state: HoldState = HoldState.WAITING,
    pickup: str = "C01",
    shelf: str = "",
    until: date | None = None,
    queue: int = 1,
) -> Hold:
    """Make a hold that is first in the queue."""
    return Hold(HoldId(id or uuid4()), PatronId(patron or uuid4()), title, state, BranchCode(pickup), shelf, until, queue)


def rules(  # noqa: PLR0913 - one optional argument a field
    *,
    total: int = 25,
    days: Mapping[ItemKind, int] | None = None,
    extra: Mapping[ItemKind, int] | None = None,
    overdue_stops_loans: bool = True,
    renewals: int = 2,
    renewal_days: Mapping[ItemKind, int] | None = None,
    overdue: OverdueRules | None = OVERDUE,
    holds: HoldRules | None = HOLDS,
) -> LoanRules:
    """Make the library's rules for personal cards."""
    return LoanRules(
        total,
        days or {ItemKind.BOOK: 30, ItemKind.HOT_TITLE: 14, ItemKind.AUDIO_VISUAL: 14},
        {ItemKind.HOT_TITLE: 7, ItemKind.AUDIO_VISUAL: 7} if extra is None else extra,
        overdue_stops_loans,
        renewals,
        {ItemKind.BOOK: 30, ItemKind.HOT_TITLE: 14} if renewal_days is None else renewal_days,
        overdue,
        holds,
    )


def a_rule_set(
    *, version: int = 1, effective_from: date = date(2025, 9, 1), by_class: Mapping[PatronClass, LoanRules] | None = None
) -> RuleSet:
    """Make a rule set for both classes."""
    personal_and_family = {PatronClass.PERSONAL: rules(), PatronClass.FAMILY: rules(total=40)}
    return RuleSet(version, effective_from, "the library's site", personal_and_family if by_class is None else by_class)


def opening_days(
    *,
    weekly: Mapping[Weekday, Hours] | None = None,
    closed: frozenset[date] = frozenset(),
    closed_monthly: frozenset[tuple[int, Weekday]] = FIRST_THURSDAY,
) -> OpeningDays:
    """Make the library's calendar: open every day except the first Thursday of a month."""
    return OpeningDays(WEEK if weekly is None else weekly, closed, closed_monthly)
