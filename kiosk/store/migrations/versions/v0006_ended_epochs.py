"""The epochs that ended within a ledger, as long as facts of theirs are held: they are sent again, too, when the registry was put back.

The types are spelled out: what a released revision does must not follow today's tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "v0006"
down_revision = "v0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. What an older program ended has no name here: those facts were answered, are never sent again, and go within a week."""
    op.create_table(
        "ended_epoch",
        sa.Column("base", sa.Integer, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("epoch", sa.LargeBinary(16), nullable=False),
    )
    op.execute("UPDATE outbox SET position = 0 WHERE position IS NULL AND seq <= (SELECT epoch_base FROM device)")
