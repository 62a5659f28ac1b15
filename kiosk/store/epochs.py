"""The chain of the outbox, and the end of an epoch: a ledger that was restored from an old image goes on under another name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select, update

from circulation.chain import after, anchor
from circulation.facts import FactEnvelope
from circulation.wire import ChainSpan
from kiosk.store.ledger_tables import device, ended_epoch, outbox
from kiosk.store.ledger_values import Epoch
from kiosk.store.watermark import Standing

CAN_BE_SENT = outbox.c.seq > func.coalesce(
    select(func.min(ended_epoch.c.base)).scalar_subquery(), select(device.c.epoch_base).scalar_subquery()
)
"""Of the facts that are held those whose epoch has a name here: all but what a program before revision v0006 ended."""
_EPOCH = select(device.c.epoch, device.c.epoch_base, device.c.pruned_chain)
_ENDED = select(ended_epoch).order_by(ended_epoch.c.base)
_ENDED_OF = select(ended_epoch.c.epoch, ended_epoch.c.base).where(
    ended_epoch.c.base < bindparam("of_seq"), ended_epoch.c.last >= bindparam("of_seq")
)
_END = insert(ended_epoch)
_VALUE = select(outbox.c.chain).where(outbox.c.seq == bindparam("of_seq"))
_FROM = select(outbox.c.seq, outbox.c.body).where(outbox.c.seq >= bindparam("first")).order_by(outbox.c.seq)
_MOVE = (
    update(outbox)
    .where(outbox.c.seq == bindparam("of_seq"))
    .values(body=bindparam("new_body"), chain=bindparam("new_chain"), status=None, position=None, answered_at=None)
)
_BEGIN = update(device)


@dataclass(frozen=True, slots=True)
class Chained:
    """A fact as it travels, its epoch, and the value of the epoch's chain after it."""

    epoch: UUID
    body: bytes
    value: bytes


def held(connection: Connection) -> tuple[Epoch, ...]:
    """The epochs of the facts that can be sent, the present one last."""
    present = connection.execute(_EPOCH).one()
    ended = (Epoch(row.epoch, row.base, row.last) for row in connection.execute(_ENDED))
    return (*ended, Epoch(present.epoch, present.epoch_base))


def value_before(connection: Connection, seq: int) -> bytes:
    """The value of the chain before a fact, or one that is to come."""
    epoch, base, pruned = connection.execute(_EPOCH).one()
    if seq <= base:
        epoch, base = connection.execute(_ENDED_OF, {"of_seq": seq}).one()
    if seq - 1 == base:
        return anchor(epoch)
    found: bytes | None = connection.execute(_VALUE, {"of_seq": seq - 1}).scalar_one_or_none()
    return found or pruned or anchor(epoch)


def span(connection: Connection, numbers: range) -> ChainSpan:
    """The chain's values around facts that are held."""
    after_last: bytes = connection.execute(_VALUE, {"of_seq": numbers[-1]}).scalar_one()
    return ChainSpan(before=value_before(connection, numbers.start), after=after_last)


def value_after(connection: Connection, seq: int) -> bytes | None:
    """The value of the chain after a fact; none of one that is not held."""
    found: bytes | None = connection.execute(_VALUE, {"of_seq": seq}).scalar_one_or_none()
    return found


def standing(connection: Connection, last: int) -> Standing:
    """How far a ledger has come, whose last number is known."""
    return Standing(connection.execute(_EPOCH).one().epoch, last, value_after(connection, last) or value_before(connection, last + 1))


def chained(connection: Connection, envelope: FactEnvelope) -> Chained:
    """A fact's bytes, with the number that it has in its epoch, and the chain's value after it."""
    epoch, base, _ = connection.execute(_EPOCH).one()
    body = msgspec.json.encode(msgspec.structs.replace(envelope, seq=envelope.seq - base))
    return Chained(epoch, body, after(value_before(connection, envelope.seq), body))


def begin(connection: Connection, epoch: UUID, *, first: int, at: datetime) -> int:
    """Begin an epoch with the fact of this number: it and all after it get new numbers and are to be sent. Says how many. Within a transaction."""
    rows = connection.execute(_FROM, {"first": first}).all()
    former = connection.execute(_EPOCH).one()
    if first - 1 > former.epoch_base:
        connection.execute(_END, {"base": former.epoch_base, "last": first - 1, "epoch": former.epoch})
    connection.execute(_BEGIN, {"epoch": epoch, "epoch_base": first - 1, "restored_at": at, "moved": len(rows)})
    value = anchor(epoch)
    for row in rows:
        envelope = msgspec.json.decode(row.body, type=FactEnvelope)
        body = msgspec.json.encode(msgspec.structs.replace(envelope, seq=row.seq - first + 1))
        value = after(value, body)
        connection.execute(_MOVE, {"of_seq": row.seq, "new_body": body, "new_chain": value})
    return len(rows)
