"""The store of guardians."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.enrolment.names import NameStyle, masked
from registry.enrolment.tables import patron
from registry.people.ages import Papers
from registry.people.guardianship import NewGuardian, Relation
from registry.people.store import Served
from registry.people.tables import guardian


@dataclass(frozen=True, slots=True)
class GuardianLink:
    """A guardian as staff see one: no name but the masked one, no telephone. ``ended_at`` is none while the link stands."""

    id: UUID
    child: PatronId
    adult: PatronId | None
    masked_name: str
    relation: Relation
    papers: Papers
    since_at: datetime
    linked_by: str
    ended_at: datetime | None


def link(work: UnitOfWork, child: PatronId, new: NewGuardian, served: Served) -> None:
    """Link a guardian to a child."""
    named = (None, None) if new.adult is not None else (new.name.strip(), new.phone.strip())
    work.add(guardian, [(served.key, child, new.adult, *named, new.relation, new.papers, served.at, served.by, None, None)])


def end(work: UnitOfWork, key: UUID, *, at: datetime, by: str) -> PatronId | None:
    """End a link; whose it was, and nothing when none stood."""
    standing = (guardian.c.id == key) & guardian.c.ended_at.is_(None)
    ended = update(guardian).where(standing).values(ended_at=at, ended_by=by).returning(guardian.c.child)
    found = work.connection.execute(ended).scalar_one_or_none()
    return None if found is None else PatronId(found)


def links_of(connection: Connection, child: PatronId, *, names: NameStyle) -> list[GuardianLink]:
    """All guardians a child has and had, oldest first."""
    wanted = select(guardian, patron.c.masked_name).outerjoin(patron, patron.c.id == guardian.c.adult).where(guardian.c.child == child)
    return [
        GuardianLink(
            *(row.id, PatronId(row.child), row.adult, row.masked_name or masked(row.name or "", names), Relation(row.relation)),
            *(Papers(row.papers), row.since_at, row.linked_by, row.ended_at),
        )
        for row in connection.execute(wanted.order_by(guardian.c.since_at, guardian.c.id))
    ]


def is_linked(connection: Connection, child: PatronId, key: UUID) -> bool:
    """Whether this link stands, and is this child's."""
    standing = (guardian.c.id == key) & (guardian.c.child == child) & guardian.c.ended_at.is_(None)
    return connection.execute(select(guardian.c.id).where(standing)).first() is not None
