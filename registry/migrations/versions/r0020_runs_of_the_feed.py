"""The runs of the feed: what a registry that was put back to a backup has forgotten shows by them."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, big_number

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "feed_run",
        sa.Column("number", big_number(), nullable=False),
        sa.Column("run", Key(), nullable=False),
        sa.Column("feed", Key(), nullable=False),
        sa.Column("starts", big_number(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_feed_run")),
        sa.UniqueConstraint("run", name=op.f("uq_feed_run_run")),
        sqlite_autoincrement=True,
    )
    op.add_column("feed_head", sa.Column("run", Key(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("feed_head") as batch:
        batch.drop_column("run")
    op.drop_table("feed_run")
