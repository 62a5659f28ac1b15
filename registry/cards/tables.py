"""The table of cards."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table

from registry.columns import Key, metadata

card = Table(
    "card",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("uid", String, nullable=False),
    Column("card_key", LargeBinary(16), nullable=False),
    Column("state", String, nullable=False),
    Index(None, "patron", "kind", unique=True),
    Index(None, "uid", unique=True),
    Index(None, "card_key", unique=True),
    sqlite_with_rowid=False,
)
"""``uid`` is the canonical hexadecimal form; ``card_key`` is made from it whenever it is written. At most one card of a kind per patron (Q9-b)."""
