"""The table of items."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from registry.columns import Key, metadata

item = Table(
    "item",
    metadata,
    Column("id", Key, primary_key=True),
    Column("barcode", String, nullable=False),
    Column("title", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("branch", String, ForeignKey("branch.code"), nullable=False, index=True),
    Column("held_for", Key),
    Index(None, "barcode", unique=True),
    sqlite_with_rowid=False,
)
