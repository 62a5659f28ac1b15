"""One transaction of the ledger: what happened and what follows from it, together or not at all."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.sqlite import Insert, insert

from circulation.facts import FactEnvelope
from circulation.ids import ItemId, LoanId, PatronId
from circulation.items import ItemStatus
from circulation.loans import Loan
from circulation.wire import Position
from kiosk.laid_anew import LaidAnew
from kiosk.store.epochs import begin, chained
from kiosk.store.ledger_tables import device, local_item, local_loan, local_loss, outbox
from kiosk.store.overlay_rows import begin_anew
from kiosk.store.watermark import Standing, Watermark

LAST_SEQ = select(
    func.coalesce(select(func.max(outbox.c.seq)).scalar_subquery(), select(func.max(device.c.pruned_seq)).scalar_subquery(), 0)
)
"""The last number given; when every fact was pruned, the last that was."""
_APPEND = insert(outbox)
_ADD_LOAN = insert(local_loan)
_ADD_LOSS = insert(local_loss).on_conflict_do_nothing()
_ADD_STATUS = insert(local_item)
_SHELVE = _ADD_STATUS.on_conflict_do_update(
    index_elements=["item"], set_={name: _ADD_STATUS.excluded[name] for name in ("status", "last_seq", "position")}
)
_PUT_BACK = (
    update(local_loan).where(local_loan.c.id == bindparam("loan")).values(put_back=True, last_seq=bindparam("by_seq"), position=None)
)

_UNSHELVE = delete(local_item).where(
    exists().where(
        local_loan.c.id == bindparam("loan"), local_loan.c.item == local_item.c.item, local_loan.c.last_seq == local_item.c.last_seq
    )
)


def _or_update(*columns: str) -> Insert:
    """Add a loan; of one that is there already, set these columns. Its effect is to come again, so it stands nowhere in the feed."""
    add = insert(local_loan)
    return add.on_conflict_do_update(index_elements=["id"], set_={name: add.excluded[name] for name in (*columns, "last_seq", "position")})


_RETURN = _or_update("returned")
_LAY = _or_update("due", "renewals", "put_back", "returned", "lent_here")
_RENEW = _or_update("due", "renewals", "renewed_in")


class UnitOfWork:
    """One transaction: an effect and its fact are written together or not at all."""

    def __init__(self, connection: Connection, watermark: Watermark) -> None:
        self._connection = connection
        self._watermark = watermark
        self._last: Standing | None = None

    def next_seq(self) -> int:
        """The number of the next fact."""
        last: int = self._connection.execute(LAST_SEQ).scalar_one()
        return last + 1

    def append(self, envelope: FactEnvelope) -> None:
        """Put a fact into the outbox, as the bytes that will travel, and on with the chain."""
        fact = chained(self._connection, envelope)
        values = {"seq": envelope.seq, "key": envelope.key, "at": envelope.at, "body": fact.body, "chain": fact.value}
        self._connection.execute(_APPEND, values)
        self._last = Standing(fact.epoch, envelope.seq, fact.value)

    def begin_epoch(self, epoch: UUID, *, first: int, at: datetime) -> int:
        """Begin an epoch with the fact of this number, or the next one; says how many facts go over into it. The new epoch's first fact follows."""
        self._watermark.pay()
        return begin(self._connection, epoch, first=first, at=at)

    def add_loan(self, loan: Loan, *, seq: int, period: datetime | None) -> None:
        """Add a loan made here to the overlay. ``period`` is when the feed had last been verified."""
        self._connection.execute(_ADD_LOAN, {**_columns(loan, seq), "period": period, "lent_here": True})

    def put_back(self, loan: LoanId, *, seq: int) -> bool:
        """Mark a loan as put back; says whether it is in the overlay."""
        return self._connection.execute(_PUT_BACK, {"loan": loan, "by_seq": seq}).rowcount == 1

    def end_loan(self, loan: Loan, *, seq: int) -> None:
        """Note that the item came back here, whoever lent it where."""
        self._connection.execute(_RETURN, {**_columns(loan, seq), "returned": True})

    def renew(self, loan: Loan, *, seq: int, period: datetime | None) -> None:
        """Note the loan's new due date and its renewals. ``period`` is when the feed had last been verified."""
        self._connection.execute(_RENEW, {**_columns(loan, seq), "renewed_in": period})

    def follow_anew(self, feed: UUID, cursor: Position, laid: LaidAnew) -> None:
        """Follow another feed from a cursor on: what is still held is to be sent again, and what it did lies over the replica until then."""
        for seq, one in laid.loans.values():
            state = {"put_back": one.put_back, "returned": one.returned, "lent_here": one.lent_here}
            self._connection.execute(_LAY, {**_columns(one.loan, seq), **state})
        for item, (seq, status) in laid.statuses.items():
            self.shelve(item, status, seq=seq)
        for card, (seq, patron) in laid.losses.items():
            self.report_lost(card, patron, seq=seq)
        begin_anew(self._connection, feed, cursor)

    def shelve(self, item: ItemId, status: ItemStatus, *, seq: int) -> None:
        """Note what has become of an item by a fact of this kiosk."""
        self._connection.execute(_SHELVE, {"item": item, "status": status.value, "last_seq": seq, "position": None})

    def unshelve(self, loan: LoanId) -> None:
        """Let go of what lending this loan has made of its item's status. What an earlier fact made of it stays."""
        self._connection.execute(_UNSHELVE, {"loan": loan})

    def report_lost(self, card: bytes, patron: PatronId, *, seq: int) -> None:
        """Refuse the card with this key from now on."""
        self._connection.execute(_ADD_LOSS, {"card": card, "patron": patron, "last_seq": seq, "position": None})

    def commit(self) -> None:
        """Make it durable: when this returns, no power cut undoes it."""
        self._connection.commit()
        if self._last is not None:
            self._watermark.rise(self._last)


def _columns(loan: Loan, seq: int) -> dict[str, Any]:
    return {
        "id": loan.id,
        "patron": loan.patron,
        "item": loan.item,
        "title": loan.title,
        "kind": loan.kind.value,
        "due": loan.due,
        "lent_at": loan.lent_at,
        "period": None,
        "put_back": False,
        "last_seq": seq,
        "position": None,
        "renewals": loan.renewals,
        "barcode": loan.barcode,
        "branch": loan.branch or "",
        "wanted": loan.wanted,
        "lent_here": False,
        "returned": False,
        "renewed_in": None,
    }
