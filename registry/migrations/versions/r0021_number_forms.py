"""How senders write card numbers, as found by comparing cards."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "calibrated_form",
        sa.Column("sender", sa.String(), primary_key=True),
        sa.Column("number_form", sa.String(), nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("calibrated_form")
