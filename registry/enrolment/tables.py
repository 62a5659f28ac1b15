"""The tables of patrons, and of accounts that have ended."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, String, Table, text

from registry.columns import Instant, Key, metadata

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
    Column("basis", String, server_default="before", nullable=False),
    Index(None, "national_id", unique=True),
    Index(None, "folded_name"),
    sqlite_with_rowid=False,
)
"""``masked_name`` and ``folded_name`` (for searching only, R16) are made from ``name`` whenever that is written.

``regular_at`` is the branch whose regular the patron is. ``basis`` is what the account stands on without the programme (R11).
"""

account_end = Table(
    "account_end",
    metadata,
    Column("patron", Key, ForeignKey("patron.id"), primary_key=True),
    Column("ended_at", Instant, nullable=False),
    Column("actor", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("overwritten_at", Instant),
    Index(None, "ended_at", sqlite_where=text("overwritten_at IS NULL"), postgresql_where=text("overwritten_at IS NULL")),
)
"""Accounts that have ended. Their rows in ``patron`` say nothing any more: they are what former cards and facts point to.

``overwritten_at`` is when the files that still held them were written anew.
"""
