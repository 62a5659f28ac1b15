"""The law of holds: whatever patrons, kiosks, librarians and the calendar do, offline and late.

Nobody is overtaken; a copy is kept for one patron at most, and never while somebody has it; kiosks hear of every row that looks
different; and once copies go round, every wait ends.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from circulation.holds import HoldState
from circulation.ids import BranchCode
from circulation.items import ItemStatus
from registry.cases.tables import staff_case
from registry.catalogue.store import of_keys
from registry.catalogue.tables import item
from registry.database import UnitOfWork
from registry.exchange.store_projection import rows_for
from registry.exchange.tables import fact, flagged_fact
from registry.holds import store
from registry.holds.records import HoldRecord
from registry.holds.rules import HoldRefusedError
from registry.holds.tables import hold, hold_task, no_show, served_hold
from registry.lending.tables import loan
from registry.notices.tables import notice
from replica.tables import ReplicaTable
from tests.integration.registry.city import START
from tests.integration.registry.holds.counter import C01, L12, STAFF, House

BRANCHES = (C01, L12)
WHO = ("ming", "hua", "mei", "bo")
COPIES = ("A", "B", "Z")
SEEN = (ReplicaTable.ITEM, ReplicaTable.LOAN, ReplicaTable.HOLD)

Rows = dict[tuple[BranchCode, str, str], object]


@dataclass(frozen=True)
class Step:
    """One thing that somebody does. ``ago``: how many minutes before it is heard of."""

    kind: str
    who: int
    copy: int
    branch: int
    ago: int


OFTEN = ("place", "lend", "return", "scan")
KINDS = (*OFTEN, *OFTEN, "place", "return", "scan", "miss", "cancel", "suspend", "resume", "move", "undo", "nights", "nights")
STEPS = st.lists(
    st.builds(Step, st.sampled_from(KINDS), st.integers(0, 3), st.integers(0, 2), st.integers(0, 1), st.sampled_from([0, 0, 30, 300])),
    min_size=4,
    max_size=16,
)


@given(steps=STEPS)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # every example begins with empty tables
def test_rule_holds_nobody_is_overtaken_nothing_is_kept_twice_and_every_wait_ends(house: House, steps: list[Step]) -> None:
    house.city.registry.database.write(_as_furnished)
    house.city.clock.at = START
    loans: list[tuple[UUID, BranchCode]] = []
    for step in steps:
        before, rows, position = _on_record(house), _rows(house), house.head()
        with suppress(HoldRefusedError):
            _do(house, step, loans)
        _kept_once_and_not_on_loan(house)
        _nobody_is_overtaken(before.values(), _on_record(house))
        _told_of_all(house, rows, position)
    _every_wait_ends(house)


def _do(house: House, step: Step, loans: list[tuple[UUID, BranchCode]]) -> None:
    who, copy, branch = WHO[step.who], COPIES[step.copy], BRANCHES[step.branch]
    at = house.city.clock() - timedelta(minutes=step.ago)
    desk = house.city.registry.desk
    theirs = next((one.id for one in _on_record(house).values() if one.patron == house.patrons[who]), UUID(int=0))
    acts: dict[str, Callable[[], object]] = {
        "place": lambda: house.place(who, branch),
        "lend": lambda: loans.append((house.lend(who, copy, branch, at=at), branch)),
        "return": lambda: house.give_back(copy, branch, at=at),
        "scan": lambda: house.scan(copy, branch),
        "miss": lambda: desk.hold_shelf.missing(copy, branch=branch, by=STAFF),
        "cancel": lambda: desk.holds.cancel(theirs, by=STAFF),
        "suspend": lambda: desk.holds.suspend(theirs, until=house.today + timedelta(days=2), by=STAFF),
        "resume": lambda: desk.holds.resume(theirs, by=STAFF),
        "move": lambda: desk.holds.change_pickup(theirs, pickup=branch, by=STAFF),
        "undo": lambda: house.undo(*loans.pop()) if loans else None,
        "nights": lambda: house.next_day(1 + 4 * step.copy),
    }
    house.city.clock.pass_(minutes=1)
    acts[step.kind]()


def _on_record(house: House) -> dict[UUID, HoldRecord]:
    with house.city.registry.database.reading() as connection:
        return {one.id: one for patron in house.patrons.values() for one in store.of_patron(connection, patron)}


def _kept_once_and_not_on_loan(house: House) -> None:
    with house.city.registry.database.reading() as connection:
        items = of_keys(connection, house.copies.values())
        on_loan = set(connection.execute(loan.select().with_only_columns(loan.c.item).where(loan.c.closed_at.is_(None))).scalars())
    kept = [one for one in _on_record(house).values() if one.state is not HoldState.WAITING]
    assert len({one.item for one in kept}) == len(kept)
    assert {one.id for one in items.values() if one.held_for is not None} == {one.item for one in kept}
    for one in kept:
        assert one.item is not None
        copy = items[one.item]
        assert copy.held_for == one.patron
        assert copy.status is (ItemStatus.ON_HOLD_SHELF if one.state is HoldState.READY else ItemStatus.IN_TRANSIT)
        assert copy.id not in on_loan
        assert one.state is not HoldState.READY or (one.at == one.pickup and one.shelf and one.until is not None)
    assert len({(one.patron, one.title) for one in _on_record(house).values()}) == len(_on_record(house))


def _nobody_is_overtaken(before: Iterable[HoldRecord], after: dict[UUID, HoldRecord]) -> None:
    """Whoever waited before and still does was not placed before anybody whose turn came meanwhile."""
    waited = {one.id for one in before if one.state is HoldState.WAITING and one.suspended_until is None}
    served = [one for key, one in after.items() if key in waited and one.state is not HoldState.WAITING]
    waiting = [one for key, one in after.items() if key in waited and one.state is HoldState.WAITING and one.suspended_until is None]
    assert not [(one, other) for one in served for other in waiting if other.turn < one.turn]


def _rows(house: House) -> Rows:
    with house.city.registry.database.reading() as connection:
        return {
            (branch, table.value, str(row[0])): tuple(row)
            for branch in BRANCHES
            for table in SEEN
            for row in connection.execute(rows_for(table, branch))
        }


def _told_of_all(house: House, before: Rows, position: int) -> None:
    after = _rows(house)
    for branch in BRANCHES:
        told = house.told(branch, position)
        changed = {key[1:] for key in before.keys() | after.keys() if key[0] == branch and before.get(key) != after.get(key)}
        assert changed <= told, (branch, changed - told)


def _every_wait_ends(house: House) -> None:
    desk = house.city.registry.desk
    for one in _on_record(house).values():
        desk.holds.resume(one.id, by=STAFF)
    for _ in range(2 * len(WHO) + 2):
        if not _on_record(house):
            break
        for copy in COPIES:
            house.city.clock.pass_(minutes=1)
            house.give_back(copy, C01)
            scanned = house.scan(copy, C01)
            if scanned.send_to is not None:
                house.scan(copy, scanned.send_to)
            whose = house.item(copy)
            if whose[0] == ItemStatus.ON_HOLD_SHELF:
                house.city.clock.pass_(minutes=1)
                house.lend(str(whose[1]), copy)
        _kept_once_and_not_on_loan(house)
    assert _on_record(house) == {}


def _as_furnished(work: UnitOfWork) -> None:
    for table in (flagged_fact, staff_case, notice, hold_task, no_show, hold, served_hold, loan, fact):
        work.connection.execute(delete(table))
    work.connection.execute(update(item).values(status="available", held_for=None))
