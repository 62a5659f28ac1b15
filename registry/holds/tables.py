"""The tables of holds."""

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table

from registry.columns import Instant, Key, metadata

hold = Table(
    "hold",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False, index=True),
    Column("title", String, nullable=False),
    Column("item", Key, ForeignKey("item.id"), index=True),
    Column("pickup", String, ForeignKey("branch.code"), nullable=False),
    Column("shelf", String, nullable=False),
    Column("state", String, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("until", Date),
    Index(None, "title", postgresql_using="hash"),
    sqlite_with_rowid=False,
)
"""A hold is on a title; ``item`` is the copy that lies ready. The place in the queue is stored nowhere: it follows from ``placed_at``.

A hold that has ended is deleted: nobody needs to know what a patron waited for.
"""

served_hold = Table(
    "served_hold",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False),
    Column("title", String, nullable=False),
    Column("item", Key, ForeignKey("item.id")),
    Column("pickup", String, ForeignKey("branch.code"), nullable=False),
    Column("shelf", String, nullable=False),
    Column("state", String, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("until", Date),
    Column("loan", Key, nullable=False, index=True),
    sqlite_with_rowid=False,
)
"""A hold that a loan ended, as it was, while that loan is open: it comes back when the patron puts the item back, and else goes with the loan.

``loan`` is no foreign key: SQLite makes the table of loans anew to change a column.
"""
