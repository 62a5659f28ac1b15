"""Ranges of the replica's rows: their digests, a short portion at a time, and putting right what differs from the registry (sync rule 11)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Select, bindparam, delete, insert, select
from sqlalchemy import Row as Values
from sqlalchemy.exc import DBAPIError

from circulation.range_checks import MAX_RANGES, MAX_ROWS, RangeAnswer, RangeCheck, RangeDigest
from kiosk.known import ReplicaState
from kiosk.store.errors import ReplicaError
from kiosk.store.replica_writer import MalformedPageError, meaning_of
from kiosk.store.transactions import writing
from replica.digest import TableDigest
from replica.mapping import KEY_COLUMN, TABLE_OF, key_of_columns, row_reader, values_of
from replica.ranges import WHOLE, Key, KeyRange, range_of
from replica.rows import Row
from replica.tables import ReplicaTable

_TABLES: Final = tuple(ReplicaTable)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a pass through all rows has come: which table, and behind which of its keys (as it travels)."""

    table: int = 0
    after: str = ""


@dataclass(frozen=True, slots=True)
class Portion:
    """Digests of the next ranges, and where the pass goes on; at its beginning again when all have been seen."""

    ranges: tuple[RangeDigest, ...]
    goes_on: Place


class ReplicaRanges:
    """On one open connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def portion(self, start: Place, *, rows: int) -> Portion:
        """The digests of about so many rows from a place on. 500 rows take some 10 ms.

        Raises:
            ReplicaError: the file is damaged.

        """
        found: list[RangeDigest] = []
        place, left = start, rows
        while left > 0 and len(found) < MAX_RANGES and place.table < len(_TABLES):
            digest, is_last = self._digest(_TABLES[place.table], place.after, left)
            found.append(digest)
            left -= digest.rows
            place = Place(place.table + 1) if is_last else Place(place.table, digest.upto)
        return Portion(tuple(found), Place() if place.table == len(_TABLES) else place)

    def mend(self, check: RangeCheck, answer: RangeAnswer, state: ReplicaState) -> frozenset[ReplicaTable]:
        """Make the ranges that differ what the registry says they are, in one transaction; says which tables have changed.

        Nothing is done when the replica stands elsewhere than where it was compared.

        Raises:
            MalformedPageError: a row is none, or is none of its range; nothing was changed.
            ReplicaError: the file can't be written; nothing was changed.

        """
        if (state.feed, state.cursor) != (check.feed, check.cursor):
            return frozenset()
        wanted = [_rows_of(check, answer, i) for i in range(len(answer.differing))]
        try:
            with writing(self._connection):
                for of, rows in wanted:
                    self._put(of, rows)
                self._connection.commit()
        except DBAPIError as error:
            message = f"the replica can't be written: {error.orig}"
            raise ReplicaError(message) from None
        return frozenset(of.table for of, _ in wanted)

    def _digest(self, table: ReplicaTable, after: str, most: int) -> tuple[RangeDigest, bool]:
        of = range_of(RangeDigest(table=table, after=after, rows=0, xor="0" * 16))
        limit = MAX_ROWS if table in WHOLE else min(most, MAX_ROWS)
        bounds = {"most": limit + 1} if of.after is None else {"most": limit + 1, "after": of.after}
        try:
            found = self._connection.execute(_in_order(table, begins=of.after is not None), bounds).all()
        except DBAPIError as error:
            message = f"the replica can't be read: {error.orig}"
            raise ReplicaError(message) from None
        except ValueError:  # of a column's type: no key, no date
            message = f"the replica's table {table.value} holds a value that is none"
            raise ReplicaError(message) from None
        is_last = len(found) <= limit
        held = found[:limit]
        digest = _digest_of(table, held)
        upto = "" if is_last or table in WHOLE else key_of_columns(table, held[-1])
        return RangeDigest(table=table, after=after, upto=upto, rows=digest.rows, xor=f"{digest.xor:016x}"), is_last or table in WHOLE

    def _put(self, of: KeyRange, rows: Sequence[Row]) -> None:
        table = TABLE_OF[of.table]
        column = table.c[KEY_COLUMN[of.table]]
        gone = delete(table)
        if of.after is not None:
            gone = gone.where(column > of.after)
        if of.upto is not None:
            gone = gone.where(column <= of.upto)
        self._connection.execute(gone)
        if rows:
            self._connection.execute(insert(table).prefix_with("OR REPLACE"), [values_of(of.table, row) for row in rows])


@cache
def _in_order(table: ReplicaTable, *, begins: bool) -> Select[Any]:
    column = TABLE_OF[table].c[KEY_COLUMN[table]]
    query = select(TABLE_OF[table]).order_by(column).limit(bindparam("most"))
    return query.where(column > bindparam("after", type_=column.type)) if begins else query


def _digest_of(table: ReplicaTable, found: Sequence[Values[Any]]) -> TableDigest:
    """A row that can't be read counts and has no hash: so the range differs, and is put right."""
    read = row_reader(table)

    def readable() -> Iterator[Row]:
        for values in found:
            try:
                yield read(values)
            except msgspec.ValidationError:
                continue

    return TableDigest(len(found), TableDigest.of(table, readable()).xor)


def _rows_of(check: RangeCheck, answer: RangeAnswer, number: int) -> tuple[KeyRange, list[Row]]:
    differing = answer.differing[number]
    of = range_of(check.ranges[differing.range])
    rows: list[Row] = []
    for i, change in enumerate(differing.rows):
        place = f"differing[{number}].rows[{i}]"
        if change.table != of.table or change.row is None:
            problem = "no row of its range"
            raise MalformedPageError(place, problem)
        row = meaning_of(of.table, change.row, f"{place}.row")
        key: Key = getattr(row, KEY_COLUMN[of.table])
        if not of.holds(key):
            problem = "a key beyond its range"
            raise MalformedPageError(place, problem)
        rows.append(row)
    return of, rows
