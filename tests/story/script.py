"""Three school years, seeded: files with every trouble that files have, and what people do between them.

The script asks the oracle who holds what, so that its events make sense; nothing else knows.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice

from tests.story.events import (
    AccountBefore,
    ContactFile,
    ContactRow,
    DeskLoss,
    DeskReplacement,
    DeskRestore,
    Event,
    Happening,
    Kind,
    LeavingFile,
    LeavingRow,
    LossFile,
    LossRow,
    ReissueFile,
    ReissueRow,
    StudentFile,
    StudentRow,
    Withdrawal,
)
from tests.story.oracle import Oracle
from tests.story.people import People, Person, swapped, turned

YEARS = (114, 115, 116)
_MONTHS = {200: 1, 3_000: 2}
"""Of fewer pupils than that so many months of a year are told, else four."""


@dataclass
class Story:
    """The happenings in their order, the oracle that heard them, and how often each trouble was planted."""

    oracle: Oracle = field(default_factory=Oracle)
    happenings: list[Happening] = field(default_factory=list)
    planted: Counter[str] = field(default_factory=Counter)
    schools: list[str] = field(default_factory=list)

    def tell(self, on: date, event: Event) -> None:
        happening = Happening(on, event)
        self.happenings.append(happening)
        self.oracle.tell(happening)


def three_school_years(pupils: int, *, seed: int) -> Story:
    """The same story for the same numbers; with more pupils there are more schools, and more files."""
    schools = [f"3{13501 + number:05d}" for number in range(max(6, pupils // 125))]
    size = _Size(pupils // len(YEARS), files=max(4, pupils // 500), months=_months(pupils))
    return _Author(size, random.Random(seed), Story(schools=schools)).written()


def _months(pupils: int) -> int:
    return next((months for most, months in _MONTHS.items() if pupils < most), 4)


@dataclass(frozen=True, slots=True)
class _Size:
    """New pupils of a year, files that the Bureau splits a year into, months that something happens in."""

    a_year: int
    files: int
    months: int


@dataclass
class _Author:
    """Writes the story. ``share(n)`` of a thousand pupils is never fewer than one."""

    size: _Size
    rng: random.Random
    story: Story
    everybody: dict[str, Person] = field(default_factory=dict)
    kept_back: list[tuple[int, StudentRow]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.people = People(self.rng)
        self.year = YEARS[0]

    def written(self) -> Story:
        for year in YEARS:
            self._a_year(year)
        return self.story

    def _a_year(self, year: int) -> None:
        self.year = year
        begins = date(year + 1911, 9, 1)
        cohort = list(self.people.pupils(self.size.a_year, self.story.schools, age=6, year=year))
        self.story.planted["twin"] += sum(one.twin for one in cohort)
        self.story.planted["rare name"] += sum(one.is_rare for one in cohort)
        self._known_before(cohort, begins - timedelta(days=20))
        moving = self._some([one for one in self.everybody.values() if self._takes_part(one)], 100)
        # Whose first row comes after the second.
        moving += [self.everybody[row.number] for _, row in self.kept_back[::2] if row.number in self.everybody]
        moving = list(dict.fromkeys(moving))
        self.everybody |= {one.number: one for one in cohort}
        rows = [self._row(one) for one in cohort] + [self._new_school(one) for one in moving]
        rows += self._foreigners(year, begins)
        self._contacts(year, cohort, begins - timedelta(days=7), early=True)
        self._students(year, self._with_troubles(rows), begins)
        self._contacts(year, cohort, begins + timedelta(days=20), early=False)
        self._late_files(year, begins + timedelta(days=70))
        for month in range(self.size.months):
            self._a_month(begins + timedelta(days=100 + 40 * month))
        self._again(year, begins + timedelta(days=250))
        self._leaving(date(year + 1912, 6, 25))

    def _known_before(self, cohort: Iterable[Person], on: date) -> None:
        for one in self._some(cohort, 100):
            others = [kind for kind in (Kind.IPASS, Kind.BARCODE, Kind.CHIP) if self.rng.random() < 0.4]
            cards = tuple((kind, self.people.card()) for kind in (Kind.EASYCARD, *others))
            name = one.name + "兒" if self.rng.random() < 0.1 else one.name
            self.story.planted["name differs"] += name != one.name
            self.story.tell(on, AccountBefore(one.number, name, one.born, cards))

    def _row(self, one: Person) -> StudentRow:
        return StudentRow(one.number, one.name, one.born.isoformat(), self.people.card(), one.school)

    def _new_school(self, one: Person) -> StudentRow:
        """Q7-c: on to the next school, with new consent and a new student ID."""
        self.story.planted["next school"] += 1
        moved = replace(one, school=self.rng.choice(self.story.schools))
        self.story.planted["move"] += moved.school != one.school
        self.everybody[one.number] = moved
        return self._row(moved)

    def _foreigners(self, year: int, begins: date) -> list[StudentRow]:
        rows = []
        for _ in range(max(1, self.size.a_year * 6 // 1000)):
            one, old = self.people.foreigner(self.rng.choice(self.story.schools), year=year)
            self.story.planted["old resident number"] += 1
            self.story.tell(begins - timedelta(days=30), AccountBefore(old, one.name, one.born, ((Kind.BARCODE, self.people.card()),)))
            rows.append(self._row(one))
        return rows

    def _with_troubles(self, rows: list[StudentRow]) -> list[StudentRow]:
        """Every row at most one trouble, each of a share of the rows."""
        turn = iter(self.rng.sample(range(len(rows)), len(rows)))
        held = sorted(self.story.oracle.holder)
        troubles: list[tuple[str, int, Callable[[StudentRow], list[StudentRow]]]] = [
            ("refused consent", 30, lambda row: [replace(row, consented=False)]),
            ("wrong byte order", 10, lambda row: [replace(row, card=turned(self._card_of(row.number) or row.card))]),
            ("swapped date", 10, lambda row: [replace(row, born=_swapped(row.born))]),
            ("impossible date", 6, lambda row: [replace(row, born=f"{row.born[:4]}-02-30")]),
            ("missing number", 6, lambda row: [replace(row, number="")]),
            ("another name", 10, lambda row: [replace(row, name=row.name + "人")]),
            ("card of somebody else", 6, lambda row: [replace(row, card=self.rng.choice(held))]),
            ("contradiction", 6, lambda row: [row, replace(row, card=self.people.card())]),
            ("repeated row", 20, lambda row: [row, row]),
            ("kept back", 10, self._keep_back),
        ]
        planted: dict[int, list[StudentRow]] = {}
        for name, per_mille, spoil in troubles:
            for i in islice(turn, max(1, len(rows) * per_mille // 1000)):
                self.story.planted[name] += 1
                planted[i] = spoil(rows[i])
        return [row for i, whole in enumerate(rows) for row in planted.get(i, [whole])]

    def _keep_back(self, row: StudentRow) -> list[StudentRow]:
        self.kept_back.append((self.year, row))
        return []

    def _students(self, year: int, rows: list[StudentRow], begins: date) -> None:
        together: dict[str, list[StudentRow]] = {}
        for row in rows:
            together.setdefault(row.number or row.card, []).append(row)
        groups = list(together.values())
        self.rng.shuffle(groups)  # what contradicts or repeats each other stays in one file, as the sender made it
        for part in range(self.size.files):
            file = StudentFile(year, tuple(row for group in groups[part :: self.size.files] for row in group))
            self.story.tell(begins + timedelta(days=part // 4), file)
            if part % 3 == 0:
                self.story.planted["repeated file"] += 1
                self.story.tell(begins + timedelta(days=part // 4 + 1), file)

    def _again(self, year: int, on: date) -> None:
        """The year's files once more, when some have got new cards since, and others have taken their consent back (R11, R15)."""
        files = (one.event for one in list(self.story.happenings) if isinstance(one.event, StudentFile) and one.event.year == year)
        for file in dict.fromkeys(files):
            self.story.planted["old file again"] += 1
            self.story.tell(on, file)

    def _contacts(self, year: int, cohort: list[Person], on: date, *, early: bool) -> None:
        for place, school in enumerate(self.story.schools):
            mine = [one for one in cohort if one.school == school]
            ahead = place % 4 == 0
            late = place % 10 == 3
            if mine and ahead == early:
                rows = tuple(ContactRow(one.number, one.name, one.born.isoformat(), f"臺北市{school}號", "02-27551234") for one in mine)
                self.story.planted["late school"] += late
                self.story.tell(on + timedelta(days=60 if late else 0), ContactFile(year, school, rows))

    def _late_files(self, year: int, on: date) -> None:
        """What was kept back last year comes now: after a newer card it must not come back (R15)."""
        late = [row for of, row in self.kept_back if of < year]
        if late:
            self.story.planted["late row"] += len(late)
            for of in sorted({of for of, _ in self.kept_back if of < year}):
                self.story.tell(on, StudentFile(of, tuple(row for there, row in self.kept_back if there == of)))
            self.kept_back = [(of, row) for of, row in self.kept_back if of >= year]

    def _a_month(self, on: date) -> None:
        lost = self._some(self._with_easycard(), 6, at_least=4)
        for one in lost:
            self.story.tell(on, DeskLoss(self._card(one)))
        found = lost[::3]
        for one in found:
            self.story.planted["loss undone"] += 1
            self.story.tell(on + timedelta(days=2), DeskRestore(self._card(one)))
        by_school = self._some(self._with_easycard(), 4, at_least=2)
        self._file(on + timedelta(days=3), LossFile, [LossRow(one, self._born(one), self._card(one), on) for one in by_school])
        for one in by_school[::4]:
            self.story.planted["loss by the Bureau stays"] += 1
            self.story.tell(on + timedelta(days=4), DeskRestore(self._card(one)))
        reissued = dict.fromkeys([*lost[1::3], *by_school[1::2], *self._some(self._with_easycard(), 4)])
        before = {one: self._card(one) for one in reissued}
        self._reissues(on + timedelta(days=10), list(reissued))
        self._after_reissues(on + timedelta(days=11), before)
        strangers = [one for one in self.everybody if one not in self.story.oracle.accounts]
        self._reissues(on + timedelta(days=11), self._some(strangers, 30))
        for one in self._some(self._with_easycard(), 4):
            self.story.tell(on + timedelta(days=12), DeskReplacement(one, Kind.IPASS, self.people.card()))
        accounts = self.story.oracle.accounts
        with_own = self._some([one for one in self._with_easycard() if accounts[one].own_basis], 6)
        for one in dict.fromkeys([*self._some(self._with_easycard(), 4), *with_own]):
            self.story.tell(on + timedelta(days=13), Withdrawal(one))

    def _after_reissues(self, on: date, before: dict[str, str]) -> None:
        """Losses of the old cards that are told too late, of new cards, and numbers that come again though they were replaced."""
        replaced = [one for one, card in before.items() if self._card(one) != card]
        late = [LossRow(one, self._born(one), before[one], on - timedelta(days=3)) for one in replaced[::2]]
        self.story.planted["loss told after the reissue"] += len(late)
        self._file(on, LossFile, late)
        for one in replaced[1::3]:
            self.story.planted["loss after a reissue"] += 1
            self.story.tell(on, DeskLoss(self._card(one)))
        again = [ReissueRow(one, self._born(one), before[one], on) for one in replaced[2::4]]
        self.story.planted["replaced number again"] += len(again)
        self._file(on, ReissueFile, again)

    def _reissues(self, on: date, numbers: list[str]) -> None:
        issued = on - timedelta(days=1)
        rows = [ReissueRow(one, self._born(one), self.people.card(), issued) for one in dict.fromkeys(numbers)]
        self._file(on, ReissueFile, rows)
        older = [replace(row, card=self.people.card(), issued=issued - timedelta(days=900)) for row in rows[::4]]
        self.story.planted["reissue that is older"] += len(older)
        self._file(on + timedelta(days=5), ReissueFile, older)

    def _leaving(self, on: date) -> None:
        """Every other card is handed in, the others are cancelled and kept."""
        leaving = self._some(self._with_easycard(), 40, at_least=2)
        rows = [LeavingRow(one, self._born(one), self._card(one), place % 2 == 0, on) for place, one in enumerate(leaving)]
        self._file(on, LeavingFile, rows)

    def _file(self, on: date, kind: type[LossFile | ReissueFile | LeavingFile], rows: list) -> None:  # type: ignore[type-arg]  # rows of that file
        if rows:
            self.story.tell(on, kind(tuple(rows)))

    def _some(self, of: Iterable, per_mille: int, *, at_least: int = 1) -> list:  # type: ignore[type-arg]  # of whatever there is
        everything = list(of)
        return self.rng.sample(everything, min(len(everything), max(at_least, len(everything) * per_mille // 1000)))

    def _with_easycard(self) -> list[str]:
        """Pupils who take part, with an EasyCard on record."""
        accounts = self.story.oracle.accounts
        return [one for one in self.everybody if one in accounts and accounts[one].years and Kind.EASYCARD in accounts[one].cards]

    def _takes_part(self, one: Person) -> bool:
        account = self.story.oracle.accounts.get(one.number)
        return account is not None and bool(account.years)

    def _card_of(self, number: str) -> str | None:
        account = self.story.oracle.accounts.get(number)
        card = account.cards.get(Kind.EASYCARD) if account is not None else None
        return card.number if card is not None else None

    def _card(self, number: str) -> str:
        return self.story.oracle.accounts[number].cards[Kind.EASYCARD].number

    def _born(self, number: str) -> str:
        account = self.story.oracle.accounts.get(number)
        return (account.born if account is not None else self.everybody[number].born).isoformat()


def _swapped(born: str) -> str:
    """Day and month in the wrong order; where that is no other day, one that no calendar has."""
    other = swapped(date.fromisoformat(born))
    return other.isoformat() if other is not None else f"{born[:4]}-02-30"
