"""The audit table. Rows are only ever added: the store has no other verb."""

from sqlalchemy import Column, String, Table

from registry.columns import Instant, big_number, document, metadata

audit = Table(
    "audit",
    metadata,
    Column("seq", big_number(), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("detail", document(), nullable=False),
    sqlite_autoincrement=True,
)
