"""Offline terms as the registry signed them, what was wrong with the last ones told, the clock's doubt, the age of the feed.

The types are spelled out: what a released revision does must not follow today's tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "v0005"
down_revision = "v0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table. An older ledger was never told any terms, and never doubted its clock."""
    op.add_column("device", sa.Column("terms_problem", sa.String, nullable=False, server_default=""))
    op.add_column("device", sa.Column("terms_problem_at", sa.Integer))
    op.add_column("device", sa.Column("clock_doubted", sa.Integer))
    op.add_column("device", sa.Column("clock_doubted_at", sa.Integer))
    op.add_column("device", sa.Column("feed_age", sa.Integer))
    op.add_column("device", sa.Column("feed_age_of", sa.Integer))
    op.create_table(
        "offline_terms",
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("statement", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("received_at", sa.Integer, nullable=False),
        sa.Column("begun", sa.Boolean(create_constraint=False), nullable=False),
    )
