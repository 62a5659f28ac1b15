"""Rows of a branch by ranges of their keys, and which of them have changed after a cursor."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection

from registry.exchange.store_feed import entries_after
from registry.exchange.store_projection import KEYS, rows_for
from replica.mapping import parse_key
from replica.ranges import Key, KeyRange
from replica.rows import ROW_OF, Row
from replica.tables import ReplicaTable


def rows_in(connection: Connection, of: KeyRange, branch: str, *, limit: int) -> list[Row]:
    """The rows of a range that a branch's kiosk holds, as they stand now; of more than ``limit`` only so many."""
    key = KEYS[of.table]
    wanted = rows_for(of.table, branch).order_by(key).limit(limit)
    if of.after is not None:
        wanted = wanted.where(key > of.after)
    if of.upto is not None:
        wanted = wanted.where(key <= of.upto)
    shape = ROW_OF[of.table]
    fields = shape.__struct_fields__
    return [msgspec.convert(dict(zip(fields, row, strict=True)), shape) for row in connection.execute(wanted)]


def changed_after(connection: Connection, cursor: int, branch: str, *, limit: int) -> list[tuple[ReplicaTable, Key]]:
    """The keys of the rows that a branch must hear of after a number, at most ``limit`` of them."""

    def keys() -> Iterator[tuple[ReplicaTable, Key]]:
        for _, entry in entries_after(connection, cursor, branch, limit=limit):
            yield entry.table, parse_key(entry.table, entry.key)

    return list(keys())
