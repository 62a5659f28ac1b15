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
    Index(None, "title", postgresql_using="hash"),
    sqlite_with_rowid=False,
)
"""The work that an item is a copy of is its ``title``, by which holds find it: hashed where there is such an index, because titles have no greatest length."""
