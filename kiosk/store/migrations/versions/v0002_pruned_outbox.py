"""Answered facts are pruned: when each was answered, up to where the outbox was pruned, and a short way to the unanswered.

The types are spelled out: what a released revision does must not follow today's tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "v0002"
down_revision = "v0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the index. What was answered before counts as answered when it happened."""
    op.add_column("outbox", sa.Column("answered_at", sa.Integer))
    op.add_column("device", sa.Column("pruned_seq", sa.Integer, nullable=False, server_default="0"))
    op.execute('UPDATE outbox SET answered_at = "at" WHERE status IS NOT NULL')
    op.create_index("outbox_unanswered", "outbox", ["status"], sqlite_where=sa.text("status IS NULL"))
