"""Partners that speak for themselves, and the devices of mobile cards."""

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "partner",
        sa.Column("id", Key(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("registered_at", Instant(), nullable=False),
        sa.Column("registered_by", sa.String(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
    )
    with op.batch_alter_table("partner") as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_public_key"), ["public_key"], unique=True)

    op.create_table(
        "partner_request",
        sa.Column("partner", Key(), nullable=False),
        sa.Column("request", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["partner"], ["partner.id"], name=op.f("fk_partner_request_partner_partner")),
        sa.PrimaryKeyConstraint("partner", "request", name=op.f("pk_partner_request")),
    )
    with op.batch_alter_table("partner_request") as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_request_at"), ["at"], unique=False)

    op.create_table(
        "mobile_device",
        sa.Column("id", Key(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("app", Key(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signed_in_at", Instant(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.Column("signed_out_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["app"], ["partner.id"], name=op.f("fk_mobile_device_app_partner")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_mobile_device_patron_patron"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mobile_device")),
    )
    with op.batch_alter_table("mobile_device") as batch_op:
        batch_op.create_index(batch_op.f("ix_mobile_device_patron"), ["patron"], unique=False)
        batch_op.create_index(batch_op.f("ix_mobile_device_token_digest"), ["token_digest"], unique=True)

    op.create_table(
        "mobile_key",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("signs_from", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_mobile_key")),
    )


def downgrade() -> None:
    """Go back. Every device is signed out, and the keys of mobile codes are forgotten."""
    op.drop_table("mobile_key")
    with op.batch_alter_table("mobile_device") as batch_op:
        batch_op.drop_index(batch_op.f("ix_mobile_device_token_digest"))
        batch_op.drop_index(batch_op.f("ix_mobile_device_patron"))

    op.drop_table("mobile_device")
    with op.batch_alter_table("partner_request") as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_request_at"))

    op.drop_table("partner_request")
    with op.batch_alter_table("partner") as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_public_key"))

    op.drop_table("partner")
