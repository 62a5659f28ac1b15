"""Applications, guardians, families, withdrawal."""

from datetime import date

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, document

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_PENDING = "ended_at IS NULL"
_NOT_OVERWRITTEN = "overwritten_at IS NULL"
_PAPERS = [
    *("national_id_card", "household_certificate", "household_transcript", "health_card"),
    *("driving_licence", "passport", "resident_certificate"),
]
_ASSUMED = "under 12 and the list of papers: assumed, for the library to confirm"
_TAKES_PART = "(EXISTS (SELECT 1 FROM consent c WHERE c.patron = patron.id) OR EXISTS (SELECT 1 FROM pupil p WHERE p.patron = patron.id))"
_OLD_CARD = "EXISTS (SELECT 1 FROM card k WHERE k.patron = patron.id AND k.source = 'library')"
_OLD_NUMBER = "EXISTS (SELECT 1 FROM former_card f WHERE f.patron = patron.id AND f.bound_at IS NULL)"
_DESK_CARD = (
    "EXISTS (SELECT 1 FROM card k WHERE k.patron = patron.id AND k.source = 'desk' "
    "AND NOT EXISTS (SELECT 1 FROM former_card f WHERE f.replaced_by = k.card_key))"
)


def upgrade() -> None:
    """Go forward. Accounts that the programme alone brought are told from those that were there before, as far as the cards tell."""
    op.add_column("patron", sa.Column("basis", sa.String(), server_default="before", nullable=False))
    op.add_column("contact", sa.Column("source", sa.String(), server_default="school", nullable=False))
    op.execute("UPDATE patron SET basis = 'family' WHERE patron_class = 'family'")
    personal = f"patron_class <> 'family' AND {_TAKES_PART} AND NOT {_OLD_CARD} AND NOT {_OLD_NUMBER}"
    op.execute(f"UPDATE patron SET basis = 'desk' WHERE {personal} AND {_DESK_CARD}")  # noqa: S608 - words of this file
    op.execute(f"UPDATE patron SET basis = 'programme' WHERE {personal} AND NOT {_DESK_CARD}")  # noqa: S608 - words of this file
    op.create_table(
        "account_end",
        sa.Column("patron", Key(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("overwritten_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_account_end_patron_patron")),
        sa.PrimaryKeyConstraint("patron", name=op.f("pk_account_end")),
    )
    waiting = sa.text(_NOT_OVERWRITTEN)
    op.create_index(op.f("ix_account_end_ended_at"), "account_end", ["ended_at"], sqlite_where=waiting, postgresql_where=waiting)
    _make_rules()
    _make_desk()
    _make_families()
    _make_withdrawals()


def _make_rules() -> None:
    rules = op.create_table(
        "account_rule",
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("adult_from", sa.Integer(), nullable=False),
        sa.Column("guardian_below", sa.Integer(), nullable=False),
        sa.Column("one_tick_from", sa.Integer(), nullable=False),
        sa.Column("papers", document(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("effective_from", name=op.f("pk_account_rule")),
    )
    fixed = {"guardian_below": 12, "one_tick_from": 114, "papers": _PAPERS}
    before = f"adults at 20: Civil Code art. 12 until 2022-12-31; {_ASSUMED}"
    since = f"adults at 18: Civil Code art. 12 since 2023-01-01; one tick from school year 114: the programme (Q4-d); {_ASSUMED}"
    op.bulk_insert(
        rules,
        [
            {"effective_from": date(2000, 1, 1), "adult_from": 20, "source": before, **fixed},
            {"effective_from": date(2023, 1, 1), "adult_from": 18, "source": since, **fixed},
        ],
    )


def _make_desk() -> None:
    op.create_table(
        "desk_application",
        sa.Column("id", Key(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("applied_at", Instant(), nullable=False),
        sa.Column("served_by", sa.String(), nullable=False),
        sa.Column("papers", sa.String(), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.Column("proxy_name", sa.String(), nullable=True),
        sa.Column("proxy_relation", sa.String(), nullable=True),
        sa.Column("proxy_papers", document(), nullable=True),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_desk_application_branch_branch")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_desk_application_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_application")),
    )
    op.create_index(op.f("ix_desk_application_patron"), "desk_application", ["patron"], unique=True)
    op.create_table(
        "guardian",
        sa.Column("id", Key(), nullable=False),
        sa.Column("child", Key(), nullable=False),
        sa.Column("adult", Key(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("papers", sa.String(), nullable=False),
        sa.Column("since_at", Instant(), nullable=False),
        sa.Column("linked_by", sa.String(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["adult"], ["patron.id"], name=op.f("fk_guardian_adult_patron")),
        sa.ForeignKeyConstraint(["child"], ["patron.id"], name=op.f("fk_guardian_child_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
    )
    op.create_index(op.f("ix_guardian_child"), "guardian", ["child"])
    op.create_index(op.f("ix_guardian_adult"), "guardian", ["adult"])
    op.create_table(
        "code_message",
        sa.Column("id", Key(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("taken_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_code_message_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_message")),
    )
    op.create_index(op.f("ix_code_message_patron"), "code_message", ["patron"])


def _make_families() -> None:
    op.create_table(
        "family_member",
        sa.Column("family", Key(), nullable=False),
        sa.Column("member", Key(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["family"], ["patron.id"], name=op.f("fk_family_member_family_patron")),
        sa.ForeignKeyConstraint(["member"], ["patron.id"], name=op.f("fk_family_member_member_patron")),
        sa.PrimaryKeyConstraint("family", "member", "since", name=op.f("pk_family_member")),
    )
    op.create_index(op.f("ix_family_member_member"), "family_member", ["member"])


def _make_withdrawals() -> None:
    op.create_table(
        "withdrawal",
        sa.Column("id", Key(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.Column("guardian", Key(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=True),
        sa.Column("block", Key(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_withdrawal_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
    )
    op.create_index(op.f("ix_withdrawal_patron"), "withdrawal", ["patron"])
    pending = sa.text(_PENDING)
    op.create_index("ix_withdrawal_pending", "withdrawal", ["patron"], unique=True, sqlite_where=pending, postgresql_where=pending)


def downgrade() -> None:
    """Go back. What was applied for, who is whose guardian or family, and which consents were taken back has no place in the tables before."""
    for table in ("withdrawal", "family_member", "code_message", "guardian", "desk_application", "account_rule", "account_end"):
        op.drop_table(table)
    op.drop_column("contact", "source")
    op.drop_column("patron", "basis")
