"""The overlay as it lies in the ledger: reading it, and letting go of what the replica shows by now."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, or_, select, update

from circulation.ids import BranchCode, ItemId, LoanId, PatronId
from circulation.items import ItemKind
from circulation.loans import Loan
from circulation.wire import Position
from kiosk.overlay import LocalLoan
from kiosk.store.epochs import CAN_BE_SENT
from kiosk.store.ledger_tables import device, local_item, local_loan, local_loss, outbox

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

_PASSED = tuple(delete(table).where(table.c.position <= bindparam("cursor")) for table in (local_loan, local_item))
_PASSED_LOSSES = delete(local_loss).where(
    local_loss.c.position <= bindparam("cursor"),
    or_(
        local_loss.c.card.in_(bindparam("shown", expanding=True)),
        and_(local_loss.c.changed >= local_loss.c.position, local_loss.c.changed <= bindparam("cursor")),
    ),
)
_ASKED_AGAIN = select(outbox.c.seq).where(CAN_BE_SENT)
_ASK_AGAIN = (
    update(outbox).where(outbox.c.seq.in_(_ASKED_AGAIN)).values(position=None),
    *(update(table).where(table.c.last_seq.in_(_ASKED_AGAIN)).values(position=None) for table in (local_loan, local_item, local_loss)),
)
_ANSWERED = tuple(delete(table).where(table.c.position.is_not(None)) for table in (local_loan, local_item))
_PLACED_ANEW = (
    update(local_loss).values(changed=None),
    update(local_loss).where(local_loss.c.last_seq.in_(_ASKED_AGAIN)).values(changed=bindparam("cursor")),
    update(local_loss).where(local_loss.c.position.is_not(None)).values(position=bindparam("cursor")),
)
_CHANGED = (
    update(local_loss)
    .where(local_loss.c.card == bindparam("of_card"), func.coalesce(local_loss.c.changed, 0) < bindparam("number"))
    .values(changed=bindparam("number"))
)
_FOLLOW = update(device).values(feed=bindparam("followed"))


def follow(connection: Connection, cursor: Position, *, shown_lost: Sequence[bytes]) -> None:
    """Drop the rows whose effect the replica shows, now that it stands at this cursor of the feed. Within a transaction.

    A passed position alone clears no loss: a registry that was restored may have forgotten the report. The replica shows the card
    stopped or not at all (``shown_lost``), or the feed has brought a change of that card at the position or later: then the
    registry's word holds, whatever it is.
    """
    for statement in _PASSED:
        connection.execute(statement, {"cursor": cursor})
    connection.execute(_PASSED_LOSSES, {"cursor": cursor, "shown": list(shown_lost)})


def begin_anew(connection: Connection, feed: UUID, cursor: Position) -> None:
    """Another feed: every position was the former one's, and a registry that was restored may have forgotten what it answered.

    What is still held has no position any more, and is to be sent again: an answer up to the cursor says that the snapshot has it. Of
    the rest, what was answered goes; a loss waits for what this feed says of its card from here on. Within a transaction.
    """
    for statement in (*_ASK_AGAIN, *_ANSWERED):
        connection.execute(statement)
    for placed in _PLACED_ANEW:
        connection.execute(placed, {"cursor": cursor})
    connection.execute(_FOLLOW, {"followed": feed})


def note_changes(connection: Connection, changed: Mapping[bytes, Position]) -> None:
    """Keep the numbers of the last changes of cards that were reported lost here. Within a transaction."""
    connection.execute(_CHANGED, [{"of_card": card, "number": number} for card, number in changed.items()])


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
