"""Rows of a branch by ranges of their keys, and which of them have changed after a cursor."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Select, bindparam

from registry.exchange.store_feed import entries_after
from registry.exchange.store_projection import KEYS, MOST_STATEMENTS, rows_for
from replica.mapping import parse_key
from replica.ranges import Key, KeyRange
from replica.rows import ROW_OF, Row
from replica.tables import ReplicaTable

_AFTER: Final = "range_after"
_UPTO: Final = "range_upto"
_LIMIT: Final = "range_limit"


def rows_in(connection: Connection, of: KeyRange, branch: str, *, limit: int) -> list[Row]:
    """The rows of a range that a branch's kiosk holds, as they stand now; of more than ``limit`` only so many."""
    wanted = _rows_in(of.table, branch, begins=of.after is not None, ends=of.upto is not None)
    bounds = {_AFTER: of.after, _UPTO: of.upto}
    values = {_LIMIT: limit, **{name: bound for name, bound in bounds.items() if bound is not None}}
    shape = ROW_OF[of.table]
    fields = shape.__struct_fields__
    return [msgspec.convert(dict(zip(fields, row, strict=True)), shape) for row in connection.execute(wanted, values).all()]


@lru_cache(maxsize=MOST_STATEMENTS)
def _rows_in(table: ReplicaTable, branch: str, *, begins: bool, ends: bool) -> Select[Any]:
    key = KEYS[table]
    wanted = rows_for(table, branch).order_by(key).limit(bindparam(_LIMIT))
    if begins:
        wanted = wanted.where(key > bindparam(_AFTER, type_=key.type))
    if ends:
        wanted = wanted.where(key <= bindparam(_UPTO, type_=key.type))
    return wanted


def changed_after(connection: Connection, cursor: int, branch: str, *, limit: int) -> list[tuple[ReplicaTable, Key]]:
    """The keys of the rows that a branch must hear of after a number, at most ``limit`` of them."""

    def keys() -> Iterator[tuple[ReplicaTable, Key]]:
        for _, entry in entries_after(connection, cursor, branch, limit=limit):
            yield entry.table, parse_key(entry.table, entry.key)

    return list(keys())
