"""The tables that rosters fill: pupils, contact data, consents, batches, what waits."""

from enum import StrEnum, unique

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, true

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
    Column("sender", String),
    Column("channel", String, server_default="file", nullable=False),
    Column("state", String, server_default="committed", nullable=False),
    Column("schools", document()),
    Column("names_consent", Boolean(create_constraint=False), server_default=true(), nullable=False),
    Column("staged_key", LargeBinary),
    Column("undo_key", LargeBinary),
    Column("undo_until", Instant),
    Column("approved_by", String),
    Column("closed_at", Instant),
    Column("closed_by", String),
    Index(None, "state", "loaded_at"),
)
"""Rows that came together, as a file or through the Bureau's system, and what became of them (``BatchState``).

``loaded_at`` and ``actor`` say when they came and who brought them, ``closed_at`` and ``closed_by`` who ended that state.
``form_version`` and ``cohort`` are a declaration of consent; null: the file had a column (Q3-2b). ``schools`` counts the rows
of each school. ``staged_key`` opens the rows that wait in ``roster_staged``, ``undo_key`` what ``roster_effect`` keeps; both are
themselves sealed under the registry's key, and null once they are destroyed. The name of a file is not kept: it may hold a person's.
"""

roster_staged = Table(
    "roster_staged",
    metadata,
    Column("batch", Key, ForeignKey("roster_batch.id"), nullable=False),
    Column("piece", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("batch", "piece"),
)
"""The rows of a batch that waits to be committed, sealed under the batch's own key."""

roster_effect = Table(
    "roster_effect",
    metadata,
    Column("batch", Key, ForeignKey("roster_batch.id"), nullable=False),
    Column("piece", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("batch", "piece"),
)
"""What a batch did and what was there before, sealed under a key of its own: for undoing it, and for nothing else."""

roster_sender = Table(
    "roster_sender",
    metadata,
    Column("sender", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("number_form", String, nullable=False),
    Column("mapping", document(), nullable=False),
    Column("read", document(), nullable=False),
    Column("headings", document(), nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("actor", String, nullable=False),
    PrimaryKeyConstraint("sender", "kind"),
)
"""How a sender writes its files: own headings and what they mean, the headings that are read, and a digest of every one."""

calibrated_form = Table(
    "calibrated_form",
    metadata,
    Column("sender", String, primary_key=True),
    Column("number_form", String, nullable=False),
    Column("cards", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String, nullable=False),
)
"""How a sender writes card numbers, found by comparing so many cards with their numbers on file; neither is kept."""

bureau_request = Table(
    "bureau_request",
    metadata,
    Column("key", Key, primary_key=True),
    Column("partner", String, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)
"""What the Bureau's system was answered, by its own key: rows by their place, and nothing of anybody."""

bureau_card = Table(
    "bureau_card",
    metadata,
    Column("card_key", LargeBinary(16), primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False, index=True),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
)
"""Numbers that the Bureau has named, for whom, and on which dates first and last: a word that was heard before changes nothing (R15)."""

feed_word = Table(
    "feed_word",
    metadata,
    Column("patron", Key, ForeignKey("patron.id"), primary_key=True),
    Column("card_as_of", Date),
    Column("contact_year", Integer),
    Column("pupil_years", String, nullable=False),
)
"""How new the newest word of a feed about a patron is: an older one that comes late overwrites nothing (R15).

``pupil_years`` are the school years of the four parts of ``pupil``, in its order."""

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
