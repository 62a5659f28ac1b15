"""Rows as values that can be sealed away and put back exactly: for whatever must be undone."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Date, LargeBinary, Row, Table, and_, delete, insert, or_, select, update

from registry.columns import Instant, Key

Image = dict[str, Any]
"""A row: its columns' values by name, as JSON has them."""


def images(connection: Connection, table: Table, condition: ColumnElement[bool]) -> list[Image]:
    """The rows that a condition names."""
    rows = connection.execute(select(table).where(condition).order_by(*table.primary_key.columns))
    return [image_of(table, row) for row in rows]


def image_of(table: Table, row: Row[Any]) -> Image:
    """One row."""
    return {column.name: _written(value) for column, value in zip(table.columns, row, strict=True)}


def key_of(table: Table, image: Image) -> Image:
    """What names a row among those of its table."""
    return {column.name: image[column.name] for column in table.primary_key.columns}


def named(table: Table, keys: Iterable[Image]) -> ColumnElement[bool]:
    """The condition that names these rows; a few at most."""
    each = [and_(*(table.c[name] == _read(table.c[name], value) for name, value in key.items())) for key in keys]
    return or_(*each)


def put_back(connection: Connection, table: Table, rows: Collection[Image]) -> None:
    """Add rows as they were. Columns that are younger than an image get what the table gives them."""
    for image in rows:
        connection.execute(insert(table), {name: _read(table.c[name], value) for name, value in image.items() if name in table.c})


def take_away(connection: Connection, table: Table, keys: Collection[Image]) -> None:
    """Delete the rows of these keys."""
    for key in keys:
        connection.execute(delete(table).where(named(table, [key])))


def restore(connection: Connection, table: Table, image: Image) -> None:
    """Make a row that is there what it was."""
    values = {name: _read(table.c[name], value) for name, value in image.items() if name in table.c}
    connection.execute(update(table).where(named(table, [key_of(table, image)])).values(**values))


def _written(value: object) -> object:
    match value:
        case UUID():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case _:
            return value


def _read(column: Column[Any], value: object) -> object:
    match column.type, value:
        case Key(), str():
            return UUID(value)
        case Instant(), str():
            return datetime.fromisoformat(value)
        case Date(), str():
            return date.fromisoformat(value)
        case LargeBinary(), str():
            return bytes.fromhex(value)
    return value
