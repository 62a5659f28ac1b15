"""The store of what merges leave behind: national IDs that still find a patron, keys that have become another patron's."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, insert, or_, select

from circulation.ids import PatronId
from registry.columns import among
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.merges.tables import merge, national_id_alias
from registry.pieces import in_pieces


def has_national_id(text: str) -> ColumnElement[bool]:
    """Whether a patron is on record with this national ID or resident number, or was before two accounts became one."""
    aliased = select(national_id_alias.c.patron).where(national_id_alias.c.national_id == text)
    return or_(patron.c.national_id == text, patron.c.id.in_(aliased))


def main_ids(connection: Connection, national_ids: Collection[str]) -> dict[str, str]:
    """The numbers that patrons are on record with today, by those of the accounts that became theirs; only such as did."""
    found: dict[str, str] = {}
    joined = national_id_alias.join(patron, patron.c.id == national_id_alias.c.patron)
    for piece in in_pieces(national_ids):
        wanted = select(national_id_alias.c.national_id, patron.c.national_id.label("main")).select_from(joined)
        found |= {row.national_id: row.main for row in connection.execute(wanted.where(national_id_alias.c.national_id.in_(piece)))}
    return found


def add_alias(work: UnitOfWork, national_id: str, key: PatronId) -> None:
    """Let a national ID find a patron from now on, beside the one on record."""
    work.connection.execute(insert(national_id_alias), {"national_id": national_id, "patron": key})


def merged_into(connection: Connection, keys: Collection[UUID]) -> dict[UUID, PatronId]:
    """Which of these keys are those of accounts that are gone, and whose they became."""
    found: dict[UUID, PatronId] = {}
    for piece in in_pieces(keys):
        standing = select(merge.c.vanished, merge.c.survivor).where(among(merge.c.vanished, piece, connection), merge.c.undone_at.is_(None))
        found |= {row.vanished: PatronId(row.survivor) for row in connection.execute(standing)}
    return found
