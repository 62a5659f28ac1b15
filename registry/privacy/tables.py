"""The tables of people's requests about their data, corrections, and notices of where data came from."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, text

from registry.columns import Instant, Key, document, metadata

privacy_term = Table(
    "privacy_term",
    metadata,
    Column("kind", String, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("days", Integer, nullable=False),
    Column("extension_days", Integer, nullable=False),
    Column("source", String, nullable=False),
    PrimaryKeyConstraint("kind", "effective_from"),
)
"""In how many days something must be done, from a date on, and the law that says so. A later term takes an earlier one's place."""

privacy_request = Table(
    "privacy_request",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), index=True),
    Column("kind", String, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("channel", String, nullable=False),
    Column("asker", String, nullable=False),
    Column("identity", document(), nullable=False),
    Column("taken_by", String, nullable=False),
    Column("due", Date, nullable=False, index=True),
    Column("extended_at", Instant),
    Column("extended_because", String),
    Column("answered_at", Instant),
    Column("answered_by", String),
    Column("outcome", String),
    Column("because", String),
)
"""A request of somebody about their data. ``patron`` is null where nobody on record asks, or is on record any longer: the register stays."""

correction = Table(
    "correction",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False, index=True),
    Column("request", Key, ForeignKey("privacy_request.id")),
    Column("fields", document(), nullable=False),
    Column("waiting_name", String),
    Column("made_at", Instant, nullable=False),
    Column("made_by", String, nullable=False),
    Column("settled_at", Instant),
    Column("settled_by", String),
)
"""Which of a patron's data were corrected. ``waiting_name`` is a name that no librarian has confirmed yet (R16), null as soon as one has decided."""

correction_told = Table(
    "correction_told",
    metadata,
    Column("correction", Key, ForeignKey("correction.id"), nullable=False),
    Column("recipient", String, nullable=False),
    Column("told_at", Instant),
    Column("told_by", String),
    PrimaryKeyConstraint("correction", "recipient"),
)
"""Who had the wrong data, and when they were told the right ones."""

_PENDING = "given_at IS NULL"

source_notice = Table(
    "source_notice",
    metadata,
    Column("patron", Key, ForeignKey("patron.id"), nullable=False),
    Column("source", String, nullable=False),
    Column("batch", Key, ForeignKey("roster_batch.id"), nullable=False),
    Column("owed_at", Instant, nullable=False),
    Column("given_at", Instant),
    Column("given_by", String),
    Column("channel", String),
    PrimaryKeyConstraint("patron", "source", "batch"),
    Index("ix_source_notice_pending", "owed_at", sqlite_where=text(_PENDING), postgresql_where=text(_PENDING)),
    Index(None, "batch"),
)
"""Data that did not come from the patron: from whom, with which batch, and when the patron was told so."""
