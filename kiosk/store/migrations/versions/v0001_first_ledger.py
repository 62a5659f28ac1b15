"""The first ledger: outbox, overlay, device.

The types are spelled out: what a released revision does must not follow today's tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "v0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "outbox",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("key", sa.LargeBinary(16), nullable=False, unique=True),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.String),
        sa.Column("position", sa.Integer),
        sa.Column("reasons", sa.JSON),
        sa.Column("place", sa.String),
        sa.Column("problem", sa.String),
    )
    op.create_table(
        "local_loan",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("patron", sa.LargeBinary(16), nullable=False),
        sa.Column("item", sa.LargeBinary(16), nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("lent_at", sa.Integer, nullable=False),
        sa.Column("period", sa.Integer),
        sa.Column("put_back", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer),
    )
    op.create_index("local_loan_of_patron", "local_loan", ["patron"])
    op.create_index("local_loan_of_item", "local_loan", ["item"])
    op.create_table(
        "device",
        sa.Column("only", sa.Integer, primary_key=True),
        sa.Column("epoch", sa.LargeBinary(16), nullable=False),
        sa.Column("made_at", sa.Integer, nullable=False),
        sa.Column("heard_at", sa.Integer),
        sa.Column("snapshot_version", sa.Integer, nullable=False),
        sa.Column("problem", sa.String, nullable=False),
        sa.Column("problem_at", sa.Integer),
    )
