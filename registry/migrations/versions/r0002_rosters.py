"""Rosters: schools, pupils, contact data, consents, batches, cases, what waits, numbers that were replaced."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, big_number, document

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "roster_batch",
        sa.Column("id", Key(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("form_version", sa.String(), nullable=True),
        sa.Column("cohort", sa.String(), nullable=True),
        sa.Column("loaded_at", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("counts", document(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_batch")),
    )
    op.create_table(
        "roster_waiting",
        sa.Column("tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_roster_waiting")),
    )
    op.create_table(
        "consent",
        sa.Column("patron", Key(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("batch", Key(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["roster_batch.id"], name=op.f("fk_consent_batch_roster_batch")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_consent_patron_patron")),
        sa.PrimaryKeyConstraint("patron", "school_year", name=op.f("pk_consent")),
    )
    op.create_table(
        "contact",
        sa.Column("patron", Key(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("mobile", sa.String(), nullable=True),
        sa.Column("postal_code", sa.String(), nullable=True),
        sa.Column("guardian", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_contact_patron_patron")),
        sa.PrimaryKeyConstraint("patron", name=op.f("pk_contact")),
    )
    op.create_table(
        "pupil",
        sa.Column("patron", Key(), nullable=False),
        sa.Column("school", sa.String(), nullable=True),
        sa.Column("school_phone", sa.String(), nullable=True),
        sa.Column("student_number", sa.String(), nullable=True),
        sa.Column("household_address", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_pupil_patron_patron")),
        sa.PrimaryKeyConstraint("patron", name=op.f("pk_pupil")),
    )
    op.create_table(
        "replaced_number",
        sa.Column("card_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("batch", Key(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["roster_batch.id"], name=op.f("fk_replaced_number_batch_roster_batch")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_replaced_number_patron_patron")),
        sa.PrimaryKeyConstraint("card_key", name=op.f("pk_replaced_number")),
    )
    op.create_table(
        "roster_case",
        sa.Column("id", Key(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("same", sa.LargeBinary(length=32), nullable=False),
        sa.Column("batch", Key(), nullable=False),
        sa.Column("row_number", big_number(), nullable=False),
        sa.Column("patron", Key(), nullable=True),
        sa.Column("other_patron", Key(), nullable=True),
        sa.Column("row_says", document(), nullable=False),
        sa.Column("registry_says", document(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["roster_batch.id"], name=op.f("fk_roster_case_batch_roster_batch")),
        sa.ForeignKeyConstraint(["other_patron"], ["patron.id"], name=op.f("fk_roster_case_other_patron_patron")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_roster_case_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_case")),
    )
    with op.batch_alter_table("roster_case") as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_case_same"), ["same"], unique=True)

    op.create_table(
        "school",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_school_branch_branch")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_school")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("school")
    with op.batch_alter_table("roster_case") as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_case_same"))

    op.drop_table("roster_case")
    op.drop_table("replaced_number")
    op.drop_table("pupil")
    op.drop_table("contact")
    op.drop_table("consent")
    op.drop_table("roster_waiting")
    op.drop_table("roster_batch")
