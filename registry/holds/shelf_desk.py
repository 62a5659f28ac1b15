"""The desk where copies are scanned for holds: onto the hold shelf, to another branch, home; and what a branch has to do.

The registry says where a copy goes. A hold is ready from this scan on: then, and not before, the copy lies where its patron finds it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum, unique

from circulation.holds import HoldState
from circulation.ids import BranchCode
from circulation.item_life import ItemEvent, after
from circulation.items import Item, ItemStatus
from circulation.opening_days import NoOpenDayError, OpeningDays, local_date
from circulation.rules import HoldRules
from registry.audit.store import AuditEntry, append
from registry.calendars.store import opening_days_of_branch
from registry.catalogue.store import by_barcode
from registry.database import Database, UnitOfWork
from registry.desk.replacing import Publish
from registry.holds import store_standing
from registry.holds.effects import read_moves, write_moves
from registry.holds.moves import Moves
from registry.holds.records import HoldRecord
from registry.holds.rules import HoldRefusal, HoldRefusedError, free_place, last_day_to_collect
from registry.holds.store_worklist import lines_of
from registry.holds.terms import hold_rules_of
from registry.holds.ways import can_be_held, drop, homeward, lost_sight_of
from registry.holds.worklist import WorkLine, arranged
from registry.lending.store import branch_name
from registry.outside import Outside
from registry.plain_text import plain
from registry.settings import RegistrySettings

_LONGEST_PLACE = 16
MOST_SHOWN = 500


@unique
class Way(StrEnum):
    """Where a scanned copy goes: stable codes. The sentences stand in the catalogue as ``holds.way.<code>``."""

    HOLD_SHELF = "hold_shelf"
    TO_BRANCH = "to_branch"
    """To another branch's hold shelf."""
    HOME = "home"
    """Nobody waits for it: to its own branch."""
    SHELF = "shelf"
    """Nobody waits for it, and it is at home."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What to do with the copy in hand: nothing of whom it is for. ``until`` is the last day on the hold shelf, where one is known."""

    way: Way
    title: str
    shelf: str = ""
    until: date | None = None
    send_to: BranchCode | None = None


@dataclass(frozen=True, slots=True)
class _InHand:
    """A copy that a member of staff looks for or has in hand: where, when, who."""

    item: Item
    branch: BranchCode
    now: datetime
    by: str


