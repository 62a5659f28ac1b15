"""The store of late returns and suspensions. Everything by set: a batch costs the same statements as one return."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from circulation.blocks import Block, BlockCode
from circulation.ids import BranchCode, ItemId, LoanId, PatronId
from circulation.patrons import PatronClass
from registry.calendars.store_lent_at import lent_at_branch, with_lending_branch
from registry.columns import among
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.lending.store import BlockRecord, add_blocks
from registry.lending.tables import block, loan
from registry.overdue.tables import late_return, suspension, suspension_credit
from registry.pieces import in_pieces

_BLOCKS = UUID("0f4c3c52-3b63-5d0c-9d0a-6f2f1a4f7a10")
"""Under which the block of a patron's late returns has its key: one a patron, always the same."""


@unique
class CreditKind(StrEnum):
    """How days were taken off."""

    PAID = "paid"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Credit:
    """Who takes days off, why (staff's words), and whether they were paid."""

    kind: CreditKind
    by: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """A loan that came back: whose, due when, lent where."""

    loan: LoanId
    item: ItemId
    patron: PatronId
    branch: BranchCode
    due: date
    lent_at: datetime
    returned_at: datetime


@dataclass(frozen=True, slots=True)
class LateRow:
    """A late return on record, with the days of it that were paid or waived."""

    key: int
    patron: PatronId
    branch: BranchCode
    due: date
    returned_on: date
    credited: int


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a patron's late returns come to: days owed, the last day served, and whether some wait until the last overdue item is back."""

    days: int
    until: date | None
    waiting: bool = False


def block_key(key: UUID) -> UUID:
    """The key of the block that a patron's late returns give."""
    return uuid5(_BLOCKS, key.hex)


def ended_loans(connection: Connection, keys: Collection[UUID]) -> list[Ended]:
    """Those of these loans that came back."""
    columns = (loan.c.id, loan.c.item, loan.c.patron, loan.c.due, loan.c.lent_at, loan.c.returned_at, lent_at_branch())
    found = with_lending_branch(select(*columns)).where(
        among(loan.c.id, keys, connection), loan.c.returned_at.is_not(None), loan.c.patron.is_not(None)
    )
    return [
        Ended(LoanId(r.id), ItemId(r.item), PatronId(r.patron), BranchCode(r.branch), r.due, r.lent_at, r.returned_at)
        for r in connection.execute(found)
    ]


def booked_before(connection: Connection, loans: Collection[UUID], items: Collection[UUID]) -> list[Ended]:
    """Loans with a late return on record, among these and those of these items."""
    columns = (loan.c.id, loan.c.item, loan.c.patron, loan.c.due, loan.c.lent_at, loan.c.returned_at, late_return.c.branch)
    joined = select(*columns).join(late_return, late_return.c.loan == loan.c.id).where(loan.c.patron.is_not(None))
    found: dict[LoanId, Ended] = {}
    for condition in (among(loan.c.id, loans, connection), among(loan.c.item, items, connection)):
        for r in connection.execute(joined.where(condition)):
            found[LoanId(r.id)] = Ended(
                LoanId(r.id), ItemId(r.item), PatronId(r.patron), BranchCode(r.branch), r.due, r.lent_at, r.returned_at
            )
    return list(found.values())


def book(work: UnitOfWork, late: Iterable[tuple[Ended, date]]) -> None:
    """Put late returns on record."""
    rows = [
        {"loan": one.loan, "patron": one.patron, "branch": one.branch, "due": one.due, "returned_on": returned_on}
        for one, returned_on in late
    ]
    if rows:
        work.connection.execute(insert(late_return), rows)


def correct(work: UnitOfWork, earlier: Mapping[LoanId, tuple[datetime, date]]) -> None:
    """Note that loans came back earlier than was known."""
    if not earlier:
        return
    rows = [{"key": key, "new_at": at, "new_day": day} for key, (at, day) in earlier.items()]
    of_return = update(late_return).where(late_return.c.loan == bindparam("key")).values(returned_on=bindparam("new_day"))
    work.connection.execute(of_return, [{"key": row["key"], "new_day": row["new_day"]} for row in rows])
    of_loan = update(loan).where(loan.c.id == bindparam("key")).values(returned_at=bindparam("new_at"))
    work.connection.execute(of_loan, [{"key": row["key"], "new_at": row["new_at"]} for row in rows])


