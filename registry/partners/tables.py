"""The table of partners."""

from sqlalchemy import Column, Index, LargeBinary, String, Table

from registry.columns import Instant, Key, metadata

partner = Table(
    "partner",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("public_key", LargeBinary(32), nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("registered_by", String, nullable=False),
    Column("revoked_at", Instant),
    Index(None, "public_key", unique=True),
)
"""A revoked partner's row stays: its key never comes back."""
