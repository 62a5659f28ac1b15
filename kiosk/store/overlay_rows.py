"""The overlay as it lies in the ledger: reading it, and letting go of what the replica shows by now."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from circulation.ids import BranchCode, ItemId, LoanId, PatronId
from circulation.items import ItemKind
from circulation.loans import Loan
from circulation.wire import Position
from kiosk.overlay import LocalLoan
from kiosk.store.ledger_tables import local_item, local_loan, local_loss

BY_PATRON = select(local_loan).where(local_loan.c.patron == bindparam("wanted"))
BY_ITEM = select(local_loan).where(local_loan.c.item == bindparam("wanted"))
IN_PERIOD = (
    select(func.count())
    .select_from(local_loan)
    .where(
        local_loan.c.patron == bindparam("patron"),
        local_loan.c.period.is_not_distinct_from(bindparam("period", type_=local_loan.c.period.type)),
        local_loan.c.lent_here,
        local_loan.c.put_back.is_(False),
    )
)
"""What was lent to a patron in an offline period. What came back since then was lent all the same."""

LOST_HERE = select(func.count()).select_from(local_loss).where(local_loss.c.card == bindparam("card"))
LOSSES = select(local_loss.c.card)

STATUS_HERE = select(local_item.c.status).where(local_item.c.item == bindparam("item"))

_PASSED = (
    delete(local_loan).where(local_loan.c.position <= bindparam("cursor")),
    delete(local_loss).where(local_loss.c.position <= bindparam("cursor")),
    delete(local_item).where(local_item.c.position <= bindparam("cursor")),
)
_ANSWERED = tuple(delete(table).where(table.c.position.is_not(None)) for table in (local_loan, local_item))
_UNPLACED_LOSSES = update(local_loss).values(position=None)
_SHOWN_LOSS = delete(local_loss).where(local_loss.c.card == bindparam("card"))


def forget_passed(connection: Connection, cursor: Position) -> None:
    """Drop the rows whose effect stands at or before this cursor. Within a transaction."""
    for statement in _PASSED:
        connection.execute(statement, {"cursor": cursor})


def forget_answered(connection: Connection, *, shown_lost: list[bytes]) -> None:
    """Drop what was answered: its positions were another feed's. Within a transaction.

    A registry that was restored may have forgotten a loss report and ask for it again: of the losses only those go that the new
    replica shows (``shown_lost``), the others wait for another answer.
    """
    for statement in _ANSWERED:
        connection.execute(statement)
    connection.execute(_UNPLACED_LOSSES)
    if shown_lost:
        connection.execute(_SHOWN_LOSS, [{"card": card} for card in shown_lost])


def local_loan_of(row: Row[Any]) -> LocalLoan:
    """The value of a row of the overlay."""
    branch = BranchCode(row.branch) if row.branch else None
    loan = Loan(
        LoanId(row.id),
        PatronId(row.patron),
        ItemId(row.item),
        row.title,
        ItemKind(row.kind),
        row.due,
        row.lent_at,
        row.renewals,
        row.barcode,
        branch,
        row.wanted,
    )
    return LocalLoan(loan, row.put_back, row.returned, row.lent_here, row.renewed_in)