def patrons_of_loans(connection: Connection, loans: Collection[UUID]) -> set[PatronId]:
    """Whose these loans are, among those with late returns on record."""
    with_returns = select(late_return.c.patron).where(late_return.c.patron == loan.c.patron).exists()
    found: set[PatronId] = set()
    for some in in_pieces(loans):
        of_these = select(loan.c.patron).where(among(loan.c.id, some, connection), with_returns)
        found |= {PatronId(key) for key in connection.execute(of_these).scalars()}
    return found


def patrons_since(connection: Connection, since: date, branches: Collection[str] | None = None) -> set[PatronId]:
    """Who brought something late on or after a day, of these branches if any are named."""
    found = select(late_return.c.patron).distinct().where(late_return.c.returned_on >= since)
    if branches is not None:
        found = found.where(late_return.c.branch.in_(branches))
    return {PatronId(key) for key in connection.execute(found).scalars()}


def late_rows(connection: Connection, patrons: Collection[UUID]) -> dict[PatronId, list[LateRow]]:
    """The late returns of these patrons."""
    credited = select(func.coalesce(func.sum(suspension_credit.c.days), 0)).where(suspension_credit.c.late_return == late_return.c.id)
    columns = (late_return.c.id, late_return.c.patron, late_return.c.branch, late_return.c.due, late_return.c.returned_on)
    found: defaultdict[PatronId, list[LateRow]] = defaultdict(list)
    wanted = select(*columns, credited.scalar_subquery().label("credited")).where(late_return.c.patron.in_(patrons))
    for row in connection.execute(wanted.order_by(late_return.c.id)):
        of_patron = found[PatronId(row.patron)]
        of_patron.append(LateRow(row.id, PatronId(row.patron), BranchCode(row.branch), row.due, row.returned_on, int(row.credited)))
    return found


def open_dues(connection: Connection, patrons: Collection[UUID]) -> dict[PatronId, list[date]]:
    """The due dates of these patrons' open loans."""
    found: defaultdict[PatronId, list[date]] = defaultdict(list)
    for row in connection.execute(select(loan.c.patron, loan.c.due).where(loan.c.patron.in_(patrons), loan.c.closed_at.is_(None))):
        found[PatronId(row.patron)].append(row.due)
    return found


def classes(connection: Connection, patrons: Collection[UUID]) -> dict[PatronId, PatronClass]:
    """The class of each of these patrons."""
    found = connection.execute(select(patron.c.id, patron.c.patron_class).where(patron.c.id.in_(patrons)))
    return {PatronId(row.id): PatronClass(row.patron_class) for row in found}


def reckoned(connection: Connection, patrons: Collection[UUID]) -> dict[PatronId, Reckoned]:
    """What the late returns of these patrons came to when last reckoned."""
    found = connection.execute(select(suspension).where(suspension.c.patron.in_(patrons)))
    return {PatronId(row.patron): Reckoned(row.days, row.until, bool(row.waiting)) for row in found}


def write(work: UnitOfWork, changed: Mapping[PatronId, Reckoned], *, today: date) -> list[UUID]:
    """Write what late returns come to, and the blocks that follow: the keys of blocks that are there, gone, or other than before."""
    keys = {block_key(key): key for key in changed}
    there = work.connection.execute(select(block.c.id, block.c.until).where(block.c.id.in_(keys)))
    before = {row.id: row.until for row in there}
    after = {block: until for block, key in keys.items() if (until := changed[key].until) is not None and until >= today}
    other = [key for key in keys if (key in before) != (key in after) or before.get(key) != after.get(key)]
    work.connection.execute(delete(suspension).where(suspension.c.patron.in_(changed)))
    work.add(suspension, ((key, one.days, one.until, one.waiting) for key, one in changed.items()))
    work.connection.execute(delete(block).where(block.c.id.in_(other)))
    add_blocks(work, (BlockRecord(key, keys[key], Block(BlockCode.SUSPENDED, after[key])) for key in other if key in after))
    return other


def adopt(work: UnitOfWork, new_owner: Mapping[PatronId, PatronId]) -> None:
    """Give the late returns of some patrons to others, such as in a merge; then both must be reckoned anew (``Booking.reckon``)."""
    for old, new in new_owner.items():
        work.connection.execute(update(late_return).where(late_return.c.patron == old).values(patron=new))


def add_credits(work: UnitOfWork, taken: Mapping[int, int], credit: Credit, *, rate: int, at: datetime) -> None:
    """Take days off late returns, by key: paid at a rate (whole NT$ a day), or waived."""
    given = {"kind": credit.kind.value, "at": at, "by": credit.by, "because": credit.because}
    rows = [{"late_return": key, "days": days, "amount": days * rate, **given} for key, days in taken.items()]
    work.connection.execute(insert(suspension_credit), rows)
