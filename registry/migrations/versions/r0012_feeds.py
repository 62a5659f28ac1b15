"""Staged batches, their keys, mappings, how new a word is, and undoing."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, document

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OF_BATCHES = (
    "sender",
    "channel",
    "state",
    "schools",
    "names_consent",
    "staged_key",
    "undo_key",
    "undo_until",
    "approved_by",
    "closed_at",
    "closed_by",
)


def upgrade() -> None:
    """Go forward. What was committed before kept nothing to undo it with."""
    op.add_column("roster_batch", sa.Column("sender", sa.String(), nullable=True))
    op.add_column("roster_batch", sa.Column("channel", sa.String(), server_default="file", nullable=False))
    op.add_column("roster_batch", sa.Column("state", sa.String(), server_default="committed", nullable=False))
    op.add_column("roster_batch", sa.Column("schools", document(), nullable=True))
    op.add_column("roster_batch", sa.Column("names_consent", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("roster_batch", sa.Column("staged_key", sa.LargeBinary(), nullable=True))
    op.add_column("roster_batch", sa.Column("undo_key", sa.LargeBinary(), nullable=True))
    op.add_column("roster_batch", sa.Column("undo_until", Instant(), nullable=True))
    op.add_column("roster_batch", sa.Column("approved_by", sa.String(), nullable=True))
    op.add_column("roster_batch", sa.Column("closed_at", Instant(), nullable=True))
    op.add_column("roster_batch", sa.Column("closed_by", sa.String(), nullable=True))
    op.execute("UPDATE roster_batch SET undo_until = loaded_at, closed_at = loaded_at, closed_by = actor")
    op.create_index(op.f("ix_roster_batch_state_loaded_at"), "roster_batch", ["state", "loaded_at"])
    for name in ("roster_staged", "roster_effect"):
        op.create_table(
            name,
            sa.Column("batch", Key(), nullable=False),
            sa.Column("piece", sa.Integer(), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(["batch"], ["roster_batch.id"], name=op.f(f"fk_{name}_batch_roster_batch")),
            sa.PrimaryKeyConstraint("batch", "piece", name=op.f(f"pk_{name}")),
        )
    op.create_table(
        "roster_sender",
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number_form", sa.String(), nullable=False),
        sa.Column("mapping", document(), nullable=False),
        sa.Column("read", document(), nullable=False),
        sa.Column("headings", document(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sender", "kind", name=op.f("pk_roster_sender")),
    )
    op.create_table(
        "bureau_request",
        sa.Column("key", Key(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_bureau_request")),
    )
    op.create_index(op.f("ix_bureau_request_at"), "bureau_request", ["at"])
    op.create_table(
        "bureau_card",
        sa.Column("card_key", sa.LargeBinary(16), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_bureau_card_patron_patron")),
        sa.PrimaryKeyConstraint("card_key", name=op.f("pk_bureau_card")),
    )
    op.create_index(op.f("ix_bureau_card_patron"), "bureau_card", ["patron"])
    op.create_table(
        "feed_word",
        sa.Column("patron", Key(), nullable=False),
        sa.Column("card_as_of", sa.Date(), nullable=True),
        sa.Column("contact_year", sa.Integer(), nullable=True),
        sa.Column("pupil_years", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_feed_word_patron_patron")),
        sa.PrimaryKeyConstraint("patron", name=op.f("pk_feed_word")),
    )


def downgrade() -> None:
    """Go back. Batches that wait, and what undoing needs, have no place in the tables before; a batch that changed nothing yet goes."""
    for name in ("feed_word", "bureau_card", "bureau_request", "roster_sender", "roster_effect", "roster_staged"):
        op.drop_table(name)
    waiting = "SELECT id FROM roster_batch WHERE state <> 'committed'"
    for table in ("staff_case", "card_event", "former_card"):
        op.execute(f"UPDATE {table} SET batch = NULL WHERE batch IN ({waiting})")  # noqa: S608 - names of ours
    for table in ("consent", "source_notice"):
        op.execute(f"DELETE FROM {table} WHERE batch IN ({waiting})")  # noqa: S608 - names of ours
    op.execute("DELETE FROM roster_batch WHERE state <> 'committed'")
    op.drop_index(op.f("ix_roster_batch_state_loaded_at"), "roster_batch")
    for name in _OF_BATCHES:
        op.drop_column("roster_batch", name)  # in place: others refer to the table, which could not be made anew
