"""Schools in their school years, deadlines, progress."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "school_year_assignment",
        sa.Column("school", sa.String(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("assigned_at", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_school_year_assignment_branch_branch")),
        sa.ForeignKeyConstraint(["school"], ["school.code"], name=op.f("fk_school_year_assignment_school_school")),
        sa.PrimaryKeyConstraint("school", "school_year", name=op.f("pk_school_year_assignment")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("school_year_assignment")
