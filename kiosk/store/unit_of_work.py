"""One transaction of the ledger: what happened and what follows from it, together or not at all."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select, update

from circulation.facts import FactEnvelope
from circulation.ids import LoanId
from circulation.loans import Loan
from kiosk.store.ledger_tables import device, local_loan, outbox

LAST_SEQ = select(
    func.coalesce(select(func.max(outbox.c.seq)).scalar_subquery(), select(func.max(device.c.pruned_seq)).scalar_subquery(), 0)
)
"""The last number given; when every fact was pruned, the last that was."""
_APPEND = insert(outbox)
_ADD_LOAN = insert(local_loan)
_PUT_BACK = (
    update(local_loan).where(local_loan.c.id == bindparam("loan")).values(put_back=True, last_seq=bindparam("by_seq"), position=None)
)


class UnitOfWork:
    """One transaction: a loan and its fact are written together or not at all."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_seq(self) -> int:
        """The number of the next fact."""
        last: int = self._connection.execute(LAST_SEQ).scalar_one()
        return last + 1

    def append(self, envelope: FactEnvelope) -> None:
        """Put a fact into the outbox, as the bytes that will travel."""
        values = {"seq": envelope.seq, "key": envelope.key, "at": envelope.at, "body": msgspec.json.encode(envelope)}
        self._connection.execute(_APPEND, values)

    def add_loan(self, loan: Loan, *, seq: int, period: datetime | None) -> None:
        """Add a loan to the overlay. ``period`` is when the feed had last been verified."""
        self._connection.execute(
            _ADD_LOAN,
            {
                "id": loan.id,
                "patron": loan.patron,
                "item": loan.item,
                "title": loan.title,
                "kind": loan.kind.value,
                "due": loan.due,
                "lent_at": loan.lent_at,
                "period": period,
                "put_back": False,
                "last_seq": seq,
                "position": None,
            },
        )

    def put_back(self, loan: LoanId, *, seq: int) -> bool:
        """Mark a loan as put back; says whether it is in the overlay."""
        return self._connection.execute(_PUT_BACK, {"loan": loan, "by_seq": seq}).rowcount == 1

    def commit(self) -> None:
        """Make it durable: when this returns, no power cut undoes it."""
        self._connection.commit()
