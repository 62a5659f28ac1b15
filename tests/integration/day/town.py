"""The town of the day: two branches, five hundred pupils with their cards, the books, and the loans of the weeks before."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardUid
from circulation.ids import BranchCode, CardId, ItemId, LoanId, PatronId
from circulation.items import Item, ItemKind, ItemStatus
from circulation.loans import Loan
from registry.cards.store import CardRecord
from registry.enrolment.store import PatronRecord
from registry.house import Registry
from registry.lending.store import Branch
from registry.outside import Outside
from registry.settings import RegistrySettings
from tests.builders import a_rule_set, opening_days
from tests.integration.registry.homes import Home

OPENS = datetime(2026, 3, 11, 0, 30, tzinfo=UTC)
"""Half past eight on a Wednesday in Taipei."""
BRANCHES = {"C01": "總館", "L12": "龍華"}
PUPILS = 500
WITH_A_SECOND_CARD = range(0, PUPILS, 5)
COPIES_OF_A_BRANCH = 700
LENT_BEFORE = range(200)
OVERDUE = range(200, 240)
DUE_NEXT_WEEK = date(2026, 3, 20)
DUE_LAST_WEEK = date(2026, 3, 5)
_WEEKS_AGO = datetime(2026, 2, 18, 3, 0, tzinfo=UTC)
_NAMES = UUID(int=114)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1)


@dataclass
class DayClock:
    """The time of the whole town. It passes when the script says so."""

    wall: datetime = OPENS
    seconds: float = 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def boot_id(self) -> str:
        return "boot"

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Copy:
    """One book in the hand."""

    id: UUID
    barcode: str
    home: str


def pupil(number: int) -> UUID:
    return uuid5(_NAMES, f"pupil {number}")


def easycard(number: int, *, reissue: int = 0) -> CardUid:
    return CardUid.from_hex(f"04{0xA0 + reissue:02X}{number:04X}")


def second_card(number: int) -> CardUid:
    return CardUid.from_hex(f"04C0{number:04X}")


def copies() -> list[Copy]:
    return [
        Copy(uuid5(_NAMES, f"copy {code} {n}"), f"3023{place}{n:09d}", code)
        for place, code in enumerate(BRANCHES)
        for n in range(COPIES_OF_A_BRANCH)
    ]


def loans_before() -> Iterator[tuple[int, Copy, date]]:
    """The loans of the weeks before: whose, of what, until when."""
    at_hand = copies()
    for number in (*LENT_BEFORE, *OVERDUE):
        book = at_hand[number // 2 + number % 2 * COPIES_OF_A_BRANCH]
        yield number, book, DUE_LAST_WEEK if number in OVERDUE else DUE_NEXT_WEEK


def opened(home: Home, clock: DayClock) -> Registry:
    """The registry on its database, with the day's clock."""
    settings = RegistrySettings(gather=timedelta(milliseconds=20), look=timedelta(hours=1))
    return Registry.open(home.folder, Outside(clock.now, uuid7, os.urandom), settings, database=home.url)


def found(home: Home, clock: DayClock) -> Registry:
    """The registry with the whole town in it."""
    registry = opened(home, clock)
    registry.add_branches([Branch(BranchCode(code), name) for code, name in BRANCHES.items()], tell_feed=False)
    registry.add_rule_sets([a_rule_set()], tell_feed=False)
    registry.add_calendars({BranchCode(code): opening_days() for code in BRANCHES}, tell_feed=False)
    registry.add_patrons(
        (PatronRecord(PatronId(pupil(n)), f"陳學生{n}", _national_id(n), date(2014, 5, 6), regular_at="C01") for n in range(PUPILS)),
        tell_feed=False,
    )
    easycards = ((n, CardKind.EASYCARD, easycard(n)) for n in range(PUPILS))
    others = ((n, CardKind.IPASS, second_card(n)) for n in WITH_A_SECOND_CARD)
    registry.add_cards(
        (CardRecord(CardId(uuid7()), PatronId(pupil(n)), kind, uid) for n, kind, uid in (*easycards, *others)), tell_feed=False
    )
    registry.add_items(
        (Item(ItemId(book.id), book.barcode, "小王子", ItemKind.BOOK, ItemStatus.AVAILABLE, BranchCode(book.home)) for book in copies()),
        tell_feed=False,
    )
    registry.add_loans(
        (
            Loan(LoanId(uuid7()), PatronId(pupil(n)), ItemId(book.id), "小王子", ItemKind.BOOK, due, _WEEKS_AGO)
            for n, book, due in loans_before()
        ),
        tell_feed=False,
    )
    return registry


def _national_id(number: int) -> str:
    digits = f"1{number:07d}"
    value = _LETTERS.index("A") + 10
    total = sum(int(digit) * weight for digit, weight in zip(f"{value}{digits}", _WEIGHTS, strict=False))
    return f"A{digits}{-total % 10}"
