"""The table of notices."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from registry.columns import Instant, Key, metadata

notice = Table(
    "notice",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("about", Key, nullable=False, index=True),
    Column("branch", String, ForeignKey("branch.code"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("told_at", Instant),
    Column("told_by", String),
    Column("route", String),
    Index(None, "branch", "told_at"),
    sqlite_with_rowid=False,
)
"""Something that a patron is to be told: ``about`` is the key of what it is about, never its title. ``branch`` is who tells."""
