"""The tables of branches, rules, calendars, blocks, loans and holds."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, text

from registry.columns import Instant, Key, document, metadata

branch = Table(
    "branch",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("district", String, nullable=False),
)

rule_set = Table(
    "rule_set",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("effective_from", Date, nullable=False),
    Column("source", String, nullable=False),
    Column("by_class", document(), nullable=False),
    Column("recorded_at", Instant),
    Column("recorded_by", String),
    Column("because", String),
)
"""A version is never changed. ``because`` says why it holds for days that were over when it was recorded."""

calendar = Table(
    "calendar",
    metadata,
    Column("branch", String, ForeignKey("branch.code"), primary_key=True),
    Column("weekly", document(), nullable=False),
    Column("closed", document(), nullable=False),
    Column("closed_monthly", document(), nullable=False),
    Column("special", document(), nullable=False, server_default=text("'{}'")),
    Column("later", document(), nullable=False, server_default=text("'[]'")),
    Column("desk_minutes", Integer, nullable=False, server_default=text("0")),
)
"""What holds, as it follows from all changes on record (``registry.calendars``): written anew with each of them."""

block = Table(
    "block",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False, index=True),
    Column("code", String, nullable=False),
    Column("until", Date),
    sqlite_with_rowid=False,
)

_CLOSED_BY_SOMEBODY = "patron IS NOT NULL AND closed_at IS NOT NULL"

loan = Table(
    "loan",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id")),
    Column("item", Key, ForeignKey("item.id"), nullable=False),
    Column("due", Date, nullable=False),
    Column("lent_at", Instant, nullable=False),
    Column("renewals", Integer, nullable=False),
    Column("kiosk", Key),
    Column("closed_at", Instant),
    Column("returned_at", Instant),
    Index(None, "patron", "closed_at"),
    Index(None, "item", "closed_at"),
    Index("ix_loan_to_cut", "closed_at", sqlite_where=text(_CLOSED_BY_SOMEBODY), postgresql_where=text(_CLOSED_BY_SOMEBODY)),
    sqlite_with_rowid=False,
)
"""Open while ``closed_at`` is null: that is when the registry heard of its end; ``returned_at`` is when the item came back, where
it did. ``kiosk`` is who lent it, where a kiosk did. ``patron`` becomes null some time after the end (``registry.exchange.retention``).

Not unique per item: two patrons may each have left with it while a kiosk was offline. Both loans then
stand, and a flagged fact says so (I4).
"""

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
