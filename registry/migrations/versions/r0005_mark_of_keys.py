"""A library remembers its keys by a mark, so that it is never opened with another one's."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. The mark is written when the library is opened next."""
    with op.batch_alter_table("feed_head") as batch:
        batch.add_column(sa.Column("key_mark", sa.LargeBinary(32)))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("feed_head") as batch:
        batch.drop_column("key_mark")
