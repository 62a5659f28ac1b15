"""Decisions of cases, duplicates that became one patron, and back."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, document

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OF_CASES = ("decision", "decided_by", "because", "assignee", "assigned_by")


def upgrade() -> None:
    """Go forward."""
    for name in _OF_CASES:
        op.add_column("staff_case", sa.Column(name, sa.String(), nullable=True))
    op.create_table(
        "case_undo",
        sa.Column("case", Key(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["staff_case.id"], name=op.f("fk_case_undo_case_staff_case")),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_case_undo")),
    )
    op.create_index(op.f("ix_case_undo_until"), "case_undo", ["until"])
    op.create_table(
        "merge",
        sa.Column("id", Key(), nullable=False),
        sa.Column("vanished", Key(), nullable=False),
        sa.Column("into", Key(), nullable=False),
        sa.Column("survivor", Key(), nullable=False),
        sa.Column("merged_at", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=True),
        sa.Column("counts", document(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["survivor"], ["patron.id"], name=op.f("fk_merge_survivor_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_index(op.f("ix_merge_vanished"), "merge", ["vanished"])
    op.create_index(op.f("ix_merge_survivor"), "merge", ["survivor"])
    op.create_table(
        "national_id_alias",
        sa.Column("national_id", sa.String(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("merge", Key(), nullable=True),
        sa.ForeignKeyConstraint(["merge"], ["merge.id"], name=op.f("fk_national_id_alias_merge_merge")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_national_id_alias_patron_patron")),
        sa.PrimaryKeyConstraint("national_id", name=op.f("pk_national_id_alias")),
    )
    op.create_index(op.f("ix_national_id_alias_patron"), "national_id_alias", ["patron"])


def downgrade() -> None:
    """Go back. Who became one patron stays so; who decided what, and the ways back, are forgotten."""
    op.drop_table("national_id_alias")
    op.drop_table("merge")
    op.drop_table("case_undo")
    with op.batch_alter_table("staff_case") as cases:
        for name in _OF_CASES:
            cases.drop_column(name)
