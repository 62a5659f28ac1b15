"""The way of a hold through the house."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ADDED = (("at_branch", sa.String()), ("moved_at", Instant()), ("suspended_until", sa.Date()))


def upgrade() -> None:
    """Go forward. What lies ready was seen at its pick-up branch; nobody noted when."""
    for table in ("hold", "served_hold"):
        for name, kind in _ADDED:
            op.add_column(table, sa.Column(name, kind, nullable=True))
        of_holds = sa.table(table, *map(sa.column, ("pickup", "state", "at_branch")))
        op.execute(of_holds.update().where(of_holds.c.state == "ready").values(at_branch=of_holds.c.pickup))
    op.create_index(op.f("ix_hold_pickup_state"), "hold", ["pickup", "state"])
    op.create_index(op.f("ix_hold_at_branch"), "hold", ["at_branch"])
    op.create_table(
        "hold_task",
        sa.Column("item", Key(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("shelf", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_hold_task_branch_branch")),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_hold_task_item_item")),
        sa.PrimaryKeyConstraint("item", "branch", name=op.f("pk_hold_task")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_hold_task_branch"), "hold_task", ["branch"])
    op.create_table(
        "no_show",
        sa.Column("id", Key(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_no_show_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_show")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_no_show_patron"), "no_show", ["patron"])
    op.create_index(op.f("ix_no_show_ended_on"), "no_show", ["ended_on"])
    op.create_table(
        "notice",
        sa.Column("id", Key(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", Key(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("told_at", Instant(), nullable=True),
        sa.Column("told_by", sa.String(), nullable=True),
        sa.Column("route", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_notice_branch_branch")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_notice_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_notice_patron"), "notice", ["patron"])
    op.create_index(op.f("ix_notice_about"), "notice", ["about"])
    op.create_index(op.f("ix_notice_branch_told_at"), "notice", ["branch", "told_at"])


def downgrade() -> None:
    """Go back. The tables before know only who waits and what lies ready: what is on its way is waited for again."""
    op.execute("UPDATE item SET held_for = NULL WHERE status = 'in_transit'")
    op.drop_table("notice")
    op.drop_table("no_show")
    op.drop_table("hold_task")
    op.drop_index(op.f("ix_hold_at_branch"), "hold")
    op.drop_index(op.f("ix_hold_pickup_state"), "hold")
    for table in ("hold", "served_hold"):
        of_holds = sa.table(table, *map(sa.column, ("state", "item", "shelf")))
        coming = of_holds.c.state.in_(["set_aside", "in_transit"])
        op.execute(of_holds.update().where(coming).values(state="waiting", item=sa.null(), shelf=""))
        for name, _ in reversed(_ADDED):
            op.drop_column(table, name)
