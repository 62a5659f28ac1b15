"""The table of offline terms; lending rules are in ``registry.lending``."""

from sqlalchemy import Column, Date, Integer, LargeBinary, String, Table

from registry.columns import Instant, metadata

offline_terms = Table(
    "offline_terms",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("effective_from", Date, nullable=False),
    Column("source", String, nullable=False),
    Column("statement", LargeBinary, nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", String, nullable=False),
)
"""A version is never changed. ``statement`` is what was signed when it was recorded, to the byte (``replica.offline_terms``)."""
