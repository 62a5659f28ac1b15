"""The tables of mobile cards: devices, and the keys that codes are signed with."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from registry.columns import Instant, Key, metadata

mobile_device = Table(
    "mobile_device",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id", ondelete="CASCADE"), nullable=False),
    Column("app", Key, ForeignKey("partner.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("token_digest", LargeBinary(32), nullable=False),
    Column("signed_in_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("signed_out_at", Instant),
    Index(None, "token_digest", unique=True),
    Index(None, "patron"),
)
"""A device of a patron in an app. It belongs to the account and to no card (R14): it goes with the patron's row.

``token_digest`` is the SHA-256 of 256 random bits that only the device has.
"""

mobile_key = Table(
    "mobile_key",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("public_key", LargeBinary(32), nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("signs_from", Instant, nullable=False),
    Column("ended_at", Instant),
)
"""The public half of each key that codes are signed with; kiosks hold those that have not ended. The private half is a file."""