class HoldShelfDesk:
    """Scans copies, and shows a branch what it has to do."""

    def __init__(self, database: Database, outside: Outside, settings: RegistrySettings, *, publish: Publish) -> None:
        self._database = database
        self._outside = outside
        self._zone = settings.zone
        self._publish = publish

    def trap(self, barcode: str, *, branch: BranchCode, by: str, shelf: str = "") -> Scanned:
        """Scan a copy that is in hand at a branch: for whoever it is kept, else for the first in the queue, else home.

        Args:
            barcode: the copy's.
            branch: where it is.
            by: the member of staff.
            shelf: its place on the hold shelf; without one the lowest free number.

        Raises:
            HoldRefusedError: ``BRANCH_UNKNOWN``, ``ITEM_UNKNOWN``, ``ITEM_ON_LOAN``, ``ITEM_NOT_LENT``.

        """
        return self._scan(barcode, branch, by, shelf, arriving=False)

    def arrive(self, barcode: str, *, branch: BranchCode, by: str, shelf: str = "") -> Scanned:
        """Scan a copy out of the boxes that came from other branches.

        Raises:
            HoldRefusedError: as ``trap``, and ``NOT_EXPECTED`` when it is on no way.

        """
        return self._scan(barcode, branch, by, shelf, arriving=True)

    def missing(self, barcode: str, *, branch: BranchCode, by: str) -> None:
        """Note that a copy was looked for at a branch and is not there; whoever it was kept for waits again, at the place they had.

        Raises:
            HoldRefusedError: ``BRANCH_UNKNOWN``, ``ITEM_UNKNOWN``, ``ITEM_ON_LOAN``, ``NOT_KEPT_HERE``.

        """

        def miss(work: UnitOfWork) -> None:
            copy = self._in_hand(work, barcode, branch, by)
            moves = read_moves(work, [], copy.item)
            kept = moves.holds.kept_with(copy.item)
            stands_here = kept is None and copy.item.branch == branch and copy.item.status is ItemStatus.AVAILABLE
            if not stands_here and (kept is None or branch not in {kept.at, kept.pickup}):
                raise HoldRefusedError(HoldRefusal.NOT_KEPT_HERE)
            drop(copy.item, moves.holds)
            moves.shelve(lost_sight_of(copy.item))
            self._done(work, moves, "item missed", copy)

        self._database.write(miss)

    def worklist(self, branch: BranchCode) -> list[WorkLine]:
        """What a branch has to do for holds, one line an item: titles and places, and nobody's name.

        Raises:
            HoldRefusedError: ``BRANCH_UNKNOWN``.

        """
        with self._database.reading() as connection:
            if branch_name(connection, branch) is None:
                raise HoldRefusedError(HoldRefusal.BRANCH_UNKNOWN)
            return arranged(lines_of(connection, branch, limit=MOST_SHOWN))

    def _scan(self, barcode: str, branch: BranchCode, by: str, shelf: str, *, arriving: bool) -> Scanned:
        def scan(work: UnitOfWork) -> Scanned:
            copy = self._in_hand(work, barcode, branch, by)
            item = copy.item
            if not can_be_held(item):
                raise HoldRefusedError(HoldRefusal.ITEM_NOT_LENT)
            if arriving and item.status is not ItemStatus.IN_TRANSIT:
                raise HoldRefusedError(HoldRefusal.NOT_EXPECTED)
            moves = read_moves(work, [], item)
            whose = moves.holds.kept_with(item) or moves.holds.first(item.title)
            drop(item, moves.holds, but=None if whose is None else whose.patron)
            if whose is None:
                done = _go_home(moves, copy)
            elif whose.pickup != branch:
                done = _send(moves, copy, whose)
            elif whose.state is HoldState.READY:
                done = _lies_there(moves, copy, whose, _written(shelf))
            else:
                done = self._lay_ready(work, moves, copy, whose, _written(shelf))
            self._done(work, moves, "item scanned for holds", copy)
            return done

        return self._database.write(scan)

    def _lay_ready(self, work: UnitOfWork, moves: Moves, copy: _InHand, whose: HoldRecord, shelf: str) -> Scanned:
        connection = work.connection
        today = local_date(copy.now, self._zone)
        rules = hold_rules_of(connection, {whose.patron}, today=today).get(whose.patron)
        until = _last_day(opening_days_of_branch(connection, whose.pickup), rules, ready_on=today)
        place = shelf or free_place(store_standing.places_taken(connection, whose.pickup))
        ready = whose.ready(copy.item.id, shelf=place, until=until, moved_at=copy.now)
        moves.holds.change(whose, ready)
        moves.became_ready.append(ready)
        moves.shelve(replace(copy.item, status=after(copy.item.status, ItemEvent.TRAPPED_FOR_HOLD), held_for=whose.patron))
        return Scanned(Way.HOLD_SHELF, copy.item.title, place, until)

    def _in_hand(self, work: UnitOfWork, barcode: str, branch: BranchCode, by: str) -> _InHand:
        reasons: list[HoldRefusal] = []
        if branch_name(work.connection, branch) is None:
            reasons.append(HoldRefusal.BRANCH_UNKNOWN)
        item = by_barcode(work.connection, barcode)
        if item is None:
            reasons.append(HoldRefusal.ITEM_UNKNOWN)
        elif store_standing.is_on_loan(work.connection, item.id):
            reasons.append(HoldRefusal.ITEM_ON_LOAN)
        if item is None or reasons:
            raise HoldRefusedError(*reasons)
        return _InHand(item, branch, self._outside.now(), by)

    def _done(self, work: UnitOfWork, moves: Moves, action: str, copy: _InHand) -> None:
        detail = {"item": str(copy.item.id), "branch": copy.branch}
        append(work.connection, AuditEntry(copy.now, copy.by, action, "done", detail))
        self._publish(work, write_moves(work, moves, now=copy.now, new_id=self._outside.new_id))


def _last_day(days: OpeningDays | None, rules: HoldRules | None, *, ready_on: date) -> date | None:
    """None where the calendar promises no open day: the copy is kept until somebody ends the hold."""
    try:
        return last_day_to_collect(days, rules, ready_on=ready_on)
    except NoOpenDayError:
        return None


def _written(shelf: str) -> str:
    return plain(shelf.strip(), longest=_LONGEST_PLACE)


def _lies_there(moves: Moves, copy: _InHand, whose: HoldRecord, shelf: str) -> Scanned:
    """It lies ready already: another place moves it, and promises no other day."""
    moved = replace(whose, shelf=shelf or whose.shelf)
    if moved != whose:
        moves.holds.change(whose, moved)
    moves.moved.add(copy.item.id)
    return Scanned(Way.HOLD_SHELF, copy.item.title, moved.shelf, moved.until)


def _send(moves: Moves, copy: _InHand, whose: HoldRecord) -> Scanned:
    moves.holds.change(whose, whose.kept(HoldState.IN_TRANSIT, copy.item.id, at=copy.branch, moved_at=copy.now))
    moves.shelve(replace(copy.item, status=after(copy.item.status, ItemEvent.SET_ASIDE), held_for=whose.patron))
    return Scanned(Way.TO_BRANCH, copy.item.title, send_to=whose.pickup)


def _go_home(moves: Moves, copy: _InHand) -> Scanned:
    moves.shelve(homeward(copy.item, here=copy.branch))
    if copy.item.branch == copy.branch:
        return Scanned(Way.SHELF, copy.item.title)
    return Scanned(Way.HOME, copy.item.title, send_to=copy.item.branch)
