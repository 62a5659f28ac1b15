"""Who comes to the kiosk of a walk, with which cards, and what stands on its shelves. Every title is one book's alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from circulation.blocks import Block, BlockCode
from circulation.cards import CardKind, CardUid
from circulation.holds import HoldState
from circulation.ids import BranchCode, CardId, HoldId, ItemId, PatronId
from circulation.items import Item, ItemKind, ItemStatus
from circulation.loans import Loan
from circulation.national_ids import with_check_digit
from circulation.patrons import PatronClass
from registry.cards.store import CardRecord
from registry.enrolment.store import PatronRecord
from registry.holds.records import HoldRecord
from registry.house import Registry
from registry.lending.store import BlockRecord, Branch
from tests.builders import a_loan, a_rule_set, opening_days, rules
from tests.simulation.times import BEGINS

HERE, THERE = BranchCode("S00"), BranchCode("S01")
PIN = "729401"
BORN = date(2014, 5, 6)
SURNAMES = "林陳張李黃吳劉周蔡楊"
HAS_PIN, HAS_HOLDS, INCOMPLETE, SUSPENDED, FINED, EXPIRED, BUSY, LATE = range(8)
UNKNOWN = CardUid.from_hex("04EEEEEE")
RANDOM = CardUid.from_hex("08123456")
BOOKS_HERE, BOOKS_THERE, MOST_LOANS = 40, 6, 6


@dataclass(frozen=True)
class Person:
    """A patron with a student card, an iPASS card, and a name that nobody else has."""

    id: PatronId
    masked_name: str
    national_id: str
    card: CardUid
    other: CardUid


@dataclass(frozen=True)
class Book:
    id: ItemId
    barcode: str
    title: str
    branch: BranchCode


@dataclass(frozen=True)
class Neighbourhood:
    people: tuple[Person, ...]
    books: tuple[Book, ...]


def a_neighbourhood(chance: Random) -> Neighbourhood:
    def key() -> UUID:
        return UUID(int=chance.getrandbits(128), version=4)

    people = tuple(
        Person(
            PatronId(key()),
            f"{surname}○○",
            with_check_digit(f"A100000{n:02d}"),
            CardUid.from_hex(f"04A0{n:04X}"),
            CardUid.from_hex(f"04C0{n:04X}"),
        )
        for n, surname in enumerate(SURNAMES)
    )
    books = tuple(
        Book(ItemId(key()), f"3023{n:010d}", f"第{n:02d}號書", HERE if n < BOOKS_HERE else THERE) for n in range(BOOKS_HERE + BOOKS_THERE)
    )
    return Neighbourhood(people, books)


def settle(all_of: Neighbourhood, registry: Registry, chance: Random) -> None:
    """Put everybody and everything on record, as the feed's initial state."""

    def key() -> UUID:
        return UUID(int=chance.getrandbits(128), version=4)

    people, books, today = all_of.people, all_of.books, BEGINS.date()
    registry.add_branches([Branch(HERE, "這裡"), Branch(THERE, "那裡")], tell_feed=False)
    registry.add_rule_sets([a_rule_set(by_class={PatronClass.PERSONAL: rules(total=MOST_LOANS)})], tell_feed=False)
    registry.add_calendars({code: opening_days() for code in (HERE, THERE)}, tell_feed=False)
    registry.add_patrons(
        [
            PatronRecord(
                *(one.id, f"{one.masked_name[0]}學生", one.national_id, BORN),
                regular_at=HERE,
                expires=today - timedelta(days=9) if n == EXPIRED else None,
                contact_complete=n != INCOMPLETE,
            )
            for n, one in enumerate(people)
        ],
        tell_feed=False,
    )
    cards = ((one, kind, uid) for one in people for kind, uid in ((CardKind.EASYCARD, one.card), (CardKind.IPASS, one.other)))
    registry.add_cards([CardRecord(CardId(key()), one.id, kind, uid) for one, kind, uid in cards], tell_feed=False)
    registry.add_items([_item(n, book, people) for n, book in enumerate(books)], tell_feed=False)
    registry.add_loans(_loans(people, books, key), tell_feed=False)
    registry.add_holds(_holds(people, books, key), tell_feed=False)
    registry.add_blocks(
        [
            BlockRecord(key(), people[SUSPENDED].id, Block(BlockCode.SUSPENDED, today + timedelta(days=900))),
            BlockRecord(key(), people[FINED].id, Block(BlockCode.FEES)),
        ],
        tell_feed=False,
    )
    pins = registry.desk.pins
    for one in people:
        pins.set_by_code(pins.issue_code(one.id, by="staff").code, PIN, by="staff")


def _item(number: int, book: Book, people: tuple[Person, ...]) -> Item:
    status = {0: ItemStatus.ON_HOLD_SHELF, 2: ItemStatus.IN_LIBRARY_ONLY, 3: ItemStatus.MISSING}.get(number, ItemStatus.AVAILABLE)
    holder = people[HAS_HOLDS].id if number == 0 else None
    return Item(book.id, book.barcode, book.title, ItemKind.AUDIO_VISUAL if number == 1 else ItemKind.BOOK, status, book.branch, holder)


def _loans(people: tuple[Person, ...], books: tuple[Book, ...], key: Callable[[], UUID]) -> list[Loan]:
    """One who has nearly all that the rules allow, and one who is late."""
    due = BEGINS.date() + timedelta(days=20)
    busy = [a_loan(id=key(), patron=people[BUSY].id, item=book.id, due=due, lent_at=BEGINS) for book in books[10 : 10 + MOST_LOANS - 1]]
    return [*busy, a_loan(id=key(), patron=people[LATE].id, item=books[20].id, due=BEGINS.date() - timedelta(days=3), lent_at=BEGINS)]


def _holds(people: tuple[Person, ...], books: tuple[Book, ...], key: Callable[[], UUID]) -> list[HoldRecord]:
    """One who has a copy ready and waits for another, which somebody has."""
    whose, last = people[HAS_HOLDS].id, BEGINS.date() + timedelta(days=900)
    ready = HoldRecord(HoldId(key()), whose, books[0].title, HERE, BEGINS, HoldState.READY, books[0].id, "7", last)
    return [ready, HoldRecord(HoldId(key()), whose, books[20].title, HERE, BEGINS)]
