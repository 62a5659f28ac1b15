"""The store of footprints: all rows of some patrons, and putting back what a change did to them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, or_, select

from registry.belongings.footprint import HISTORY, Image, RowChange, Rows, owners_in
from registry.belongings.kinds import BELONGINGS, OWNER
from registry.columns import metadata
from registry.exchange.hold_changes import changes_of_holds
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.exchange.store_projection import KEYS
from registry.store_images import images, key_of, named, put_back, restore, take_away
from replica.tables import ReplicaTable


def footprint_of(connection: Connection, patrons: Collection[UUID]) -> dict[str, Rows]:
    """Every row that belongs to these patrons, and the patrons' own."""
    found: dict[str, Rows] = {OWNER: _by_key(connection, metadata.tables[OWNER], ("id",), patrons)}
    for name in dict.fromkeys(one.table for one in BELONGINGS):
        columns = tuple(one.column for one in BELONGINGS if one.table == name)
        found[name] = _by_key(connection, metadata.tables[name], columns, patrons)
    return found


def _by_key(connection: Connection, table: Table, columns: Sequence[str], patrons: Collection[UUID]) -> Rows:
    wanted = or_(*(table.c[column].in_(patrons) for column in columns))
    return {tuple(key_of(table, one).values()): one for one in images(connection, table, wanted)}


def standing(connection: Connection, change: RowChange) -> Image | None:
    """The row of a change as it stands now, if it does."""
    table = metadata.tables[change.table]
    row = change.one()
    found = images(connection, table, named(table, [key_of(table, dict(row))]))
    return found[0] if found else None


def contradicted(connection: Connection, changes: Sequence[RowChange]) -> list[str]:
    """The tables whose rows are no longer what a change made of them: it can't be taken back."""
    found: list[str] = []
    added = {(one.table, _key(one.table, one.one())) for one in changes if one.before is None}
    created = {change.one()["id"] for change in changes if change.table == OWNER and change.before is None}
    for change in changes:
        if change.table in HISTORY:
            continue
        now = standing(connection, change)
        if change.after is None:
            stands = now is None and not is_taken(connection, change, but=added)
        elif now is None:
            stands = False
        elif change.before is None:
            stands = dict(now) == dict(change.after)
        else:
            # Whoever had it may have been forgotten since: then nobody can have it again.
            stands = all(now[name] == change.after[name] for name in change.changed | owners_in(change))
        if not stands:
            found.append(change.table)
    if created:
        for name, rows in footprint_of(connection, {UUID(key) for key in created}).items():
            found += [name for key in rows if name not in HISTORY and (name, key) not in added]
    return sorted(set(found))


def is_taken(connection: Connection, change: RowChange, *, but: Collection[tuple[str, tuple[Any, ...]]] = ()) -> bool:
    """Whether something else stands where a row would be put back: a patron's one card of a kind, one PIN; ``but`` those that go."""
    table, row = metadata.tables[change.table], change.one()
    for one in BELONGINGS:
        if one.table != change.table or one.one_per is None or (one.while_null is not None and row[one.while_null] is not None):
            continue
        slots = [{name: row[name] for name in (one.column, *one.one_per, *([one.while_null] if one.while_null else []))}]
        if change.table == "card":
            slots.append({"uid": row["uid"]})
        if any((change.table, _key(change.table, other)) not in but for other in images(connection, table, named(table, slots))):
            return True
    return False


def _key(table: str, image: Image) -> tuple[Any, ...]:
    return tuple(key_of(metadata.tables[table], dict(image)).values())


def take_back(connection: Connection, changes: Sequence[RowChange]) -> None:
    """Make these rows what they were before; histories go on. ``contradicted`` must have found nothing."""
    created = {UUID(change.one()["id"]) for change in changes if change.table == OWNER and change.before is None}
    for change in reversed(changes):
        if change.before is None and change.table not in {*HISTORY, OWNER}:
            table = metadata.tables[change.table]
            take_away(connection, table, [key_of(table, dict(change.one()))])
    for change in changes:
        if change.before is not None and change.after is not None and change.table not in HISTORY:
            now = standing(connection, change)
            if now is not None:
                restore(connection, metadata.tables[change.table], {**now, **{name: change.before[name] for name in change.changed}})
    for change in changes:
        if change.before is not None and change.after is None and change.table != OWNER:
            put_back(connection, metadata.tables[change.table], [dict(change.before)])
    _forget_history(connection, created)
    take_away(connection, metadata.tables[OWNER], [{"id": str(key)} for key in created])


def _forget_history(connection: Connection, created: Collection[UUID]) -> None:
    """Of somebody who never was there is no history either."""
    for name in sorted(HISTORY):
        table = metadata.tables[name]
        columns = [one.column for one in BELONGINGS if one.table == name]
        rows = images(connection, table, or_(*(table.c[column].in_(created) for column in columns))) if created else []
        take_away(connection, table, [key_of(table, row) for row in rows])


def entries_of(changes: Iterable[RowChange]) -> list[FeedEntry]:
    """What kiosks must hear of: the rows among these that a replica holds. An image writes their keys as they travel."""
    of_table = {column.table.name: (table, column.name) for table, column in KEYS.items()}
    found: dict[FeedEntry, None] = {}
    for change in changes:
        table, column = of_table.get(change.table, (None, ""))
        for image in (change.before, change.after):
            if table is not None and image is not None:
                found[FeedEntry(table, key_text(image[column]), _branch(table, image))] = None
    return list(found)


def wanted_by(connection: Connection, patrons: Collection[UUID]) -> list[FeedEntry]:
    """The rows that the holds of these patrons make look different: places in a queue, loans that others wait for."""
    hold = metadata.tables["hold"]
    keys = connection.execute(select(hold.c.id).where(hold.c.patron.in_(patrons))).scalars().all()
    return changes_of_holds(connection, keys)


def _branch(table: ReplicaTable, image: Image) -> str | None:
    return str(image["branch"]) if table is ReplicaTable.ITEM else None
