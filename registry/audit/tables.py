"""The tables of the audit trail. Entries are only ever added at the end and, past their term, cut from the front."""

from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from registry.columns import Instant, Key, big_number, document, metadata

audit = Table(
    "audit",
    metadata,
    Column("seq", big_number(), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("detail", document(), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_autoincrement=True,
)
"""``seq`` is dense. ``digest`` is of what the entry says and whom it is about, ``hash`` binds it to its number and to the entry before it."""

audit_subject = Table(
    "audit_subject",
    metadata,
    Column("seq", big_number(), nullable=False),
    Column("patron", Key, nullable=False, index=True),
    PrimaryKeyConstraint("seq", "patron"),
    sqlite_with_rowid=False,
)
"""Whom an entry is about. No foreign keys: what was done stays on record when a patron is not."""

audit_head = Table(
    "audit_head",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("seq", big_number(), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("plain_to", big_number(), nullable=False),
    CheckConstraint('"only" = 1', name="one_row"),
)
"""The last entry. Those up to and including ``plain_to`` are older than the chain and were chained without a key."""

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("kind", String, nullable=False),
    Column("seq", big_number(), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("plain_to", big_number(), nullable=False),
    Column("at", Instant, nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
    PrimaryKeyConstraint("kind", "seq"),
)
"""What the registry has signed of the chain: ``head``, it ended so at that moment; ``cut``, entries up to and including this one are gone."""
