"""Cards with their origin, former cards, loss reports, card cases, PINs and their codes, names to search by."""

import unicodedata

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, document

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AT_ONCE = 10_000


def upgrade() -> None:
    """Go forward."""
    op.add_column("card", sa.Column("bound_at", Instant(), nullable=True))
    op.add_column("card", sa.Column("source", sa.String(), server_default="library", nullable=False))
    op.add_column("patron", sa.Column("folded_name", sa.String(), server_default=sa.text("''"), nullable=False))
    _fold_names()
    with op.batch_alter_table("patron") as batch_op:
        batch_op.create_index(batch_op.f("ix_patron_folded_name"), ["folded_name"], unique=False)

    op.create_table(
        "former_card",
        sa.Column("card_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("bound_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=False),
        sa.Column("replaced_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("batch", Key(), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["roster_batch.id"], name=op.f("fk_former_card_batch_roster_batch")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_former_card_patron_patron")),
        sa.PrimaryKeyConstraint("card_key", "ended_at", name=op.f("pk_former_card")),
    )
    with op.batch_alter_table("former_card") as batch_op:
        batch_op.create_index(batch_op.f("ix_former_card_patron"), ["patron"], unique=False)

    op.execute(
        "INSERT INTO former_card (card_key, patron, kind, ended_at, actor, batch) "
        "SELECT r.card_key, r.patron, 'easycard', b.loaded_at, b.actor, r.batch FROM replaced_number r JOIN roster_batch b ON b.id = r.batch"
    )
    op.drop_table("replaced_number")

    op.create_table(
        "card_loss_report",
        sa.Column("id", Key(), nullable=False),
        sa.Column("card_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("reported_at", Instant(), nullable=False),
        sa.Column("reporter", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=True),
        sa.Column("identity", document(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("restored_at", Instant(), nullable=True),
        sa.Column("restored_by", sa.String(), nullable=True),
        sa.Column("restored_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_card_loss_report_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_loss_report")),
    )
    with op.batch_alter_table("card_loss_report") as batch_op:
        batch_op.create_index(batch_op.f("ix_card_loss_report_card_key"), ["card_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_card_loss_report_patron"), ["patron"], unique=False)

    op.create_table(
        "card_case",
        sa.Column("id", Key(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("other_patron", Key(), nullable=False),
        sa.Column("card_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["other_patron"], ["patron.id"], name=op.f("fk_card_case_other_patron_patron")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_card_case_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_case")),
    )
    with op.batch_alter_table("card_case") as batch_op:
        batch_op.create_index(batch_op.f("ix_card_case_kind_patron_card_key"), ["kind", "patron", "card_key"], unique=True)

    op.create_table(
        "pin",
        sa.Column("patron", Key(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_pin_patron_patron")),
        sa.PrimaryKeyConstraint("patron", name=op.f("pk_pin")),
    )
    op.create_table(
        "pin_code",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_pin_code_patron_patron")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_pin_code")),
    )
    with op.batch_alter_table("pin_code") as batch_op:
        batch_op.create_index(batch_op.f("ix_pin_code_patron"), ["patron"], unique=True)


def _fold_names() -> None:
    """As ``registry.enrolment.names.folded`` folded when this revision was written."""
    connection = op.get_bind()
    patron = sa.table("patron", sa.column("id", Key()), sa.column("name", sa.String()), sa.column("folded_name", sa.String()))
    change = sa.update(patron).where(patron.c.id == sa.bindparam("key")).values(folded_name=sa.bindparam("folded"))
    page = sa.select(patron.c.id, patron.c.name).order_by(patron.c.id).limit(_AT_ONCE)
    rows = connection.execute(page).all()
    while rows:
        connection.execute(change, [{"key": key, "folded": _folded(name)} for key, name in rows])
        rows = connection.execute(page.where(patron.c.id > rows[-1].id)).all()


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def downgrade() -> None:
    """Go back. Numbers that no roster replaced have no place in the tables before: they are forgotten."""
    with op.batch_alter_table("pin_code") as batch_op:
        batch_op.drop_index(batch_op.f("ix_pin_code_patron"))

    op.drop_table("pin_code")
    op.drop_table("pin")
    with op.batch_alter_table("card_case") as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_case_kind_patron_card_key"))

    op.drop_table("card_case")
    with op.batch_alter_table("card_loss_report") as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_loss_report_patron"))
        batch_op.drop_index(batch_op.f("ix_card_loss_report_card_key"))

    op.drop_table("card_loss_report")
    op.create_table(
        "replaced_number",
        sa.Column("card_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("batch", Key(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["roster_batch.id"], name=op.f("fk_replaced_number_batch_roster_batch")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_replaced_number_patron_patron")),
        sa.PrimaryKeyConstraint("card_key", name=op.f("pk_replaced_number")),
    )
    op.execute(
        "INSERT INTO replaced_number (card_key, patron, batch) SELECT f.card_key, f.patron, f.batch FROM former_card f "
        "WHERE f.batch IS NOT NULL AND f.ended_at = (SELECT max(g.ended_at) FROM former_card g WHERE g.card_key = f.card_key)"
    )
    with op.batch_alter_table("former_card") as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_card_patron"))

    op.drop_table("former_card")
    with op.batch_alter_table("patron") as batch_op:
        batch_op.drop_index(batch_op.f("ix_patron_folded_name"))

    op.drop_column("patron", "folded_name")
    op.drop_column("card", "source")
    op.drop_column("card", "bound_at")
