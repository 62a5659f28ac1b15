"""Holds, returns, and what is needed to forget who had what: loans without a patron, facts without a body."""

import hashlib
import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000
_TO_CUT = "patron IS NOT NULL AND closed_at IS NOT NULL"
_OF_A_LOAN = "loan IS NOT NULL"
_UNREAD = "status IN ('malformed', 'unknown')"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "hold",
        sa.Column("id", Key(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("item", Key(), nullable=True),
        sa.Column("pickup", sa.String(), nullable=False),
        sa.Column("shelf", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("placed_at", Instant(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_hold_item_item")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_hold_patron_patron")),
        sa.ForeignKeyConstraint(["pickup"], ["branch.code"], name=op.f("fk_hold_pickup_branch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_hold_patron"), "hold", ["patron"])
    op.create_index(op.f("ix_hold_item"), "hold", ["item"])
    op.create_index(op.f("ix_hold_title"), "hold", ["title"], postgresql_using="hash")
    op.create_table(
        "served_hold",
        sa.Column("id", Key(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("item", Key(), nullable=True),
        sa.Column("pickup", sa.String(), nullable=False),
        sa.Column("shelf", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("placed_at", Instant(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("loan", Key(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_served_hold_item_item")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_served_hold_patron_patron")),
        sa.ForeignKeyConstraint(["pickup"], ["branch.code"], name=op.f("fk_served_hold_pickup_branch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_served_hold")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_served_hold_loan"), "served_hold", ["loan"])
    op.create_index(op.f("ix_item_title"), "item", ["title"], postgresql_using="hash")
    _change_loans(patron_needed=False)
    op.create_index("ix_loan_to_cut", "loan", ["closed_at"], sqlite_where=sa.text(_TO_CUT), postgresql_where=sa.text(_TO_CUT))
    op.add_column("flagged_fact", sa.Column("settled_by", sa.String(), nullable=True))
    op.add_column("flagged_fact", sa.Column("settled_because", sa.String(), nullable=True))
    op.add_column("fact", sa.Column("digest", sa.LargeBinary(32), nullable=True))
    op.add_column("fact", sa.Column("loan", Key(), nullable=True))
    _read_facts()
    op.create_index(op.f("ix_fact_loan"), "fact", ["loan"], sqlite_where=sa.text(_OF_A_LOAN), postgresql_where=sa.text(_OF_A_LOAN))
    op.create_index("ix_fact_unread", "fact", ["received_at"], sqlite_where=sa.text(_UNREAD), postgresql_where=sa.text(_UNREAD))


def downgrade() -> None:
    """Go back. Loans whose patron was cut, and what the bytes of facts were that were cut, have no place in the tables before."""
    op.drop_index("ix_fact_unread", "fact")
    op.drop_index(op.f("ix_fact_loan"), "fact")
    op.drop_column("fact", "loan")
    op.drop_column("fact", "digest")
    op.drop_column("flagged_fact", "settled_because")
    op.drop_column("flagged_fact", "settled_by")
    op.drop_index("ix_loan_to_cut", "loan")
    op.execute("DELETE FROM loan WHERE patron IS NULL")
    _change_loans(patron_needed=True)
    op.drop_index(op.f("ix_item_title"), "item")
    op.drop_table("served_hold")
    op.drop_table("hold")


def _change_loans(*, patron_needed: bool) -> None:
    """SQLite can't change a column: there the table is made anew. No other table names a loan."""
    with op.batch_alter_table("loan", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.alter_column("patron", existing_type=Key(), nullable=not patron_needed)
        if patron_needed:
            batch_op.drop_column("returned_at")
        else:
            batch_op.add_column(sa.Column("returned_at", Instant(), nullable=True))


def _read_facts() -> None:
    """Note of every fact what its bytes are and which loan it is about."""
    connection = op.get_bind()
    fact = sa.table("fact", *(sa.column(name, Key()) for name in ("kiosk", "epoch", "loan")), *map(sa.column, ("seq", "status", "body")))
    fact.append_column(sa.column("digest", sa.LargeBinary(32)))
    place = sa.tuple_(fact.c.kiosk, fact.c.epoch, fact.c.seq)
    here = [fact.c[name] == sa.bindparam(f"of_{name}") for name in ("kiosk", "epoch", "seq")]
    change = sa.update(fact).where(*here).values(digest=sa.bindparam("new_digest"), loan=sa.bindparam("new_loan"))
    first = sa.select(fact.c.kiosk, fact.c.epoch, fact.c.seq, fact.c.status, fact.c.body).order_by(fact.c.kiosk, fact.c.epoch, fact.c.seq)
    rows = connection.execute(first.limit(_AT_ONCE)).all()
    while rows:
        found = [
            {
                "of_kiosk": row.kiosk,
                "of_epoch": row.epoch,
                "of_seq": row.seq,
                "new_digest": hashlib.sha256(row.body).digest() if row.body else None,
                "new_loan": _loan_of(row.body) if row.body and row.status in {"accepted", "flagged"} else None,
            }
            for row in rows
        ]
        connection.execute(change, found)
        last = rows[-1]
        after = place > sa.tuple_(sa.literal(last.kiosk, Key()), sa.literal(last.epoch, Key()), sa.literal(last.seq))
        rows = connection.execute(first.where(after).limit(_AT_ONCE)).all()


def _loan_of(body: bytes) -> UUID | None:
    envelope: Any = json.loads(body)
    loan = envelope["fact"].get("loan")
    return None if loan is None else UUID(loan)
