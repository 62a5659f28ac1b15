"""The tables of PINs and of the codes that the first one is set with."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from registry.columns import Instant, Key, metadata

pin = Table(
    "pin",
    metadata,
    Column("patron", Key, ForeignKey("patron.id"), primary_key=True),
    Column("hash", String, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
)
"""``hash`` is argon2id. ``failures`` counts tries since the last right one, each before it is compared."""

pin_code = Table(
    "pin_code",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index(None, "patron", unique=True),
)
"""The digest of a patron's one code; a used code's row is gone."""
