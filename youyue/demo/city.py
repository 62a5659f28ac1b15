"""A city from a seed: branches, schools, pupils with valid synthetic IDs, items with titles.

The same seed and sizes give the same city, key for key. Nobody in it exists: national IDs are made
with a right check digit from numbers counted up, card numbers start at a fixed prefix.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from circulation.barcodes import with_codabar_check_digit
from circulation.cards import CardKind, CardUid
from circulation.ids import BranchCode, CardId, ItemId, PatronId
from circulation.items import ItemKind
from circulation.national_ids import with_check_digit
from youyue.demo import words
from youyue.library import LibraryBranch
from youyue.library import branches as library_branches

_FIRST_DAY = date(2026, 9, 1)
_KEYS_BEGIN_MS = 1_788_220_800_000
"""2026-09-01 in milliseconds: UUIDv7 keys carry a time, the city's carry this one."""


@dataclass(frozen=True, slots=True)
class School:
    """A school with the branch it sends its contact data to (Q3-1a)."""

    code: str
    name: str
    grades: int
    first_age: int
    branch: BranchCode


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil who consented, with the student ID as a library card."""

    id: PatronId
    card: CardId
    full_name: str
    national_id: str
    born: date
    school: School
    uid: CardUid
    card_kind: CardKind
    contact_complete: bool
    card_lost: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """One item on a shelf."""

    id: ItemId
    barcode: str
    title: str
    kind: ItemKind
    branch: BranchCode


@dataclass(frozen=True, slots=True)
class City:
    """All of it."""

    seed: int
    branches: tuple[LibraryBranch, ...]
    schools: tuple[School, ...]
    pupils: tuple[Pupil, ...]
    copies: tuple[Copy, ...]

    def copies_of(self, branch: BranchCode) -> Iterator[Copy]:
        """The items of one branch."""
        return (copy for copy in self.copies if copy.branch == branch)


def make_city(*, seed: int, pupils: int, copies_per_branch: int) -> City:
    """Make a city; one pupil in 8 has contact data missing, one in 60 a card reported lost."""
    chance = random.Random(seed)  # noqa: S311 - a demo city wants a seed, not secrecy
    keys = _Keys(chance)
    branches = library_branches()
    schools = tuple(_schools(branches, chance))
    return City(
        seed=seed,
        branches=branches,
        schools=schools,
        pupils=tuple(_pupil(number, schools, chance, keys) for number in range(pupils)),
        copies=tuple(
            _copy(branch_number, number, branch.code, chance, keys)
            for branch_number, branch in enumerate(branches)
            for number in range(copies_per_branch)
        ),
    )


class _Keys:
    """UUIDv7 keys out of the city's own chance."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._made = 0

    def next(self) -> UUID:
        self._made += 1
        bits = (_KEYS_BEGIN_MS + self._made) << 80 | self._chance.getrandbits(80)
        bits = bits & ~(0xF << 76) | 7 << 76
        bits = bits & ~(0x3 << 62) | 2 << 62
        return UUID(int=bits)


def _falls_on(number: int, *, every: int) -> bool:
    return number % every == every - 1


def _schools(branches: tuple[LibraryBranch, ...], chance: random.Random) -> Iterator[School]:
    ages = {"國小": 6, "國中": 12, "高中": 15}
    for number, stem in enumerate(words.SCHOOL_STEMS):
        level, grades = words.SCHOOL_LEVELS[number % len(words.SCHOOL_LEVELS)]
        branch = chance.choice(branches)
        yield School(f"{400_001 + number}", f"臺北市{branch.district}{stem}{level}", grades, ages[level], branch.code)


def _pupil(number: int, schools: tuple[School, ...], chance: random.Random, keys: _Keys) -> Pupil:
    school = chance.choice(schools)
    age = school.first_age + chance.randrange(school.grades)
    born = _FIRST_DAY - timedelta(days=age * 365 + chance.randrange(365))
    woman = chance.getrandbits(1) == 1
    letter = "ABFH"[chance.randrange(4)]
    uid_length = 7 if _falls_on(number, every=5) else 4
    body = (0x510000 + number).to_bytes(3, "big") + chance.randbytes(uid_length - 4)
    return Pupil(
        id=PatronId(keys.next()),
        card=CardId(keys.next()),
        full_name=_name(number, chance),
        national_id=with_check_digit(f"{letter}{2 if woman else 1}{number:07d}"),
        born=born,
        school=school,
        uid=CardUid(b"\x04" + body),
        card_kind=CardKind.EASYCARD,
        contact_complete=not _falls_on(number, every=8),
        card_lost=_falls_on(number, every=60),
    )


def _name(number: int, chance: random.Random) -> str:
    surname = chance.choice(words.COMPOUND_SURNAMES) if _falls_on(number, every=40) else chance.choice(words.SURNAMES)
    given = chance.choice(words.GIVEN) + (chance.choice(words.RARE_GIVEN) if _falls_on(number, every=25) else chance.choice(words.GIVEN))
    return surname + (given if not _falls_on(number, every=12) else given[0])


def _copy(branch_number: int, number: int, branch: BranchCode, chance: random.Random, keys: _Keys) -> Copy:
    kind = ItemKind.AUDIO_VISUAL if _falls_on(number, every=15) else ItemKind.HOT_TITLE if _falls_on(number, every=11) else ItemKind.BOOK
    if kind is ItemKind.AUDIO_VISUAL:
        title = chance.choice(words.FILM_PATTERNS).format(chance.choice(words.SUBJECTS))
    elif number < len(words.CLASSICS):
        title = words.CLASSICS[number]
    else:
        title = chance.choice(words.PATTERNS).format(chance.choice(words.SUBJECTS))
    return Copy(
        id=ItemId(keys.next()),
        barcode=with_codabar_check_digit(f"3{branch_number + 201:04d}{number:08d}"),
        title=title,
        kind=kind,
        branch=branch,
    )
