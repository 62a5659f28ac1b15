"""Taking answered facts out of the outbox: the registry has them, and here they are a history of who borrowed what."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from kiosk.store.ledger_tables import device, ended_epoch, outbox

_OLDEST = select(outbox.c.seq, outbox.c.position, outbox.c.answered_at).order_by(outbox.c.seq).limit(bindparam("most"))
_REMOVE = delete(outbox).where(outbox.c.seq <= bindparam("last"))
_FORGET = delete(ended_epoch).where(ended_epoch.c.last <= bindparam("last"))
_REMEMBER = update(device).values(pruned_seq=bindparam("last"), pruned_chain=bindparam("value"))
_VALUE = select(outbox.c.chain).where(outbox.c.seq == bindparam("last"))


def prunable(connection: Connection, *, answered_before: datetime, below: int, most: int) -> range:
    """The numbers that may go now, from the oldest on and without a gap: what stays must be dense, because batches are."""
    first = last = 0
    with connection.execute(_OLDEST, {"most": most}) as oldest:
        for row in oldest:
            if row.position is None or row.seq >= below or row.answered_at >= answered_before:
                break
            first, last = first or row.seq, row.seq
    return range(first, last + 1) if last else range(0)


def remove(connection: Connection, numbers: range) -> None:
    """Remove these and remember the last of them, so that no number is given twice and the chain goes on. Within a transaction."""
    value = connection.execute(_VALUE, {"last": numbers[-1]}).scalar_one()
    connection.execute(_REMOVE, {"last": numbers[-1]})
    connection.execute(_FORGET, {"last": numbers[-1]})
    connection.execute(_REMEMBER, {"last": numbers[-1], "value": value})
