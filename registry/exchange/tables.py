"""The tables of facts, feed and snapshots."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    text,
)

from registry.columns import Instant, Key, big_number, document, metadata

ledger = Table(
    "ledger",
    metadata,
    Column("kiosk", Key, ForeignKey("kiosk.id"), nullable=False),
    Column("epoch", Key, nullable=False),
    Column("last_seq", big_number(), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("heard_again_at", Instant),
    PrimaryKeyConstraint("kiosk", "epoch"),
)
"""One life of a kiosk's ledger, and the last number taken from it. ``heard_again_at`` is when new facts first came in it after a
younger epoch had begun: there are two ledgers of one kiosk."""

_OF_A_LOAN = "loan IS NOT NULL"
_UNREAD = "status IN ('malformed', 'unknown')"

fact = Table(
    "fact",
    metadata,
    Column("kiosk", Key, nullable=False),
    Column("epoch", Key, nullable=False),
    Column("seq", big_number(), nullable=False),
    Column("fact_key", Key),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("status", String, nullable=False),
    Column("position", big_number(), nullable=False),
    Column("reasons", document(), nullable=False),
    Column("place", String, nullable=False),
    Column("problem", String, nullable=False),
    Column("digest", LargeBinary(32)),
    Column("loan", Key),
    Column("chain", LargeBinary(32)),
    Column("happened_at", Instant),
    Column("error_ms", big_number()),
    PrimaryKeyConstraint("kiosk", "epoch", "seq"),
    UniqueConstraint("fact_key"),
    Index(None, "loan", sqlite_where=text(_OF_A_LOAN), postgresql_where=text(_OF_A_LOAN)),
    Index("ix_fact_unread", "received_at", sqlite_where=text(_UNREAD), postgresql_where=text(_UNREAD)),
)
"""Every fact as it came, with its first result. A malformed one has no key that can be trusted.

``digest`` is the SHA-256 of ``body``: it tells a retry from another body when the body itself has been cut to nothing, as it is when
the link between patron and item goes. ``loan`` is the loan it is about, until then. ``chain`` is the value of the kiosk's chain after it,
none from a program without one.

``happened_at`` is when it happened by the registry's clock, give or take ``error_ms``; without that it is what the kiosk's own clock
said, and nobody knows how far off that was.
"""

flagged_fact = Table(
    "flagged_fact",
    metadata,
    Column("fact_key", Key, ForeignKey("fact.fact_key"), primary_key=True),
    Column("reasons", document(), nullable=False),
    Column("loan", Key),
    Column("patron", Key),
    Column("item", Key),
    Column("other_loan", Key),
)
"""What a flagged fact is about. ``other_loan`` is the item's open loan that the flagged one collides with (I4).

Staff decide it as the case that has the same key (``staff_case.id``). Some time after they have, the four keys become null, and so does
what they wrote (``registry.exchange.retention``).
"""

item_return = Table(
    "item_return",
    metadata,
    Column("fact_key", Key, primary_key=True),
    Column("item", Key, nullable=False, index=True),
    Column("kiosk", Key, nullable=False),
    Column("returned_at", Instant, nullable=False),
    Column("error_ms", big_number()),
    Column("heard_at", Instant, nullable=False, index=True),
)
"""When items came back and where: a loan that is heard of late may have been over before. Names nobody; goes after a while."""

feed = Table(
    "feed",
    metadata,
    Column("seq", big_number(), primary_key=True, autoincrement=False),
    Column("table_name", String, nullable=False),
    Column("row_key", String, nullable=False),
    Column("branch", String),
    Column("at", Instant, nullable=False),
)
"""Dense, in commit order. ``branch`` is who may see the row; null is every branch."""

feed_head = Table(
    "feed_head",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("feed", Key, nullable=False),
    Column("n", big_number(), nullable=False),
    Column("kept_from", big_number(), nullable=False),
    Column("key_mark", LargeBinary(32)),
    Column("run", Key),
    CheckConstraint('"only" = 1', name="one_row"),
)
"""The counter row: ``n`` is the last number given. Changes up to and including ``kept_from`` are no longer kept.
``key_mark`` is that of the registry's keys (``RegistryKeys.mark``): with others, every card key would be a stranger's. ``run`` is the run under way."""

feed_run = Table(
    "feed_run",
    metadata,
    Column("number", big_number(), primary_key=True),
    Column("run", Key, nullable=False),
    Column("feed", Key, nullable=False),
    Column("starts", big_number(), nullable=False),
    Column("begun_at", Instant, nullable=False),
    UniqueConstraint("run"),
    sqlite_autoincrement=True,
)
"""One run of the service over the feed: ``starts`` is the last number before it. It ends where the next one starts. What kiosks were told
in a run and what lies beyond its end here was lost (``registry.exchange.store_runs``)."""

snapshot = Table(
    "snapshot",
    metadata,
    Column("version", big_number(), primary_key=True),
    Column("branch", String, ForeignKey("branch.code"), nullable=False, index=True),
    Column("begun_at", Instant, nullable=False),
    Column("name", String),
    Column("position", big_number()),
    Column("manifest", LargeBinary),
    Column("signature", LargeBinary),
    UniqueConstraint("name"),
    sqlite_autoincrement=True,
)
"""A version is taken when the build begins, the rest is filled in when the file is in place."""
