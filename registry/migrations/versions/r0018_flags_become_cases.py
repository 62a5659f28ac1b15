"""Flagged facts become cases: what staff look at, decide and undo is one pile."""

import hashlib
import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, document

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_OLD = sa.table(
    "flagged_fact",
    sa.column("fact_key", Key()),
    sa.column("branch", sa.String()),
    sa.column("flagged_at", Instant()),
    sa.column("reasons", document()),
    sa.column("loan", Key()),
    sa.column("patron", Key()),
    sa.column("other_loan", Key()),
    sa.column("settled_at", Instant()),
    sa.column("settled_by", sa.String()),
    sa.column("settled_because", sa.String()),
)
_FACT = sa.table("fact", sa.column("fact_key", Key()), sa.column("kiosk", Key()), sa.column("body", sa.LargeBinary()))
_LOAN = sa.table("loan", sa.column("id", Key()), sa.column("patron", Key()))
_PATRON = sa.table("patron", sa.column("id", Key()))
_CASE = sa.table(
    "staff_case",
    *(sa.column(name, Key()) for name in ("id", "patron", "other_patron")),
    *(sa.column(name, sa.String()) for name in ("kind", "branch", "opened_by", "decision", "decided_by", "because")),
    sa.column("same", sa.LargeBinary()),
    *(sa.column(name, document()) for name in ("asks", "known")),
    *(sa.column(name, Instant()) for name in ("opened_at", "settled_at")),
)
_UNDO = sa.table("case_undo", sa.column("case", Key()))
_SETTLED = ("settled_at", "settled_by", "settled_because")
_UNKNOWN = {"patron_unknown", "item_unknown", "loan_unknown"}


def upgrade() -> None:
    """Go forward."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(_OLD, _FACT.c.kiosk, _FACT.c.body).join(_FACT, _FACT.c.fact_key == _OLD.c.fact_key)).all():
        who = _persons(connection, row)
        case = {
            "id": row.fact_key,
            "kind": _kind(row),
            "same": hashlib.sha256(b"fact" + row.fact_key.bytes).digest(),
            "patron": who[0],
            "other_patron": who[1],
            "branch": row.branch,
            "opened_by": f"kiosk:{row.kiosk}",
            "opened_at": row.flagged_at,
            "asks": {},
            "known": {},
            "settled_at": row.settled_at,
            "decision": None if row.settled_at is None else "looked_at",
            "decided_by": row.settled_by,
            "because": row.settled_because,
        }
        connection.execute(sa.insert(_CASE), case)
    with op.batch_alter_table("flagged_fact") as flags:
        flags.drop_index("ix_flagged_fact_branch_settled_at")
        for name in ("branch", "flagged_at", *_SETTLED):
            flags.drop_column(name)


def _persons(connection: sa.Connection, row: sa.Row[Any]) -> tuple[UUID | None, UUID | None]:
    found = [row.patron] if connection.execute(sa.select(_PATRON.c.id).where(_PATRON.c.id == row.patron)).first() else []
    for key in (row.loan, row.other_loan):
        found += connection.execute(sa.select(_LOAN.c.patron).where(_LOAN.c.id == key, _LOAN.c.patron.is_not(None))).scalars()
    first, other, *_ = (*dict.fromkeys(found), None, None)
    return first, other


def _kind(row: sa.Row[Any]) -> str:
    """As ``registry.exchange.conflicts`` judged when this revision was made; of a fact that is forgotten by its reasons alone."""
    reasons = set(row.reasons)
    try:
        fact = json.loads(row.body)["fact"]["type"]
    except (ValueError, KeyError, TypeError):
        fact = ""
    if reasons == {"patron_merged"}:
        return "account_merged"
    by_reason = {"loan_stays_open": "returned_still_lent", "several_loans": "returned_of_several"}
    found = next((kind for reason, kind in by_reason.items() if reason in reasons), None)
    if found is not None or fact == "checked_in":
        return found or "returned_unknown"
    if fact == "card_reported_lost":
        return "loss_in_doubt"
    if reasons & _UNKNOWN:
        return "lent_unknown"
    if fact == "renewed":
        return "renewed_in_doubt"
    if row.other_loan is not None:
        return "lent_twice"
    return "lent_by_card_in_doubt" if reasons & {"card_unknown", "card_lost"} else "lent_against_rules"


def downgrade() -> None:
    """Go back. What was decided is told as settled; the ways back are forgotten, and so is who had which case."""
    connection = op.get_bind()
    with op.batch_alter_table("flagged_fact") as flags:
        flags.add_column(sa.Column("branch", sa.String(), nullable=True))
        flags.add_column(sa.Column("flagged_at", Instant(), nullable=True))
        flags.add_column(sa.Column("settled_at", Instant(), nullable=True))
        flags.add_column(sa.Column("settled_by", sa.String(), nullable=True))
        flags.add_column(sa.Column("settled_because", sa.String(), nullable=True))
    keys = sa.select(_OLD.c.fact_key)
    for case in connection.execute(sa.select(_CASE).where(_CASE.c.id.in_(keys))).all():
        settled = {"settled_at": case.settled_at, "settled_by": case.decided_by, "settled_because": case.because}
        values = {"branch": case.branch, "flagged_at": case.opened_at, **settled}
        connection.execute(sa.update(_OLD).where(_OLD.c.fact_key == case.id).values(**values))
    connection.execute(sa.delete(_UNDO).where(_UNDO.c.case.in_(keys)))
    connection.execute(sa.delete(_CASE).where(_CASE.c.id.in_(keys)))
    with op.batch_alter_table("flagged_fact") as flags:
        flags.alter_column("branch", existing_type=sa.String(), nullable=False)
        flags.alter_column("flagged_at", existing_type=Instant(), nullable=False)
        flags.create_index("ix_flagged_fact_branch_settled_at", ["branch", "settled_at"])
