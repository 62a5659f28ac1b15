"""Ranges of a table's rows by their keys, the same on both sides: what digests are compared of (sync rule 11)."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from circulation.range_checks import RangeDigest
from replica.mapping import RowKeyError, parse_key
from replica.tables import ReplicaTable

Key = UUID | bytes | int | str

WHOLE: Final = frozenset({ReplicaTable.BRANCH, ReplicaTable.RULE_SET, ReplicaTable.CALENDAR, ReplicaTable.MOBILE_KEY})
"""Tables so small that only the whole of them is a range. Their keys are text and numbers, which databases do not all put in one order."""


@dataclass(frozen=True, slots=True)
class KeyRange:
    """The rows of a table whose keys are above ``after`` and up to ``upto``; none: no bound on this side."""

    table: ReplicaTable
    after: Key | None = None
    upto: Key | None = None

    def holds(self, key: Key) -> bool:
        """Whether a key of this table lies in the range."""
        if self.table in WHOLE:
            return True
        place = _bytes(key)
        return (self.after is None or _bytes(self.after) < place) and (self.upto is None or place <= _bytes(self.upto))


def range_of(digest: RangeDigest) -> KeyRange:
    """The range that a digest is of.

    Raises:
        RowKeyError: no table of this replica, or a bound that is no key of it.

    """
    if digest.table not in {table.value for table in ReplicaTable}:
        message = f"{digest.table!r} is no table of this replica"
        raise RowKeyError(message)
    table = ReplicaTable(digest.table)
    if table in WHOLE and (digest.after or digest.upto):
        message = f"the table {table.value} is compared as a whole"
        raise RowKeyError(message)
    return KeyRange(table, _bound(table, digest.after), _bound(table, digest.upto))


def _bound(table: ReplicaTable, text: str) -> Key | None:
    return parse_key(table, text) if text else None


def _bytes(key: Key) -> bytes:
    match key:
        case UUID():
            return key.bytes
        case bytes():
            return key
        case _:
            return str(key).encode()
