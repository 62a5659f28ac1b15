"""The tables that rosters fill: pupils, contact data, consents, batches, what waits."""

from enum import StrEnum, unique

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from registry.columns import Instant, Key, document, metadata


@unique
class ContactSource(StrEnum):
    """Who gave the contact data: the school's go when consent is withdrawn (R11)."""

    SCHOOL = "school"
    DESK = "desk"


roster_batch = Table(
    "roster_batch",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("school_year", Integer, nullable=False),
    Column("form_version", String),
    Column("cohort", String),
    Column("loaded_at", Instant, nullable=False),
    Column("actor", String, nullable=False),
    Column("counts", document(), nullable=False),
)
"""A file that changed something. ``form_version`` and ``cohort`` are a declaration of consent; null: the file had a column (Q3-2b)."""

pupil = Table(
    "pupil",
    metadata,
    Column("patron", Key, ForeignKey("patron.id"), primary_key=True),
    Column("school", String),
    Column("school_phone", String),
    Column("student_number", String),
    Column("household_address", String),
)
"""What the Bureau says of a patron. ``household_address`` never becomes a contact address (Q3-2d)."""

contact = Table(
    "contact",
    metadata,
    Column("patron", Key, ForeignKey("patron.id"), primary_key=True),
    Column("address", String, nullable=False),
    Column("phone", String),
    Column("mobile", String),
    Column("postal_code", String),
    Column("guardian", String),
    Column("source", String, server_default="school", nullable=False),
)
"""How to reach a patron, from the school (Q3-3b) or given at a desk; ``source`` says which (``ContactSource``)."""

consent = Table(
    "consent",
    metadata,
    Column("patron", Key, ForeignKey("patron.id"), nullable=False),
    Column("school_year", Integer, nullable=False),
    Column("batch", Key, ForeignKey("roster_batch.id"), nullable=False),
    PrimaryKeyConstraint("patron", "school_year"),
)
"""Who consented for a school year, and the batch that says so (Q4-c: one tick decides all of it)."""

roster_waiting = Table(
    "roster_waiting",
    metadata,
    Column("tag", LargeBinary(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("school_year", Integer, nullable=False),
)
"""Contact data that came before the Bureau's word, encrypted (R4). ``tag`` is made from the national ID."""
