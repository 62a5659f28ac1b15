"""The store of holds that a loan ended, while that loan may still be undone."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Connection, delete, select

from circulation.ids import HoldId, LoanId
from registry.columns import among
from registry.database import UnitOfWork
from registry.holds.records import HoldRecord
from registry.holds.store import record_of
from registry.holds.tables import hold, served_hold
from registry.pieces import in_pieces


def served_by(connection: Connection, loans: Collection[UUID]) -> dict[LoanId, list[HoldRecord]]:
    """The holds that these loans ended."""
    found: dict[LoanId, list[HoldRecord]] = {}
    for row in connection.execute(select(served_hold).where(among(served_hold.c.loan, loans, connection)).order_by(served_hold.c.id)):
        found.setdefault(LoanId(row.loan), []).append(record_of(row))
    return found


def end_by_loans(work: UnitOfWork, loan_of: Mapping[HoldId, LoanId]) -> None:
    """End holds, and keep them as they were with the loans that ended them."""
    for some in in_pieces(sorted(loan_of)):
        found = work.connection.execute(select(hold).where(hold.c.id.in_(some))).all()
        work.add(served_hold, ((*row, loan_of[row.id]) for row in found))
        work.connection.execute(delete(hold).where(hold.c.id.in_(some)))


def give_back(work: UnitOfWork, keys: Collection[HoldId]) -> None:
    """Put holds back as they were: their loans were undone."""
    for some in in_pieces(sorted(keys)):
        columns = [served_hold.c[column.name] for column in hold.columns]
        found = work.connection.execute(select(*columns).where(served_hold.c.id.in_(some))).all()
        work.add(hold, map(tuple, found))
        work.connection.execute(delete(served_hold).where(served_hold.c.id.in_(some)))


def forget(work: UnitOfWork, loans: Collection[LoanId]) -> None:
    """Forget the holds that these loans ended: the loans are over too."""
    for some in in_pieces(sorted(loans)):
        work.connection.execute(delete(served_hold).where(among(served_hold.c.loan, some, work.connection)))
