"""The tables that rosters fill: pupils, contact data, consents, batches, cases, what waits."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from registry.columns import Instant, Key, big_number, document, metadata

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
)
"""How to reach a patron, from the school (Q3-3b)."""

consent = Table(
    "consent",
    metadata,
    Column("patron", Key, ForeignKey("patron.id"), nullable=False),
    Column("school_year", Integer, nullable=False),
    Column("batch", Key, ForeignKey("roster_batch.id"), nullable=False),
    PrimaryKeyConstraint("patron", "school_year"),
)
"""Who consented for a school year, and the batch that says so (Q4-c: one tick decides all of it)."""

roster_case = Table(
    "roster_case",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String, nullable=False),
    Column("same", LargeBinary(32), nullable=False),
    Column("batch", Key, ForeignKey("roster_batch.id"), nullable=False),
    Column("row_number", big_number(), nullable=False),
    Column("patron", Key, ForeignKey("patron.id")),
    Column("other_patron", Key, ForeignKey("patron.id")),
    Column("row_says", document(), nullable=False),
    Column("registry_says", document(), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Index(None, "same", unique=True),
)
"""What a librarian must look at, with both sides. ``same`` is equal for the same question: no file asks twice."""

roster_waiting = Table(
    "roster_waiting",
    metadata,
    Column("tag", LargeBinary(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("school_year", Integer, nullable=False),
)
"""Contact data that came before the Bureau's word, encrypted (R4). ``tag`` is made from the national ID."""
