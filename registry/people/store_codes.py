"""The store of codes that wait for a text message, and of who has no PIN yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection, select, update

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.desk.tables import pin
from registry.people.store import Served
from registry.people.tables import code_message
from registry.pieces import in_pieces
from registry.rosters.tables import contact


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits to be sent, and the number it goes to as it stands now; none when it has gone meanwhile."""

    id: UUID
    patron: PatronId
    mobile: str | None = field(repr=False)


def ask(work: UnitOfWork, key: PatronId, served: Served) -> None:
    """Put a message into the outbox, in place of one that waits there."""
    waits = (code_message.c.patron == key) & code_message.c.taken_at.is_(None)
    work.connection.execute(code_message.delete().where(waits))
    work.add(code_message, [(served.key, key, served.at, served.by, None)])


def waiting(connection: Connection, *, limit: int) -> list[Waiting]:
    """The oldest messages that nobody has taken."""
    joined = select(code_message.c.id, code_message.c.patron, contact.c.mobile).outerjoin(
        contact, contact.c.patron == code_message.c.patron
    )
    wanted = joined.where(code_message.c.taken_at.is_(None)).order_by(code_message.c.asked_at, code_message.c.id).limit(limit)
    return [Waiting(row.id, PatronId(row.patron), row.mobile) for row in connection.execute(wanted)]


def take(work: UnitOfWork, keys: Sequence[UUID], served: Served) -> None:
    """Note that messages were taken out of the outbox."""
    for some in in_pieces(keys):
        work.connection.execute(update(code_message).where(code_message.c.id.in_(some)).values(taken_at=served.at))


def with_pin(connection: Connection, keys: Collection[PatronId]) -> set[PatronId]:
    """Which of these patrons have a PIN."""
    found: set[PatronId] = set()
    for some in in_pieces(keys):
        found |= {PatronId(key) for key in connection.execute(select(pin.c.patron).where(pin.c.patron.in_(some))).scalars()}
    return found
