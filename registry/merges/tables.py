"""The tables of merges, and of the national IDs that they leave behind."""

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table

from registry.columns import Instant, Key, document, metadata

merge = Table(
    "merge",
    metadata,
    Column("id", Key, primary_key=True),
    Column("vanished", Key, nullable=False, index=True),
    Column("into", Key, nullable=False),
    Column("survivor", Key, ForeignKey("patron.id"), nullable=False, index=True),
    Column("merged_at", Instant, nullable=False),
    Column("actor", String, nullable=False),
    Column("because", String),
    Column("counts", document(), nullable=False),
    Column("until", Instant, nullable=False),
    Column("key", LargeBinary),
    Column("sealed", LargeBinary),
    Column("undone_at", Instant),
    Column("undone_by", String),
    Column("undone_because", String),
)
"""``vanished`` is the key of the account that is gone from ``patron``, ``into`` the one it became at the time, ``survivor`` the one
that it is today: another, when ``into`` has itself become somebody else's.

``sealed`` holds both accounts as they were, under the merge's own ``key`` (itself sealed). Both become null when it can no longer be
undone (``until``), and so does what staff wrote; that the two keys are one person stays on record: kiosks may still name the old one.
"""

national_id_alias = Table(
    "national_id_alias",
    metadata,
    Column("national_id", String, primary_key=True),
    Column("patron", Key, ForeignKey("patron.id"), nullable=False, index=True),
    Column("merge", Key, ForeignKey("merge.id")),
)
"""Another national ID or resident number of a patron: of an account that became this one, or by a decided case (no ``merge``)."""
