"""The column types and names of the registry's tables: the same meaning on SQLite and PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    any_,
    bindparam,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMES)
"""Every table of the registry; the domains add theirs (``registry.tables`` joins them)."""


def big_number() -> TypeEngine[int]:
    """A 64-bit integer, on SQLite the one that can count rows."""
    return BigInteger().with_variant(Integer, "sqlite")


def document() -> TypeEngine[Any]:
    """A JSON value."""
    return JSON().with_variant(JSONB, "postgresql")


class Key(TypeDecorator[UUID]):
    """A UUID: native where there is one, else its 16 bytes, as the replica holds it."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column."""
        return dialect.type_descriptor(LargeBinary(16) if dialect.name == "sqlite" else Uuid())

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:  # noqa: ANN401 - two databases, two types
        """To the database."""
        return value.bytes if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:  # noqa: ANN401 - two databases, two types
        """From the database."""
        return UUID(bytes=value) if value is not None and dialect.name == "sqlite" else value


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant: native where a zone is kept, else microseconds since 1970, as the replica holds it."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 - two databases, two types
        """To the database; an instant without a zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant without a time zone cannot be stored"
            raise ValueError(message)
        return (value - _EPOCH) // _MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - two databases, two types
        """From the database."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            microseconds: int = value
            return _EPOCH + microseconds * _MICROSECOND
        kept: datetime = value
        return kept.astimezone(UTC)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def among(column: ColumnElement[Any], values: Iterable[Any], connection: Connection) -> ColumnElement[bool]:
    """The condition that a column is one of many values. PostgreSQL takes them as one array: reading 5,000 parameters cost more than the question."""
    if connection.dialect.name == "sqlite":
        return column.in_(list(values))
    return column == any_(bindparam(None, list(values), ARRAY(column.type)))


def without_nul(text: str) -> str:
    """Text as PostgreSQL takes it: it has no U+0000. Text from outside may; marked as unreadable, it stops no batch."""
    return text.replace("\0", "\ufffd")


def bound_rows(table: Table, rows: Sequence[tuple[Any, ...]], dialect: Dialect) -> list[tuple[Any, ...]]:
    """Rows, each a value for every column in the table's order, as the driver wants them; bound a column at a time."""
    columns = (_bound(column, values, dialect) for column, values in zip(table.columns, zip(*rows, strict=True), strict=True))
    return list(zip(*columns, strict=True))


def _bound(column: Column[Any], values: Sequence[Any], dialect: Dialect) -> Iterable[Any]:
    """One column's values.

    The common types are bound here: a call of SQLAlchemy's processor for every value cost as much as the
    insert, and drivers search their adapters for every value that is not exactly a str or an int.
    """
    sqlite = dialect.name == "sqlite"
    match column.type:
        case Key() | Date() | Boolean() if not sqlite:
            return values
        case Key():
            return [None if value is None else value.bytes for value in values]
        case Date():
            return [None if value is None else value.isoformat() for value in values]
        case Boolean():
            return [None if value is None else int(value) for value in values]
        case String():
            plain = str.__str__ if sqlite else without_nul
            return [None if value is None else plain(value) for value in values]
        case LargeBinary():
            return values
        case Instant():
            # Rows that are written together are mostly of one instant.
            of_instant = column.type.dialect_impl(dialect).bind_processor(dialect)
            known = {value: value if of_instant is None else of_instant(value) for value in set(values)}
            return [known[value] for value in values]
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    return values if bind is None else map(bind, values)
