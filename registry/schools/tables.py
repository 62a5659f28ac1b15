"""The tables of schools."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from registry.columns import Instant, Key, document, metadata

school = Table(
    "school",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("branch", String, ForeignKey("branch.code"), nullable=False),
)
"""A school, and the branch it sends its contact data to while no school year says otherwise (Q3-1a)."""

school_year_assignment = Table(
    "school_year_assignment",
    metadata,
    Column("school", String, ForeignKey("school.code"), nullable=False),
    Column("school_year", Integer, nullable=False),
    Column("branch", String, ForeignKey("branch.code"), nullable=False),
    Column("phone", String),
    Column("since", Date, nullable=False),
    Column("source", String, nullable=False),
    Column("assigned_at", Instant, nullable=False),
    Column("actor", String, nullable=False),
    PrimaryKeyConstraint("school", "school_year"),
)
"""A school's branch and phone in a school year (Q3-3a), from which local date, and where that was written."""

contact_deadline = Table(
    "contact_deadline",
    metadata,
    Column("school_year", Integer, nullable=False),
    Column("semester", Integer, nullable=False),
    Column("begins", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("source", String, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("actor", String, nullable=False),
    PrimaryKeyConstraint("school_year", "semester"),
)
"""When school begins in a semester, and the last day on which contact data is in time (Q3-1a, R2), with where that was written."""

contact_batch = Table(
    "contact_batch",
    metadata,
    Column("batch", Key, ForeignKey("roster_batch.id"), primary_key=True),
    Column("received_on", Date, nullable=False),
    Column("checked_at", Instant, nullable=False),
    Column("checked_by", String, nullable=False),
    Column("semester", Integer),
    Column("last_day", Date),
    Column("late", Boolean(create_constraint=False)),
)
"""A batch of contact data: when it came and who checked it (Q3-3b), and its deadline (R2). ``late`` is null while its school year has none."""

contact_batch_school = Table(
    "contact_batch_school",
    metadata,
    Column("batch", Key, ForeignKey("contact_batch.batch"), nullable=False),
    Column("school", String, ForeignKey("school.code"), nullable=False),
    Column("written", Integer, nullable=False),
    Column("completed", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
    PrimaryKeyConstraint("batch", "school"),
)
"""Whose pupils a batch is about, and how many of its rows changed contact data, completed a record, or wait (Q3-3a)."""

contact_completion = Table(
    "contact_completion",
    metadata,
    Column("patron", Key, ForeignKey("patron.id", ondelete="CASCADE"), primary_key=True),
    Column("completed_at", Instant, nullable=False),
    Column("checked_by", String, nullable=False),
    Column("checked_at", Instant, nullable=False),
    Column("batch", Key, ForeignKey("roster_batch.id"), nullable=False),
)
"""When a patron's record became complete (正式完成), and who had checked the school's data, of which batch, when (Q3-3b)."""

contact_waiting = Table(
    "contact_waiting",
    metadata,
    Column("tag", LargeBinary(32), primary_key=True),
    Column("batch", Key, ForeignKey("roster_batch.id"), nullable=False),
    Column("school", String, ForeignKey("school.code")),
    Column("row_number", Integer, nullable=False),
)
"""In which row of which school's file stands what waits under this tag (R4). Numbers only."""

contact_handback = Table(
    "contact_handback",
    metadata,
    Column("batch", Key, ForeignKey("roster_batch.id"), nullable=False),
    Column("handed_back_on", Date, nullable=False),
    Column("school", String, ForeignKey("school.code")),
    Column("row_numbers", document(), nullable=False),
    PrimaryKeyConstraint("batch", "handed_back_on"),
)
"""The rows of a file that waited in vain and have been erased, by their numbers, for the school to send again (R4)."""
