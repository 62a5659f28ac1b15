"""The tables of cards: those on record, those that were, and what was reported or asked about them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from registry.columns import Instant, Key, big_number, document, metadata

card = Table(
    "card",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("uid", String, nullable=False),
    Column("card_key", LargeBinary(16), nullable=False),
    Column("state", String, nullable=False),
    Column("bound_at", Instant),
    Column("source", String, server_default="library", nullable=False),
    Index(None, "patron", "kind", unique=True),
    Index(None, "uid", unique=True),
    Index(None, "card_key", unique=True),
    sqlite_with_rowid=False,
)
"""``uid`` is the canonical hexadecimal form; ``card_key`` is made from it whenever it is written. At most one card of a kind per patron (Q9-b).

``bound_at`` is null for cards that were bound before anybody noted when.
"""

former_card = Table(
    "former_card",
    metadata,
    Column("card_key", LargeBinary(16), nullable=False),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("bound_at", Instant),
    Column("ended_at", Instant, nullable=False),
    Column("replaced_by", LargeBinary(16)),
    Column("actor", String, nullable=False),
    Column("batch", Key, ForeignKey("roster_batch.id")),
    PrimaryKeyConstraint("card_key", "ended_at"),
    Index(None, "patron"),
)
"""Cards that are no longer on record, by their keys: their numbers are kept nowhere (Q6-4).

Nothing looks a card up here: the history is asked only so that an older file, or a hand, brings none back (R15).
"""

card_loss_report = Table(
    "card_loss_report",
    metadata,
    Column("id", Key, primary_key=True),
    Column("card_key", LargeBinary(16), nullable=False),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False),
    Column("channel", String, nullable=False),
    Column("reported_at", Instant, nullable=False),
    Column("reporter", String, nullable=False),
    Column("branch", String),
    Column("identity", document(), nullable=False),
    Column("confirmed_at", Instant),
    Column("confirmed_by", String),
    Column("restored_at", Instant),
    Column("restored_by", String),
    Column("restored_because", String),
    Index(None, "card_key"),
    Index(None, "patron"),
)
"""``reporter`` is who took the report: ``kiosk:<key>`` or a member of staff; ``identity`` names the items that proved the caller (R17)."""

card_event = Table(
    "card_event",
    metadata,
    Column("seq", big_number(), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("card_key", LargeBinary(16), nullable=False, index=True),
    Column("event", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("batch", Key, ForeignKey("roster_batch.id"), index=True),
    sqlite_autoincrement=True,
)
"""What happened to every card, in order; rows are only ever added. ``channel`` says how it came: from which feed, or how a loss was told.

A card's whole life is one question to this table, by its key or by its patron. It holds no number and finds nobody.
"""

found_card = Table(
    "found_card",
    metadata,
    Column("id", Key, primary_key=True),
    Column("card_key", LargeBinary(16), nullable=False, index=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False, index=True),
    Column("branch", String, ForeignKey("branch.code"), nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("times", Integer, nullable=False),
    Column("settled_at", Instant),
    Column("settled_by", String),
    Column("outcome", String),
    Index(None, "branch", "settled_at"),
)
"""A lost card that was shown at a branch (R5): one open row for a card and a branch, until staff say what came of it.

``id`` is the key of the first fact that told of it.
"""
