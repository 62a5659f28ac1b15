"""The tables of a replica. What stands here is all that a kiosk may hold (``docs/threat-model.md``)."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Column, Date, Dialect, Index, Integer, LargeBinary, MetaData, String, Table
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = 3
"""Raised with every change of these tables: a kiosk with another number fetches a new snapshot."""


class UuidBytes(TypeDecorator[UUID]):
    """A UUID as its 16 bytes: half the size of text in four million rows."""

    impl = LargeBinary(16)
    cache_ok = True

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - SQLAlchemy's signature
        """To the database."""
        return None if value is None else value.bytes

    def process_result_value(self, value: Any | None, dialect: Dialect) -> UUID | None:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """From the database."""
        return None if value is None else UUID(bytes=value)


class UtcInstant(TypeDecorator[datetime]):
    """An aware UTC instant as integer microseconds since 1970: SQLite would forget the zone."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """To the database; an instant without a zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant without a time zone cannot be stored"
            raise ValueError(message)
        delta = value - _EPOCH
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """From the database."""
        return None if value is None else datetime.fromtimestamp(value // 1_000_000, UTC).replace(microsecond=value % 1_000_000)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

metadata = MetaData()


class ReplicaTable(StrEnum):
    """The tables that the feed changes, by the name that travels."""

    BRANCH = "branch"
    RULE_SET = "rule_set"
    CALENDAR = "calendar"
    PATRON = "patron"
    CARD = "card"
    BLOCK = "block"
    ITEM = "item"
    LOAN = "loan"
    HOLD = "hold"
    MOBILE_KEY = "mobile_key"


branch = Table(
    "branch",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    sqlite_with_rowid=False,
)

rule_set = Table(
    "rule_set",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("effective_from", Date, nullable=False),
    Column("source", String, nullable=False),
    Column("by_class", JSON, nullable=False),
)

calendar = Table(
    "calendar",
    metadata,
    Column("branch", String, primary_key=True),
    Column("weekly", JSON, nullable=False),
    Column("closed", JSON, nullable=False),
    Column("closed_monthly", JSON, nullable=False),
    sqlite_with_rowid=False,
)

patron = Table(
    "patron",
    metadata,
    Column("id", UuidBytes, primary_key=True),
    Column("masked_name", String, nullable=False),
    Column("patron_class", String, nullable=False),
    Column("expires", Date),
    Column("contact_complete", Boolean(create_constraint=False), nullable=False),
    Column("regular_here", Boolean(create_constraint=False), nullable=False),
    sqlite_with_rowid=False,
)

card = Table(
    "card",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("patron", UuidBytes, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Index("card_of_patron", "patron"),
    sqlite_with_rowid=False,
)

block = Table(
    "block",
    metadata,
    Column("id", UuidBytes, primary_key=True),
    Column("patron", UuidBytes, nullable=False),
    Column("code", String, nullable=False),
    Column("until", Date),
    Index("block_of_patron", "patron"),
    sqlite_with_rowid=False,
)

item = Table(
    "item",
    metadata,
    Column("id", UuidBytes, primary_key=True),
    Column("barcode", String, nullable=False),
    Column("title", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("branch", String, nullable=False),
    Column("held_for", UuidBytes),
    Index("item_by_barcode", "barcode", unique=True),
    sqlite_with_rowid=False,
)

loan = Table(
    "loan",
    metadata,
    Column("id", UuidBytes, primary_key=True),
    Column("patron", UuidBytes, nullable=False),
    Column("item", UuidBytes, nullable=False),
    Column("title", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("due", Date, nullable=False),
    Column("lent_at", UtcInstant, nullable=False),
    Column("renewals", Integer, nullable=False),
    Column("barcode", String, nullable=False),
    Column("branch", String, nullable=False),
    Column("wanted", Boolean(create_constraint=False), nullable=False),
    Index("loan_of_patron", "patron"),
    Index("loan_of_item", "item"),
    Index("loan_by_barcode", "barcode"),
    sqlite_with_rowid=False,
)
"""``barcode``, ``branch`` (its home) and ``title`` are the item's: a copy of another branch is known by its loan alone."""

hold = Table(
    "hold",
    metadata,
    Column("id", UuidBytes, primary_key=True),
    Column("patron", UuidBytes, nullable=False),
    Column("title", String, nullable=False),
    Column("state", String, nullable=False),
    Column("pickup", String, nullable=False),
    Column("shelf", String, nullable=False),
    Column("until", Date),
    Column("queue", Integer, nullable=False),
    Index("hold_of_patron", "patron"),
    sqlite_with_rowid=False,
)

mobile_key = Table(
    "mobile_key",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("public_key", LargeBinary(32), nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
)
"""The keys that codes of mobile cards are signed with, each with the registry's own signature (``replica.mobile_keys``)."""

state = Table(
    "state",
    metadata,
    Column("only", Integer, primary_key=True),
    Column("schema_version", Integer, nullable=False),
    Column("branch", String, nullable=False),
    Column("feed", UuidBytes, nullable=False),
    Column("cursor", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("card_key_version", Integer, nullable=False),
    Column("verified_at", UtcInstant, nullable=False),
)
"""One row: which snapshot this was (``version``), and up to where the feed has been applied (``cursor``, verified when)."""
