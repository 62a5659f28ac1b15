"""The table of patrons."""

from sqlalchemy import Boolean, Column, Date, Index, String, Table, text

from registry.columns import Key, metadata

patron = Table(
    "patron",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String, nullable=False),
    Column("national_id", String),
    Column("birth_date", Date),
    Column("masked_name", String, nullable=False),
    Column("patron_class", String, nullable=False),
    Column("expires", Date),
    Column("contact_complete", Boolean(create_constraint=False), nullable=False),
    Column("regular_at", String),
    Column("folded_name", String, server_default=text("''"), nullable=False),
    Index(None, "national_id", unique=True),
    Index(None, "folded_name"),
    sqlite_with_rowid=False,
)
"""``masked_name`` and ``folded_name`` (for searching only, R16) are made from ``name`` whenever that is written.

``regular_at`` is the branch whose regular the patron is.
"""
