"""Plays a story into a real registry: files through the desk for rosters, people at the other desks, each on its day."""

import csv
import io
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import assert_never
from uuid import UUID

from sqlalchemy import or_, select
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardUid
from circulation.ids import BranchCode, CardId, PatronId
from registry.cards.store import CardRecord, of_kind
from registry.cards.store_losses import LossChannel
from registry.cases.acts import CaseOrder
from registry.cases.decisions import ALLOWED
from registry.cases.kinds import CaseKind
from registry.cases.store_decisions import Viewer
from registry.cases.tables import staff_case
from registry.desk.losing import IdentityItem, LossCall
from registry.desk.questions import ByNationalId
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.desk.replacing import NewCardOrder
from registry.enrolment.store import PatronRecord
from registry.house import Registry
from registry.lending.store import Branch
from registry.outside import Outside
from registry.people.ages import Signer
from registry.people.leaving import WithdrawalOutcome
from registry.people.withdrawing import WithdrawalForm
from registry.rosters.headings import RosterKind
from registry.rosters.loading import RosterOrder
from registry.rosters.store_batches import BatchState
from registry.schools.store import School
from tests.integration.registry.homes import Home
from tests.story.events import (
    AccountBefore,
    ContactFile,
    DeskLoss,
    DeskReplacement,
    DeskRestore,
    Happening,
    LeavingFile,
    LossFile,
    ReissueFile,
    StudentFile,
    Withdrawal,
)

BUREAU, CLERK, CHIEF = "bureau", "staff:lin", "staff:chen"
BRANCH = BranchCode("C01")
_PROVEN = frozenset({IdentityItem.NAME, IdentityItem.BIRTH_DATE})
_TEN_O_CLOCK_IN_TAIPEI = time(2, tzinfo=UTC)
_REPUBLIC_BEGINS = 1911
_AUGUST = 8

Files = StudentFile | ContactFile | ReissueFile | LeavingFile | LossFile
_STUDENTS = ("姓名", "身分證字號", "出生年月日", "悠遊卡號", "學校代碼", "同意")
_CONTACTS = ("學生姓名", "身分證字號", "生日", "通訊地址", "聯絡電話")
_REISSUES = ("身分證字號", "出生年月日", "新悠遊卡號", "補發日期")
_LEAVINGS = ("身分證字號", "出生年月日", "異動類別", "離校日期", "悠遊卡號")
_LOSSES = ("身分證字號", "出生年月日", "掛失日期", "悠遊卡號")


