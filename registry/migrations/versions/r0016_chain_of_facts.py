"""The chain of a kiosk's facts, when each happened and how sure that is; a ledger that is heard again; returns as they were heard."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, big_number

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. Nobody knows the chain of what came before, or how far off its clock was."""
    op.add_column("fact", sa.Column("chain", sa.LargeBinary(32), nullable=True))
    op.add_column("fact", sa.Column("happened_at", Instant(), nullable=True))
    op.add_column("fact", sa.Column("error_ms", big_number(), nullable=True))
    op.add_column("ledger", sa.Column("heard_again_at", Instant(), nullable=True))
    op.create_table(
        "item_return",
        sa.Column("fact_key", Key(), nullable=False),
        sa.Column("item", Key(), nullable=False),
        sa.Column("kiosk", Key(), nullable=False),
        sa.Column("returned_at", Instant(), nullable=False),
        sa.Column("error_ms", big_number(), nullable=True),
        sa.Column("heard_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("fact_key", name=op.f("pk_item_return")),
    )
    op.create_index(op.f("ix_item_return_item"), "item_return", ["item"])
    op.create_index(op.f("ix_item_return_heard_at"), "item_return", ["heard_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("item_return")
    op.drop_column("ledger", "heard_again_at")
    for name in ("error_ms", "happened_at", "chain"):
        op.drop_column("fact", name)
