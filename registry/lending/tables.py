"""The tables of branches, rules, calendars, blocks and loans."""

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
