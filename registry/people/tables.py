"""The tables of applications, guardians, families, withdrawals, and codes that wait for a message."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, text

from registry.columns import Instant, Key, document, metadata

account_rule = Table(
    "account_rule",
    metadata,
    Column("effective_from", Date, primary_key=True),
    Column("adult_from", Integer, nullable=False),
    Column("guardian_below", Integer, nullable=False),
    Column("one_tick_from", Integer, nullable=False),
    Column("papers", document(), nullable=False),
    Column("source", String, nullable=False),
)
"""From which ages who signs, and which papers a desk accepts, from a date on; ``source`` says who decided."""

desk_application = Table(
    "desk_application",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False),
    Column("branch", String, ForeignKey("branch.code"), nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("served_by", String, nullable=False),
    Column("papers", String, nullable=False),
    Column("signed_by", String, nullable=False),
    Column("proxy_name", String),
    Column("proxy_relation", String),
    Column("proxy_papers", document()),
    Index(None, "patron", unique=True),
)
"""Who applied at a desk (Q8-b): the types of the papers that were seen, never a copy nor their numbers."""

guardian = Table(
    "guardian",
    metadata,
    Column("id", Key, primary_key=True),
    Column("child", Key, ForeignKey("patron.id"), nullable=False, index=True),
    Column("adult", Key, ForeignKey("patron.id"), index=True),
    Column("name", String),
    Column("phone", String),
    Column("relation", String, nullable=False),
    Column("papers", String, nullable=False),
    Column("since_at", Instant, nullable=False),
    Column("linked_by", String, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String),
)
"""A child's guardian: a patron (``adult``), or somebody with a name and a telephone."""

family_member = Table(
    "family_member",
    metadata,
    Column("family", Key, ForeignKey("patron.id"), nullable=False),
    Column("member", Key, ForeignKey("patron.id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    PrimaryKeyConstraint("family", "member", "since"),
    Index(None, "member"),
)
"""Who belongs to a family account (R20), from the first to the last day."""

_PENDING = "ended_at IS NULL"

withdrawal = Table(
    "withdrawal",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False, index=True),
    Column("received_at", Instant, nullable=False),
    Column("signed_by", String, nullable=False),
    Column("guardian", Key),
    Column("actor", String, nullable=False),
    Column("branch", String),
    Column("block", Key),
    Column("ended_at", Instant),
    Column("outcome", String),
    Index("ix_withdrawal_pending", "patron", unique=True, sqlite_where=text(_PENDING), postgresql_where=text(_PENDING)),
)
"""Consent taken back (R11): pending until nothing is open. ``guardian`` is who signed, by the key of the link; ``block`` stops borrowing meanwhile."""

code_message = Table(
    "code_message",
    metadata,
    Column("id", Key, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("taken_at", Instant),
    Index(None, "patron"),
)
"""The outbox of codes by text message: who is to get one. The code is made when the message is taken to be sent, and stands nowhere."""