@dataclass
class Calendar:
    """A clock that stands where the story is."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Player:
    """A registry and whoever brings files and stands at its desks."""

    registry: Registry
    calendar: Calendar
    folder: Path
    done: Counter[str] = field(default_factory=Counter)
    """How often what was done."""
    settled: set[tuple[str, str]] = field(default_factory=set)
    """Cases that staff have decided, by kind and national ID: a decided case forgets both its sides."""

    @classmethod
    def at(cls, home: Home, files: Path, schools: Iterable[str]) -> "Player":
        """An empty library with one branch and these schools."""
        calendar = Calendar(datetime.combine(date(2025, 8, 1), _TEN_O_CLOCK_IN_TAIPEI))
        registry = Registry.open(home.folder, Outside(calendar, uuid7, os.urandom), database=home.url)
        registry.add_branches([Branch(BRANCH, "總館", "大安區")], tell_feed=False)
        registry.rosters.desk.set_schools(School(code, f"虛構國小{code}", BRANCH) for code in schools)
        return cls(registry, calendar, files)

    def play(self, happenings: Iterable[Happening]) -> None:
        """Everything in its order; accounts of before that stand together are loaded together."""
        for (on, kind), group in groupby(happenings, lambda one: (one.on, type(one.event))):
            self.calendar.at = max(self.calendar.at, datetime.combine(on, _TEN_O_CLOCK_IN_TAIPEI))
            events = [one.event for one in group]
            if kind is AccountBefore:
                self._load([one for one in events if isinstance(one, AccountBefore)])
                continue
            for event in events:
                self.calendar.at += timedelta(seconds=1)
                self._one(event, on)

    def _one(self, event: object, on: date) -> None:
        match event:
            case StudentFile() | ContactFile() | ReissueFile() | LeavingFile() | LossFile():
                self._file(event, on)
            case DeskLoss(card):
                self.registry.desk.losses.lose(LossCall(CardUid.from_hex(card), LossChannel.DESK, _PROVEN, BRANCH), by=CLERK)
            case DeskRestore(card):
                self._restore(CardUid.from_hex(card))
            case DeskReplacement(number, kind, card):
                self._replace(number, CardKind(kind), CardUid.from_hex(card))
            case Withdrawal(number):
                self._withdraw(number)

    def _load(self, accounts: Sequence[AccountBefore]) -> None:
        keys = {one.number: PatronId(uuid7()) for one in accounts}
        self.registry.add_patrons([PatronRecord(keys[one.number], one.name, one.number, one.born) for one in accounts])
        self.registry.add_cards(
            CardRecord(CardId(uuid7()), keys[one.number], CardKind(kind), CardUid.from_hex(card))
            for one in accounts
            for kind, card in one.cards
        )

    def _file(self, file: Files, on: date) -> None:
        path = self.folder / "roster.csv"
        kind, year, sender, rows = _written(file, on)
        path.write_bytes(_as_csv(rows))
        desk, batches = self.registry.rosters.desk, self.registry.rosters.batches
        loaded = desk.load(RosterOrder(kind, path, year, sender=sender))
        brought = desk.commit(loaded, desk.preview(loaded, by=CLERK), by=CLERK)
        if brought.state is BatchState.STAGED and brought.batch is not None:
            self.done["unusual batch"] += 1
            batches.approve(brought.batch, by=CHIEF)
            brought = batches.commit(brought.batch, by=CLERK)
        self.done["file that changes nothing" if brought.batch is None else f"file of {kind}"] += 1
        self.done["row refused"] += len(loaded.bad)
        for outcome in brought.outcomes.values():
            self.done[f"row {outcome}"] += 1

    def _restore(self, card: CardUid) -> None:
        """A loss that the Bureau told of is not the library's to undo (R18)."""
        try:
            self.registry.desk.losses.restore(card, because="找到了", by=CLERK)
        except DeskRefusedError as error:
            assert error.code is DeskRefusal.FROM_BUREAU  # noqa: PT017 - any other refusal is an error of the story
            self.done["not restored"] += 1

    def _replace(self, number: str, kind: CardKind, card: CardUid) -> None:
        key = self._key(number)
        with self.registry.database.reading() as connection:
            present = of_kind(connection, key, kind)
        seen = None if present is None else present.uid
        self.registry.desk.cards.replace(NewCardOrder(key, kind, card, seen), by=CLERK)

    def _withdraw(self, number: str) -> None:
        """What is open about somebody is settled first (R11): here the questions that files have raised."""
        key = self._key(number)
        self._settle(key)
        done = self.registry.people.withdrawals.withdraw(WithdrawalForm(key, Signer.GUARDIAN), by=CLERK)
        assert done.outcome is not None, done.left
        self.done[f"withdrawal {done.outcome}"] += 1
        if done.outcome is WithdrawalOutcome.ENDED:
            self.settled = {(kind, about) for kind, about in self.settled if about != number}

    def _settle(self, key: PatronId) -> None:
        """Decide every question about somebody so that nothing changes."""
        named = or_(staff_case.c.patron == key, staff_case.c.other_patron == key)
        with self.registry.database.reading() as connection:
            found = list(connection.execute(select(staff_case).where(named, staff_case.c.settled_at.is_(None))))
        for row in found:
            self._decide(row.id, CaseKind(row.kind))
            self.settled.add((row.kind, about(row.kind, row.asks)))

    def _decide(self, key: UUID, kind: CaseKind) -> None:
        order = CaseOrder(ALLOWED[kind][0], "問過家長")
        self.registry.casework.cases.decide(key, order, Viewer(CHIEF))
        self.done["case decided"] += 1

    def _key(self, number: str) -> PatronId:
        (found,) = self.registry.desk.cards.find(ByNationalId.written(number), by=CLERK)
        return found.id


def about(kind: str, asks: dict[str, str]) -> str:
    """Whom a case is about, as the oracle names it: somebody without a number by the card."""
    return asks["card"] if kind == CaseKind.MISSING_ID else asks["national_id"]


def _written(file: Files, on: date) -> tuple[RosterKind, int, str, list[tuple[str, ...]]]:
    """A file as its sender writes it: what it is, its school year, the sender, headings and rows."""
    year = on.year - _REPUBLIC_BEGINS - (on.month < _AUGUST)
    match file:
        case StudentFile(of, students):
            rows = [(one.name, one.number, _roc(one.born), one.card, one.school, "是" if one.consented else "否") for one in students]
            return RosterKind.BUREAU_STUDENTS, of, BUREAU, [_STUDENTS, *rows]
        case ContactFile(of, school, contacts):
            rows_of_school = [(one.name, one.number, one.born, one.address, one.phone) for one in contacts]
            return RosterKind.SCHOOL_CONTACTS, of, school, [_CONTACTS, *rows_of_school]
        case ReissueFile(reissues):
            made = [(one.number, _roc(one.born), one.card, one.issued.isoformat()) for one in reissues]
            return RosterKind.REISSUES, year, BUREAU, [_REISSUES, *made]
        case LeavingFile(leavings):
            left = [(one.number, one.born, "繳回" if one.handed_in else "註銷", _roc(one.left.isoformat()), one.card) for one in leavings]
            return RosterKind.LEAVINGS, year, BUREAU, [_LEAVINGS, *left]
        case LossFile(losses):
            lost = [(one.number, _roc(one.born), one.lost.isoformat(), one.card) for one in losses]
            return RosterKind.LOSSES, year, BUREAU, [_LOSSES, *lost]
        case _:
            assert_never(file)


def _roc(day: str) -> str:
    """A date in the years of the Republic, whether or not it exists."""
    year, month, of_month = day.split("-")
    return f"{int(year) - _REPUBLIC_BEGINS:03}{month}{of_month}"


def _as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """As an office program writes it: in the old code page where that has all characters, else in UTF-8 with its mark."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    try:
        return out.getvalue().encode("cp950")
    except UnicodeEncodeError:
        return out.getvalue().encode("utf-8-sig")
