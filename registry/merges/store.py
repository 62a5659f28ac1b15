"""The store of merges: rows that change their owner, and the record of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Table, and_, delete, insert, or_, select, update

from circulation.cards import CardKind
from circulation.ids import PatronId
from circulation.patrons import PatronClass
from registry.belongings.kinds import BELONGINGS, Belonging
from registry.cards.tables import card
from registry.columns import metadata
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.merges.rules import Account
from registry.merges.tables import merge, national_id_alias
from registry.people.tables import withdrawal
from registry.sealed_records import SealedRecord


@dataclass(frozen=True, slots=True)
class KnownMerge:
    """A merge on record; times are aware UTC. ``record`` is none when its term is over; ``because`` is forgotten with it."""

    id: UUID
    vanished: PatronId
    into: PatronId
    survivor: PatronId
    merged_at: datetime
    actor: str
    because: str | None = field(repr=False)
    counts: Mapping[str, int]
    until: datetime
    record: SealedRecord | None
    undone_at: datetime | None


def account(connection: Connection, key: PatronId) -> Account | None:
    """What a decision looks at; nothing for nobody."""
    found = connection.execute(select(patron.c.patron_class).where(patron.c.id == key)).scalar_one_or_none()
    if found is None:
        return None
    kinds = connection.execute(select(card.c.kind).where(card.c.patron == key)).scalars()
    leaves = select(withdrawal.c.id).where(withdrawal.c.patron == key, withdrawal.c.ended_at.is_(None))
    leaving = connection.execute(leaves).first() is not None
    return Account(key, PatronClass(found), frozenset(map(CardKind, kinds)), leaving)


def move_everything(work: UnitOfWork, vanished: PatronId, survivor: PatronId) -> None:
    """Give all that one account has to the other; where one may be there only, the survivor's stays and the other's goes."""
    for one in BELONGINGS:
        table = metadata.tables[one.table]
        if one.one_per is not None:
            _leave_behind(work.connection, table, one, vanished, survivor)
        owner = table.c[one.column]
        work.connection.execute(update(table).where(owner == vanished).values({owner: survivor}))


def _leave_behind(connection: Connection, table: Table, one: Belonging, vanished: PatronId, survivor: PatronId) -> None:
    owner = table.c[one.column]
    taken = table.alias("taken")
    same = and_(taken.c[one.column] == survivor, *(taken.c[name] == table.c[name] for name in one.one_per or ()))
    if one.while_null is not None:
        same = and_(same, taken.c[one.while_null].is_(None), table.c[one.while_null].is_(None))
    connection.execute(delete(table).where(owner == vanished, select(taken.c[one.column]).where(same).exists()))


def take_over(work: UnitOfWork, vanished: PatronId, survivor: PatronId, *, merge_key: UUID) -> None:
    """End the row of an account that has nothing left. Its national ID goes on finding the survivor."""
    connection = work.connection
    gone, stays = (connection.execute(select(patron).where(patron.c.id == key)).one() for key in (vanished, survivor))
    connection.execute(delete(patron).where(patron.c.id == vanished))
    values: dict[str, Any] = {}
    if stays.national_id is None and gone.national_id is not None:
        values |= {"national_id": gone.national_id}
    elif gone.national_id is not None:
        connection.execute(insert(national_id_alias), {"national_id": gone.national_id, "patron": survivor, "merge": merge_key})
    if stays.birth_date is None:
        values |= {"birth_date": gone.birth_date}
    if stays.regular_at is None and gone.regular_at is not None:
        values |= {"regular_at": gone.regular_at}
    if gone.contact_complete and not stays.contact_complete:
        values |= {"contact_complete": True}
    if values:
        connection.execute(update(patron).where(patron.c.id == survivor).values(**values))


def note_merge(work: UnitOfWork, one: KnownMerge) -> None:
    """Put a merge on record."""
    row = {
        "id": one.id,
        "vanished": one.vanished,
        "into": one.into,
        "survivor": one.survivor,
        "merged_at": one.merged_at,
        "actor": one.actor,
        "because": one.because,
        "counts": dict(one.counts),
        "until": one.until,
    }
    work.connection.execute(insert(merge), row)


def keep_undo(work: UnitOfWork, key: UUID, record: SealedRecord) -> None:
    """Keep what undoing a merge needs."""
    work.connection.execute(update(merge).where(merge.c.id == key).values(key=record.key, sealed=record.content))


def by_id(connection: Connection, key: UUID) -> KnownMerge | None:
    """A merge; nothing when there was none of this key."""
    found = connection.execute(select(merge).where(merge.c.id == key)).first()
    return None if found is None else _known(found)


def merges(connection: Connection, *, limit: int) -> list[KnownMerge]:
    """The latest merges, newest first."""
    return [_known(row) for row in connection.execute(select(merge).order_by(merge.c.merged_at.desc(), merge.c.id.desc()).limit(limit))]


def is_merged_on(connection: Connection, one: KnownMerge) -> bool:
    """Whether the account that this merge went into has itself become another's."""
    later = select(merge.c.id).where(merge.c.vanished == one.into, merge.c.undone_at.is_(None))
    return connection.execute(later).first() is not None


def is_id_taken(connection: Connection, national_id: str | None, survivor: PatronId) -> bool:
    """Whether somebody else is on record with this national ID, or was and is found by it."""
    if national_id is None:
        return False
    others = select(patron.c.id).where(patron.c.national_id == national_id, patron.c.id != survivor)
    aliased = select(national_id_alias.c.patron).where(
        national_id_alias.c.national_id == national_id, national_id_alias.c.patron != survivor
    )
    return connection.execute(others.union_all(aliased)).first() is not None


def end_merge(work: UnitOfWork, key: UUID, *, at: datetime, by: str, because: str) -> None:
    """Note that a merge was undone; what undoing it needed goes."""
    values = {"undone_at": at, "undone_by": by, "undone_because": because, "key": None, "sealed": None}
    work.connection.execute(update(merge).where(merge.c.id == key).values(**values))


def forget_undo(work: UnitOfWork, before: datetime) -> int:
    """Destroy the keys of merges whose term ended before an instant, what they opened, and what staff wrote. How many."""
    kept = or_(*(merge.c[name].is_not(None) for name in ("key", "sealed", "because", "undone_because")))
    over = update(merge).where(merge.c.until < before, kept)
    return work.connection.execute(over.values(key=None, sealed=None, because=None, undone_because=None)).rowcount


def masked_names(connection: Connection, keys: Collection[UUID]) -> dict[UUID, str]:
    """The masked names of these patrons, for lists."""
    return {row.id: row.masked_name for row in connection.execute(select(patron.c.id, patron.c.masked_name).where(patron.c.id.in_(keys)))}


def _known(row: Row[Any]) -> KnownMerge:
    record = None if row.key is None else SealedRecord(row.key, row.sealed)
    return KnownMerge(
        *(row.id, PatronId(row.vanished), PatronId(row.into), PatronId(row.survivor), row.merged_at, row.actor, row.because),
        *(row.counts, row.until, record, row.undone_at),
    )
