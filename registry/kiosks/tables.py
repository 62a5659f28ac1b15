"""The tables of kiosks and their one-time codes."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table

from registry.columns import Instant, Key, document, metadata

kiosk = Table(
    "kiosk",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String, nullable=False),
    Column("branch", String, ForeignKey("branch.code"), nullable=False),
    Column("public_key", LargeBinary(32), nullable=False),
    Column("enrolled_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

cover = Table(
    "cover",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary(32), nullable=False),
    Column("made_at", Instant, nullable=False),
)
"""The covers of card keys (``replica.covers``); the newest is in force. The secret is made from ``salt`` with the library's keys, and stands nowhere."""

told_cover = Table(
    "told_cover",
    metadata,
    Column("kiosk", Key, ForeignKey("kiosk.id"), primary_key=True),
    Column("version", Integer, ForeignKey("cover.version"), nullable=False),
    Column("at", Instant, nullable=False),
)
"""Which cover each kiosk was told last, and when. One that is not here has a program that never asked for any."""

enrolment_code = Table(
    "enrolment_code",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("branch", String, ForeignKey("branch.code"), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("kiosk", Key),
)
"""A code is kept as its SHA-256 only: 60 random bits that live for minutes need no slow hash."""

kiosk_health = Table(
    "kiosk_health",
    metadata,
    Column("kiosk", Key, ForeignKey("kiosk.id"), primary_key=True),
    Column("received_at", Instant, nullable=False),
    Column("reported_at", Instant, nullable=False),
    Column("version", String, nullable=False),
    Column("devices", document(), nullable=False),
)
"""The latest that each kiosk said of itself; no history, nothing of any person. ``devices`` holds device, state, since, fault."""
