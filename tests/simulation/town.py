"""The town of a world: branches, patrons with a card each, books. All of it follows from the seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from circulation.cards import CardKind, CardUid
from circulation.ids import BranchCode, CardId, ItemId, PatronId
from circulation.items import Item, ItemKind, ItemStatus
from registry.cards.store import CardRecord
from registry.enrolment.store import PatronRecord
from registry.house import Registry
from registry.lending.store import Branch
from tests.builders import a_rule_set, opening_days

_LETTER_A = 10
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1)


@dataclass(frozen=True)
class Book:
    id: UUID
    barcode: str
    home: str


@dataclass(frozen=True)
class Person:
    """A patron; ``other`` is a second card, by which the first can be reported lost."""

    id: UUID
    card: CardUid
    other: CardUid


@dataclass(frozen=True)
class Town:
    branches: tuple[str, ...]
    people: tuple[Person, ...]
    books: tuple[Book, ...]
    books_of: Mapping[str, Sequence[Book]]
    """By their home."""


def a_town(chance: Random, *, branches: int, people: int, books: int) -> Town:
    codes = tuple(f"S{number:02d}" for number in range(branches))

    def key() -> UUID:
        return UUID(int=chance.getrandbits(128), version=4)

    patrons = tuple(Person(key(), CardUid.from_hex(f"04A0{n:04X}"), CardUid.from_hex(f"04C0{n:04X}")) for n in range(people))
    all_books = tuple(Book(key(), f"3023{n:010d}", codes[n % branches]) for n in range(books))
    return Town(codes, patrons, all_books, {code: [book for book in all_books if book.home == code] for code in codes})


def settle(town: Town, registry: Registry, chance: Random) -> None:
    """Put the whole town on record, as the feed's initial state."""
    registry.add_branches([Branch(BranchCode(code), f"分館{code}") for code in town.branches], tell_feed=False)
    registry.add_rule_sets([a_rule_set()], tell_feed=False)
    registry.add_calendars({BranchCode(code): opening_days() for code in town.branches}, tell_feed=False)
    registry.add_patrons(
        [
            PatronRecord(
                PatronId(one.id), f"陳學生{n}", _national_id(n), date(2014, 5, 6), regular_at=town.branches[n % len(town.branches)]
            )
            for n, one in enumerate(town.people)
        ],
        tell_feed=False,
    )
    registry.add_cards(
        [
            CardRecord(CardId(UUID(int=chance.getrandbits(128), version=4)), PatronId(one.id), kind, uid)
            for one in town.people
            for kind, uid in ((CardKind.EASYCARD, one.card), (CardKind.IPASS, one.other))
        ],
        tell_feed=False,
    )
    registry.add_items(
        [
            Item(ItemId(one.id), one.barcode, f"書{one.barcode[-4:]}", ItemKind.BOOK, ItemStatus.AVAILABLE, BranchCode(one.home))
            for one in town.books
        ],
        tell_feed=False,
    )


def _national_id(number: int) -> str:
    digits = f"1{number:07d}"
    total = sum(int(digit) * weight for digit, weight in zip(f"{_LETTER_A}{digits}", _WEIGHTS, strict=False))
    return f"A{digits}{-total % 10}"
