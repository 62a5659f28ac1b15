"""Undoing a merge: every row that moved goes back, as it is now; what has happened since stays with the survivor.

Of an account that has ended since nothing comes back: a family took it back, and a merge is not what they signed (R11).
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from registry.belongings.footprint import KEYED, RowChange, owners_in
from registry.belongings.kinds import OWNER
from registry.belongings.store_footprints import is_taken, standing
from registry.columns import metadata
from registry.enrolment.tables import account_end
from registry.store_images import Image, key_of, put_back, restore, take_away


def part(connection: Connection, changes: Sequence[RowChange]) -> list[RowChange]:
    """Make two accounts of one again. Gives the changes that could not be taken back, because something has happened since."""
    ended = _ended(connection, changes)
    left = [change for change in changes if ended & _owners_before(change)]
    accounts = [change for change in changes if change.table == OWNER and change not in left]
    rows = [change for change in changes if change.table != OWNER and change not in left]
    for change in rows:
        if change.before is None and (change.table in KEYED or change.table == "national_id_alias"):
            left += _gone(connection, change)
    # The survivor first: the number that it took over is the other's again.
    for change in sorted(accounts, key=lambda one: one.after is None):
        left += _as_before(connection, change)
    for change in rows:
        if change.before is not None and change.after is not None:
            left += _as_before(connection, change)
    return left + _put_back(connection, rows)


def _ended(connection: Connection, changes: Sequence[RowChange]) -> set[UUID]:
    """The accounts among those before the merge that have ended since."""
    named = set().union(*map(_owners_before, changes))
    return set(connection.execute(select(account_end.c.patron).where(account_end.c.patron.in_(named))).scalars())


def _owners_before(change: RowChange) -> set[UUID]:
    before = change.before or {}
    columns = {"id"} if change.table == OWNER else owners_in(change)
    return {UUID(before[name]) for name in columns if before.get(name) is not None}


def _put_back(connection: Connection, rows: Sequence[RowChange]) -> list[RowChange]:
    """Put back what went, where there is still room for it. A card that is on record again was never a former one."""
    left: list[RowChange] = []
    returned: set[str] = set()
    for change in rows:
        if change.before is not None and change.after is None:
            missed = _as_before(connection, change)
            left += missed
            if not missed and change.table == "card":
                returned.add(str(change.before["card_key"]))
    for change in rows:
        if change.before is None and change.table == "former_card" and change.one()["card_key"] in returned:
            left += _gone(connection, change)
    return left


def _gone(connection: Connection, change: RowChange) -> list[RowChange]:
    now = standing(connection, change)
    if now is None or dict(now) != dict(change.one()):
        return [change]
    table = metadata.tables[change.table]
    take_away(connection, table, [key_of(table, dict(now))])
    return []


def _as_before(connection: Connection, change: RowChange) -> list[RowChange]:
    table = metadata.tables[change.table]
    before: Mapping[str, Any] = change.before or {}
    if change.after is None:
        if standing(connection, change) is not None or is_taken(connection, change):
            return [change]
        put_back(connection, table, [dict(before)])
        return []
    now = standing(connection, change)
    if now is None:
        return [change]
    unchanged = {name for name in change.changed if now[name] == change.after[name]}
    image: Image = {**now, **{name: before[name] for name in unchanged}}
    restore(connection, table, image)
    return [] if unchanged == change.changed else [change]
