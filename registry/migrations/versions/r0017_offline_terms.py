"""Offline terms: what kiosks may do without the registry, as it was signed."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "offline_terms",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_offline_terms")),
    )


def downgrade() -> None:
    """Go back. Kiosks go on by the terms that they hold."""
    op.drop_table("offline_terms")
