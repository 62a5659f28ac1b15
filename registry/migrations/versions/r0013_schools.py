"""Schools in their school years, deadlines, progress."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, document

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLES = (
    *("contact_handback", "contact_waiting", "contact_completion", "contact_batch_school", "contact_batch", "contact_deadline"),
    "school_year_assignment",
)


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
    op.create_table(
        "contact_deadline",
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("semester", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("school_year", "semester", name=op.f("pk_contact_deadline")),
    )
    op.create_table(
        "contact_batch",
        sa.Column("batch", Key(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("checked_at", Instant(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=False),
        sa.Column("semester", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["roster_batch.id"], name=op.f("fk_contact_batch_batch_roster_batch")),
        sa.PrimaryKeyConstraint("batch", name=op.f("pk_contact_batch")),
    )
    op.create_table(
        "contact_batch_school",
        sa.Column("batch", Key(), nullable=False),
        sa.Column("school", sa.String(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["contact_batch.batch"], name=op.f("fk_contact_batch_school_batch_contact_batch")),
        sa.ForeignKeyConstraint(["school"], ["school.code"], name=op.f("fk_contact_batch_school_school_school")),
        sa.PrimaryKeyConstraint("batch", "school", name=op.f("pk_contact_batch_school")),
    )
    op.create_table(
        "contact_completion",
        sa.Column("patron", Key(), nullable=False),
        sa.Column("completed_at", Instant(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=False),
        sa.Column("checked_at", Instant(), nullable=False),
        sa.Column("batch", Key(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["roster_batch.id"], name=op.f("fk_contact_completion_batch_roster_batch")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_contact_completion_patron_patron"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("patron", name=op.f("pk_contact_completion")),
    )
    op.create_table(
        "contact_waiting",
        sa.Column("tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("batch", Key(), nullable=False),
        sa.Column("school", sa.String(), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["roster_batch.id"], name=op.f("fk_contact_waiting_batch_roster_batch")),
        sa.ForeignKeyConstraint(["school"], ["school.code"], name=op.f("fk_contact_waiting_school_school")),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_contact_waiting")),
    )
    op.create_table(
        "contact_handback",
        sa.Column("batch", Key(), nullable=False),
        sa.Column("handed_back_on", sa.Date(), nullable=False),
        sa.Column("school", sa.String(), nullable=True),
        sa.Column("row_numbers", document(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["roster_batch.id"], name=op.f("fk_contact_handback_batch_roster_batch")),
        sa.ForeignKeyConstraint(["school"], ["school.code"], name=op.f("fk_contact_handback_school_school")),
        sa.PrimaryKeyConstraint("batch", "handed_back_on", name=op.f("pk_contact_handback")),
    )


def downgrade() -> None:
    """Go back."""
    for table in _TABLES:
        op.drop_table(table)
