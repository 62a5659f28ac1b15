"""What each kiosk last said of its devices."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, document

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "kiosk_health",
        sa.Column("kiosk", Key(), sa.ForeignKey("kiosk.id"), primary_key=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("reported_at", Instant(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("devices", document(), nullable=False),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("kiosk_health")
