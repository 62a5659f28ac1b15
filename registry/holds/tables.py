"""The tables of holds, of holds that were not collected, and of what a branch must look for."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table

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
    Column("at_branch", String),
    Column("moved_at", Instant),
    Column("suspended_until", Date),
    Index(None, "title", postgresql_using="hash"),
    Index(None, "pickup", "state"),
    Index(None, "at_branch"),
    sqlite_with_rowid=False,
)
"""A hold is on a title; ``item`` is the copy that is kept for it, ``at_branch`` where that was seen last and ``moved_at`` when. The place in
the queue is stored nowhere: it follows from ``placed_at``.

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
    Column("at_branch", String),
    Column("moved_at", Instant),
    Column("suspended_until", Date),
    Column("loan", Key, nullable=False, index=True),
    sqlite_with_rowid=False,
)
"""A hold that a loan ended, as it was, while that loan is open: it comes back when the patron puts the item back, and else goes with the loan.

``loan`` is no foreign key: SQLite makes the table of loans anew to change a column.
"""

hold_task = Table(
    "hold_task",
    metadata,
    Column("item", Key, ForeignKey("item.id"), primary_key=True),
    Column("branch", String, ForeignKey("branch.code"), primary_key=True, index=True),
    Column("kind", String, nullable=False),
    Column("shelf", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
"""What a branch must look for by hand. It names an item and nobody; the row goes when that item is seen anywhere."""

no_show = Table(
    "no_show",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False, index=True),
    Column("ended_on", Date, nullable=False, index=True),
    Column("points", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""A hold that was not collected: whose, when, how many points. Never of what title; forgotten when it counts no more."""
