"""Between the rows that travel and the tables that hold them: one place for both kiosk and registry."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import JSON, Table

from replica import tables
from replica.card_keys import CARD_KEY_BYTES
from replica.rows import ROW_OF, Row
from replica.tables import ReplicaTable

TABLE_OF: dict[ReplicaTable, Table] = {
    ReplicaTable.BRANCH: tables.branch,
    ReplicaTable.RULE_SET: tables.rule_set,
    ReplicaTable.CALENDAR: tables.calendar,
    ReplicaTable.PATRON: tables.patron,
    ReplicaTable.CARD: tables.card,
    ReplicaTable.BLOCK: tables.block,
    ReplicaTable.ITEM: tables.item,
    ReplicaTable.LOAN: tables.loan,
    ReplicaTable.HOLD: tables.hold,
    ReplicaTable.MOBILE_KEY: tables.mobile_key,
}

KEY_COLUMN: dict[ReplicaTable, str] = {name: table.primary_key.columns[0].name for name, table in TABLE_OF.items()}
"""The column of the primary key; every replica table has exactly one."""

_COLUMNS = {name: tuple(str(column.name) for column in table.columns) for name, table in TABLE_OF.items()}
"""Plain texts: SQLAlchemy names some columns by a subclass of str, which msgspec does not take."""
_JSON_COLUMNS = {name: tuple(column.name for column in table.columns if isinstance(column.type, JSON)) for name, table in TABLE_OF.items()}


class RowKeyError(ValueError):
    """The text names no row of this table."""


def values_of(table: ReplicaTable, row: Row) -> dict[str, Any]:
    """The column values of a row, as SQLAlchemy wants them."""
    values = {name: value.value if isinstance(value, Enum) else value for name, value in msgspec.structs.asdict(row).items()}
    for column in _JSON_COLUMNS[table]:
        values[column] = msgspec.to_builtins(values[column])
    return values


def row_of(table: ReplicaTable, values: Mapping[str, Any]) -> Row:
    """The row that these column values are.

    Raises:
        msgspec.ValidationError: they are not a row of this table.

    """
    return row_reader(table)([values[name] for name in _COLUMNS[table]])


def row_reader(table: ReplicaTable) -> Callable[[Sequence[Any]], Row]:
    """The same for many rows, each of values in the order of the table's columns; what it returns raises ``msgspec.ValidationError``, too."""
    names, shape = _COLUMNS[table], ROW_OF[table]

    def read(values: Sequence[Any]) -> Row:
        row: Row = msgspec.convert(dict(zip(names, values, strict=True)), shape)
        return row

    return read


def key_text(table: ReplicaTable, row: Row) -> str:
    """The row's key as it travels: a UUID in its usual form, a card key in lower-case hexadecimal, else the value itself."""
    return _text(getattr(row, KEY_COLUMN[table]))


def key_of_columns(table: ReplicaTable, values: Sequence[Any]) -> str:
    """The same of values in the order of the table's columns, also when they are not a row."""
    return _text(values[_COLUMNS[table].index(KEY_COLUMN[table])])


def _text(key: UUID | bytes | int | str) -> str:
    return key.hex() if isinstance(key, bytes) else str(key)


def parse_key(table: ReplicaTable, text: str) -> UUID | bytes | int | str:
    """Read a key as it travels.

    Raises:
        RowKeyError: the text is no key of this table.

    """
    try:
        match table:
            case ReplicaTable.BRANCH | ReplicaTable.CALENDAR:
                return text
            case ReplicaTable.RULE_SET | ReplicaTable.MOBILE_KEY:
                return int(text)
            case ReplicaTable.CARD:
                return _card_key(text)
            case _:
                return UUID(text)
    except ValueError:
        message = f"{text[:64]!r} is no key of the table {table.value}"
        raise RowKeyError(message) from None


def _card_key(text: str) -> bytes:
    key = bytes.fromhex(text)
    if len(key) != CARD_KEY_BYTES:
        message = "a card key has 16 bytes"
        raise ValueError(message)
    return key
