"""What the registry answered, kept with each fact, and what it means for the overlay."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from circulation.wire import FactResult, FactStatus
from kiosk.store.ledger_tables import local_item, local_loan, local_loss, outbox

_ANSWER = (
    update(outbox)
    .where(outbox.c.seq == bindparam("of_seq"), outbox.c.position.is_(None))
    .values(
        status=bindparam("new_status"),
        position=bindparam("new_position"),
        reasons=bindparam("new_reasons", type_=outbox.c.reasons.type),
        place=bindparam("new_place"),
        problem=bindparam("new_problem"),
        answered_at=bindparam("new_answered_at", type_=outbox.c.answered_at.type),
    )
)
_APPLIED = frozenset({FactStatus.ACCEPTED, FactStatus.FLAGGED})
_POSITIONED = tuple(
    update(table).where(table.c.last_seq == bindparam("of_seq")).values(position=bindparam("new_position"))
    for table in (local_loan, local_loss, local_item)
)


def keep(connection: Connection, results: Sequence[FactResult], *, at: datetime, placed: bool) -> None:
    """Keep the first result of each fact in the present feed, and where in the feed its effect stands. Within a transaction.

    ``placed``: the positions are the present feed's. With those of another nothing is known of the overlay.

    A result without an effect leaves the overlay as it is: no feed will ever show what happened here, so no loan,
    loss or status may be forgotten before staff have looked.
    """
    rows = [
        {
            "of_seq": result.seq,
            "new_status": result.status.value,
            "new_position": result.position if placed else None,
            "new_reasons": list(result.reasons),
            "new_place": result.place,
            "new_problem": result.problem,
            "new_answered_at": at,
        }
        for result in results
    ]
    applied = [result for result in results if placed and result.status in _APPLIED and result.position > 0]
    connection.execute(_ANSWER, rows)
    if applied:
        positions = [{"of_seq": result.seq, "new_position": result.position} for result in applied]
        for statement in _POSITIONED:
            connection.execute(statement, positions)
