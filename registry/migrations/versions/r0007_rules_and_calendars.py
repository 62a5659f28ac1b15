"""Lending rules and opening days as dated data; suspensions."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, big_number, document

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_DAYS = ("weekly", "closed", "closed_monthly")


def upgrade() -> None:
    """Go forward."""
    for column in (sa.Column("recorded_at", Instant()), sa.Column("recorded_by", sa.String()), sa.Column("because", sa.String())):
        op.add_column("rule_set", column)
    for name, kind, empty in (("special", document(), "'{}'"), ("later", document(), "'[]'"), ("desk_minutes", sa.Integer(), "0")):
        op.add_column("calendar", sa.Column(name, kind, nullable=False, server_default=sa.text(empty)))
    op.create_table(
        "calendar_change",
        sa.Column("seq", big_number(), nullable=False),
        sa.Column("branch", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("document", document(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_calendar_change_branch_branch")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_calendar_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_calendar_change_branch"), "calendar_change", ["branch"])
    op.create_table(
        "late_return",
        sa.Column("id", big_number(), nullable=False),
        sa.Column("loan", Key(), nullable=True),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_late_return_patron_patron")),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_late_return_branch_branch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_return")),
        sa.UniqueConstraint("loan", name=op.f("uq_late_return_loan")),
    )
    op.create_index(op.f("ix_late_return_patron"), "late_return", ["patron"])
    op.create_index(op.f("ix_late_return_returned_on"), "late_return", ["returned_on"])
    op.create_table(
        "suspension_credit",
        sa.Column("id", big_number(), nullable=False),
        sa.Column("late_return", big_number(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["late_return"], ["late_return.id"], name=op.f("fk_suspension_credit_late_return_late_return")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension_credit")),
    )
    op.create_index(op.f("ix_suspension_credit_late_return"), "suspension_credit", ["late_return"])
    op.create_table(
        "suspension",
        sa.Column("patron", Key(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_suspension_patron_patron")),
        sa.PrimaryKeyConstraint("patron", name=op.f("pk_suspension")),
        sqlite_with_rowid=False,
    )
    _keep_calendars()


def downgrade() -> None:
    """Go back. Special openings and other regular hours have no place in the table before; what follows from closures stays."""
    for name in ("suspension", "suspension_credit", "late_return", "calendar_change"):
        op.drop_table(name)
    for table, names in (("calendar", ("desk_minutes", "later", "special")), ("rule_set", ("because", "recorded_by", "recorded_at"))):
        with op.batch_alter_table(table) as batch_op:
            for name in names:
                batch_op.drop_column(name)


def _keep_calendars() -> None:
    """Each calendar on record is the base of what changes from now on."""
    connection = op.get_bind()
    calendar = sa.table("calendar", sa.column("branch", sa.String()), *(sa.column(name, document()) for name in _DAYS))
    change = sa.table(
        "calendar_change",
        *(sa.column(name, sa.String()) for name in ("branch", "kind", "reason", "source", "by")),
        sa.column("starts", sa.Date()),
        sa.column("document", document()),
        sa.column("at", Instant()),
    )
    bases = [
        {
            "branch": row.branch,
            "kind": "base",
            "starts": date.min,
            "document": {"branch": row.branch, **{name: getattr(row, name) for name in _DAYS}},
            "reason": "",
            "source": "on record before changes were kept",
            "at": datetime.now(UTC),
            "by": "migration",
        }
        for row in connection.execute(sa.select(calendar))
    ]
    if bases:
        connection.execute(sa.insert(change), bases)
