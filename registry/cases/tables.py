"""The table of cases."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table

from registry.columns import Instant, Key, big_number, document, metadata

staff_case = Table(
    "staff_case",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String, nullable=False),
    Column("same", LargeBinary(32), nullable=False),
    Column("patron", Key, ForeignKey("patron.id"), index=True),
    Column("other_patron", Key, ForeignKey("patron.id"), index=True),
    Column("branch", String, ForeignKey("branch.code")),
    Column("batch", Key, ForeignKey("roster_batch.id"), index=True),
    Column("row_number", big_number()),
    Column("asks", document(), nullable=False),
    Column("known", document(), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", String, nullable=False),
    Column("settled_at", Instant),
    Column("decision", String),
    Column("decided_by", String),
    Column("because", String),
    Column("assignee", String),
    Column("assigned_by", String),
    Index(None, "same", unique=True),
    Index(None, "settled_at", "opened_at"),
)
"""A question with both sides: ``asks`` is what somebody sent or wants, ``known`` what the registry has.

``same`` is equal for the same question: nobody is asked twice. ``branch`` is whose staff should look, where one is known;
``batch`` and ``row_number`` say which row of which roster asks. Once it is settled, both sides are emptied; ``because`` (what
staff wrote) and the patrons stay until the case itself is forgotten.
"""

case_undo = Table(
    "case_undo",
    metadata,
    Column("case", Key, ForeignKey("staff_case.id"), primary_key=True),
    Column("until", Instant, nullable=False, index=True),
    Column("key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""How to undo a decision: what the case and the rows that the decision touched were before and after, under a key of its own.

``key`` is itself sealed by the registry's key. The row goes when ``until`` has passed: then nobody can read what it held.
"""
