"""Cases for staff in one table, and what happened to every card."""

import hashlib
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, big_number, document

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000


def upgrade() -> None:
    """Go forward. What is known of the cards so far begins their history."""
    op.create_table(
        "staff_case",
        sa.Column("id", Key(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("same", sa.LargeBinary(32), nullable=False),
        sa.Column("patron", Key(), nullable=True),
        sa.Column("other_patron", Key(), nullable=True),
        sa.Column("branch", sa.String(), nullable=True),
        sa.Column("batch", Key(), nullable=True),
        sa.Column("row_number", big_number(), nullable=True),
        sa.Column("asks", document(), nullable=False),
        sa.Column("known", document(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_staff_case_patron_patron")),
        sa.ForeignKeyConstraint(["other_patron"], ["patron.id"], name=op.f("fk_staff_case_other_patron_patron")),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_staff_case_branch_branch")),
        sa.ForeignKeyConstraint(["batch"], ["roster_batch.id"], name=op.f("fk_staff_case_batch_roster_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_case")),
    )
    op.create_index(op.f("ix_staff_case_same"), "staff_case", ["same"], unique=True)
    op.create_index(op.f("ix_staff_case_settled_at_opened_at"), "staff_case", ["settled_at", "opened_at"])
    for column in ("patron", "other_patron", "batch"):
        op.create_index(op.f(f"ix_staff_case_{column}"), "staff_case", [column])
    op.execute(
        "INSERT INTO staff_case (id, kind, same, patron, other_patron, batch, row_number, asks, known, opened_at, opened_by, settled_at) "
        "SELECT c.id, c.kind, c.same, c.patron, c.other_patron, c.batch, c.row_number, c.row_says, c.registry_says, c.opened_at, "
        "b.actor, c.settled_at FROM roster_case c JOIN roster_batch b ON b.id = c.batch"
    )
    _take_cases_of_cards()
    op.drop_table("roster_case")
    op.drop_table("card_case")
    op.create_table(
        "card_event",
        sa.Column("seq", big_number(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("card_key", sa.LargeBinary(16), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("batch", Key(), nullable=True),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_card_event_patron_patron")),
        sa.ForeignKeyConstraint(["batch"], ["roster_batch.id"], name=op.f("fk_card_event_batch_roster_batch")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_card_event")),
        sqlite_autoincrement=True,
    )
    for column in ("patron", "card_key", "batch"):
        op.create_index(op.f(f"ix_card_event_{column}"), "card_event", [column])
    op.execute(f"INSERT INTO card_event (at, patron, kind, card_key, event, channel, actor, batch) {_KNOWN}")


_KNOWN = """
SELECT at, patron, kind, card_key, event, channel, actor, batch FROM (
    SELECT ended_at AS at, patron, kind, card_key, 'replaced' AS event, CASE WHEN batch IS NULL THEN 'desk' ELSE 'roster' END AS channel,
           actor, batch, 3 AS turn FROM former_card
    UNION ALL
    SELECT bound_at, patron, kind, card_key, 'bound', source, 'before', NULL, 0 FROM card WHERE bound_at IS NOT NULL
    UNION ALL
    SELECT bound_at, patron, kind, card_key, 'bound', 'library', 'before', NULL, 0 FROM former_card WHERE bound_at IS NOT NULL
    UNION ALL
    SELECT r.reported_at, r.patron, c.kind, r.card_key, 'reported_lost', r.channel, r.reporter, NULL, 1
      FROM card_loss_report r JOIN card c ON c.card_key = r.card_key
    UNION ALL
    SELECT r.restored_at, r.patron, c.kind, r.card_key, 'restored', 'desk', r.restored_by, NULL, 2
      FROM card_loss_report r JOIN card c ON c.card_key = r.card_key WHERE r.restored_at IS NOT NULL
) AS known ORDER BY at, turn
"""


def _take_cases_of_cards() -> None:
    connection = op.get_bind()
    old = sa.table(
        "card_case",
        *_columns(("id", Key()), ("kind", sa.String()), ("patron", Key()), ("other_patron", Key()), ("card_key", sa.LargeBinary())),
        *_columns(("opened_at", Instant()), ("actor", sa.String()), ("settled_at", Instant())),
    )
    new = sa.table(
        "staff_case",
        *_columns(("id", Key()), ("kind", sa.String()), ("same", sa.LargeBinary()), ("patron", Key()), ("other_patron", Key())),
        *_columns(("asks", document()), ("known", document()), ("opened_at", Instant()), ("opened_by", sa.String())),
        *_columns(("settled_at", Instant())),
    )
    rows = connection.execute(sa.select(old)).all()
    for begin in range(0, len(rows), _AT_ONCE):
        connection.execute(sa.insert(new), [_case_of(row) for row in rows[begin : begin + _AT_ONCE]])


def _columns(*described: tuple[str, Any]) -> Iterable[sa.ColumnClause[Any]]:
    return [sa.column(name, kind) for name, kind in described]


def _case_of(row: sa.Row[Any]) -> dict[str, Any]:
    """The number is not known here: only its key was kept."""
    return {
        "id": row.id,
        "kind": row.kind,
        "same": hashlib.sha256(row.kind.encode() + row.patron.bytes + row.card_key).digest(),
        "patron": row.patron,
        "other_patron": row.other_patron,
        "asks": {},
        "known": {},
        "opened_at": row.opened_at,
        "opened_by": row.actor,
        "settled_at": row.settled_at,
    }


def downgrade() -> None:
    """Go back. Cases that no roster opened have no place in the tables before: they are forgotten, and so is every card's history."""
    op.drop_table("card_event")
    op.create_table(
        "card_case",
        sa.Column("id", Key(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("other_patron", Key(), nullable=False),
        sa.Column("card_key", sa.LargeBinary(16), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["other_patron"], ["patron.id"], name=op.f("fk_card_case_other_patron_patron")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_card_case_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_case")),
    )
    op.create_index(op.f("ix_card_case_kind_patron_card_key"), "card_case", ["kind", "patron", "card_key"], unique=True)
    op.create_table(
        "roster_case",
        sa.Column("id", Key(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("same", sa.LargeBinary(32), nullable=False),
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
    op.create_index(op.f("ix_roster_case_same"), "roster_case", ["same"], unique=True)
    op.execute(
        "INSERT INTO roster_case (id, kind, same, batch, row_number, patron, other_patron, row_says, registry_says, opened_at, settled_at) "
        "SELECT id, kind, same, batch, row_number, patron, other_patron, asks, known, opened_at, settled_at FROM staff_case "
        "WHERE batch IS NOT NULL AND row_number IS NOT NULL"
    )
    op.drop_table("staff_case")
