"""The first tables, the audit trail among them."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, big_number, document

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "audit",
        sa.Column("seq", big_number(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", document(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit") as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_at"), ["at"], unique=False)

    op.create_table(
        "branch",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_branch")),
    )
    op.create_table(
        "fact",
        sa.Column("kiosk", Key(), nullable=False),
        sa.Column("epoch", Key(), nullable=False),
        sa.Column("seq", big_number(), nullable=False),
        sa.Column("fact_key", Key(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("position", big_number(), nullable=False),
        sa.Column("reasons", document(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", "epoch", "seq", name=op.f("pk_fact")),
        sa.UniqueConstraint("fact_key", name=op.f("uq_fact_fact_key")),
    )
    op.create_table(
        "feed",
        sa.Column("seq", big_number(), autoincrement=False, nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_feed")),
    )
    op.create_table(
        "feed_head",
        sa.Column("only", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("feed", Key(), nullable=False),
        sa.Column("n", big_number(), nullable=False),
        sa.Column("kept_from", big_number(), nullable=False),
        sa.CheckConstraint('"only" = 1', name=op.f("ck_feed_head_one_row")),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_feed_head")),
    )
    op.create_table(
        "patron",
        sa.Column("id", Key(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("national_id", sa.String(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("masked_name", sa.String(), nullable=False),
        sa.Column("patron_class", sa.String(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("contact_complete", sa.Boolean(), nullable=False),
        sa.Column("regular_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patron")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("patron") as batch_op:
        batch_op.create_index(batch_op.f("ix_patron_national_id"), ["national_id"], unique=True)

    op.create_table(
        "rule_set",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by_class", document(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rule_set")),
    )
    op.create_table(
        "block",
        sa.Column("id", Key(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_block_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("block") as batch_op:
        batch_op.create_index(batch_op.f("ix_block_patron"), ["patron"], unique=False)

    op.create_table(
        "calendar",
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("weekly", document(), nullable=False),
        sa.Column("closed", document(), nullable=False),
        sa.Column("closed_monthly", document(), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_calendar_branch_branch")),
        sa.PrimaryKeyConstraint("branch", name=op.f("pk_calendar")),
    )
    op.create_table(
        "card",
        sa.Column("id", Key(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("card_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_card_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("card") as batch_op:
        batch_op.create_index(batch_op.f("ix_card_card_key"), ["card_key"], unique=True)
        batch_op.create_index(batch_op.f("ix_card_patron_kind"), ["patron", "kind"], unique=True)
        batch_op.create_index(batch_op.f("ix_card_uid"), ["uid"], unique=True)

    op.create_table(
        "enrolment_code",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("kiosk", Key(), nullable=True),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_enrolment_code_branch_branch")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_enrolment_code")),
    )
    op.create_table(
        "flagged_fact",
        sa.Column("fact_key", Key(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("flagged_at", Instant(), nullable=False),
        sa.Column("reasons", document(), nullable=False),
        sa.Column("loan", Key(), nullable=True),
        sa.Column("patron", Key(), nullable=True),
        sa.Column("item", Key(), nullable=True),
        sa.Column("other_loan", Key(), nullable=True),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["fact_key"], ["fact.fact_key"], name=op.f("fk_flagged_fact_fact_key_fact")),
        sa.PrimaryKeyConstraint("fact_key", name=op.f("pk_flagged_fact")),
    )
    with op.batch_alter_table("flagged_fact") as batch_op:
        batch_op.create_index(batch_op.f("ix_flagged_fact_branch_settled_at"), ["branch", "settled_at"], unique=False)

    op.create_table(
        "item",
        sa.Column("id", Key(), nullable=False),
        sa.Column("barcode", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("held_for", Key(), nullable=True),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_item_branch_branch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("item") as batch_op:
        batch_op.create_index(batch_op.f("ix_item_barcode"), ["barcode"], unique=True)
        batch_op.create_index(batch_op.f("ix_item_branch"), ["branch"], unique=False)

    op.create_table(
        "kiosk",
        sa.Column("id", Key(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("enrolled_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_kiosk_branch_branch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
    )
    op.create_table(
        "snapshot",
        sa.Column("version", big_number(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("position", big_number(), nullable=True),
        sa.Column("manifest", sa.LargeBinary(), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_snapshot_branch_branch")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("name", name=op.f("uq_snapshot_name")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("snapshot") as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_branch"), ["branch"], unique=False)

    op.create_table(
        "ledger",
        sa.Column("kiosk", Key(), nullable=False),
        sa.Column("epoch", Key(), nullable=False),
        sa.Column("last_seq", big_number(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.id"], name=op.f("fk_ledger_kiosk_kiosk")),
        sa.PrimaryKeyConstraint("kiosk", "epoch", name=op.f("pk_ledger")),
    )
    op.create_table(
        "loan",
        sa.Column("id", Key(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("item", Key(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("lent_at", Instant(), nullable=False),
        sa.Column("renewals", sa.Integer(), nullable=False),
        sa.Column("kiosk", Key(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_loan_item_item")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_loan_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("loan") as batch_op:
        batch_op.create_index(batch_op.f("ix_loan_item_closed_at"), ["item", "closed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_loan_patron_closed_at"), ["patron", "closed_at"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("loan") as batch_op:
        batch_op.drop_index(batch_op.f("ix_loan_patron_closed_at"))
        batch_op.drop_index(batch_op.f("ix_loan_item_closed_at"))

    op.drop_table("loan")
    op.drop_table("ledger")
    with op.batch_alter_table("snapshot") as batch_op:
        batch_op.drop_index(batch_op.f("ix_snapshot_branch"))

    op.drop_table("snapshot")
    op.drop_table("kiosk")
    with op.batch_alter_table("item") as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_branch"))
        batch_op.drop_index(batch_op.f("ix_item_barcode"))

    op.drop_table("item")
    with op.batch_alter_table("flagged_fact") as batch_op:
        batch_op.drop_index(batch_op.f("ix_flagged_fact_branch_settled_at"))

    op.drop_table("flagged_fact")
    op.drop_table("enrolment_code")
    with op.batch_alter_table("card") as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_uid"))
        batch_op.drop_index(batch_op.f("ix_card_patron_kind"))
        batch_op.drop_index(batch_op.f("ix_card_card_key"))

    op.drop_table("card")
    op.drop_table("calendar")
    with op.batch_alter_table("block") as batch_op:
        batch_op.drop_index(batch_op.f("ix_block_patron"))

    op.drop_table("block")
    op.drop_table("rule_set")
    with op.batch_alter_table("patron") as batch_op:
        batch_op.drop_index(batch_op.f("ix_patron_national_id"))

    op.drop_table("patron")
    op.drop_table("feed_head")
    op.drop_table("feed")
    op.drop_table("fact")
    op.drop_table("branch")
    with op.batch_alter_table("audit") as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_at"))

    op.drop_table("audit")
