"""Lost cards that were shown to a kiosk."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "found_card",
        sa.Column("id", Key(), nullable=False),
        sa.Column("card_key", sa.LargeBinary(16), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("first_at", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_found_card_branch_branch")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_found_card_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_found_card")),
    )
    op.create_index(op.f("ix_found_card_card_key"), "found_card", ["card_key"])
    op.create_index(op.f("ix_found_card_patron"), "found_card", ["patron"])
    op.create_index(op.f("ix_found_card_branch_settled_at"), "found_card", ["branch", "settled_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("found_card")
