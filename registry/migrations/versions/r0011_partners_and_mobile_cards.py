"""Partners that speak for themselves, and the devices of mobile cards."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "partner",
        sa.Column("id", Key(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("registered_at", Instant(), nullable=False),
        sa.Column("registered_by", sa.String(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
    )
    with op.batch_alter_table("partner") as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_public_key"), ["public_key"], unique=True)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("partner") as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_public_key"))

    op.drop_table("partner")
