"""Returns, renewals and loss reports: what each does to a loan of the overlay, the items' statuses, the cards that are refused; the feed.

The types are spelled out: what a released revision does must not follow today's tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "v0003"
down_revision = "v0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the tables. Every loan that an older ledger holds was lent at this kiosk."""
    op.add_column("device", sa.Column("feed", sa.LargeBinary(16)))
    no, yes = sa.text("0"), sa.text("1")
    op.add_column("local_loan", sa.Column("renewals", sa.Integer, nullable=False, server_default="0"))
    op.add_column("local_loan", sa.Column("barcode", sa.String, nullable=False, server_default=""))
    op.add_column("local_loan", sa.Column("branch", sa.String, nullable=False, server_default=""))
    op.add_column("local_loan", sa.Column("wanted", sa.Boolean(create_constraint=False), nullable=False, server_default=no))
    op.add_column("local_loan", sa.Column("lent_here", sa.Boolean(create_constraint=False), nullable=False, server_default=yes))
    op.add_column("local_loan", sa.Column("returned", sa.Boolean(create_constraint=False), nullable=False, server_default=no))
    op.add_column("local_loan", sa.Column("renewed_in", sa.Integer))
    op.create_table(
        "local_loss",
        sa.Column("card", sa.LargeBinary(16), primary_key=True),
        sa.Column("patron", sa.LargeBinary(16), nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer),
        sa.Column("changed", sa.Integer),
    )
    op.create_table(
        "local_item",
        sa.Column("item", sa.LargeBinary(16), primary_key=True),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer),
    )
