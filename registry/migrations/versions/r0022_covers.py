"""Covers of card keys, and which of them each kiosk was told last."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "cover",
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )
    op.create_table(
        "told_cover",
        sa.Column("kiosk", Key(), sa.ForeignKey("kiosk.id"), primary_key=True),
        sa.Column("version", sa.Integer(), sa.ForeignKey("cover.version"), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("told_cover")
    op.drop_table("cover")
