"""The tables of late returns, what was paid or waived of them, and the suspensions that follow."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table

from registry.columns import Instant, Key, big_number, metadata

late_return = Table(
    "late_return",
    metadata,
    Column("id", big_number(), primary_key=True),
    Column("loan", Key, unique=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False, index=True),
    Column("branch", String, ForeignKey("branch.code"), nullable=False),
    Column("due", Date, nullable=False),
    Column("returned_on", Date, nullable=False, index=True),
)
"""A return after the due date. ``branch`` is the one whose calendar counts (``store_lent_at``).

``loan`` becomes null when the loan forgets its patron, else the patron would still be linked with the item. No foreign key:
SQLite makes the table of loans anew to change a column.
"""

suspension_credit = Table(
    "suspension_credit",
    metadata,
    Column("id", big_number(), primary_key=True),
    Column("late_return", big_number(), ForeignKey("late_return.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("days", Integer, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("because", String, nullable=False),
)
"""Days of one late return that were paid (``amount`` in whole NT$) or waived (with staff's reason). Rows are only added."""

suspension = Table(
    "suspension",
    metadata,
    Column("patron", Key, ForeignKey("patron.id"), primary_key=True),
    Column("days", Integer, nullable=False),
    Column("until", Date),
    Column("waiting", Boolean(create_constraint=False), nullable=False),
    sqlite_with_rowid=False,
)
"""What the late returns of a patron come to, as last reckoned: days owed, the last day served (none: nothing is), and whether days
wait until the last overdue item is back."""
