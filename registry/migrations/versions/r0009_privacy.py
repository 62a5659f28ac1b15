"""The chained trail, who read whom, requests of people about their data."""

import hashlib
import hmac
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from registry.columns import Instant, Key, big_number, document

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000
_PENDING = "given_at IS NULL"
_ACT = date(2012, 10, 1)
_TERMS = (
    ("access", _ACT, 15, 15, "個人資料保護法第 13 條第 1 項"),
    ("copy", _ACT, 15, 15, "個人資料保護法第 13 條第 1 項"),
    ("correction", _ACT, 30, 30, "個人資料保護法第 13 條第 2 項"),
    ("stop_processing", _ACT, 30, 30, "個人資料保護法第 13 條第 2 項"),
    ("erasure", _ACT, 30, 30, "個人資料保護法第 13 條第 2 項"),
    ("breach", _ACT, 3, 0, "個人資料保護法第 12 條，知悉後 72 小時內通報"),
    ("trail", _ACT, 184, 0, "資通安全責任等級分級辦法附表十，日誌至少保存六個月"),
)
"""Days, days more, and where it is written."""


def upgrade() -> None:
    """Go forward. The entries that are there are chained without a key; the first checkpoint seals them."""
    op.create_table(
        "audit_subject",
        sa.Column("seq", big_number(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "patron", name=op.f("pk_audit_subject")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_audit_subject_patron"), "audit_subject", ["patron"])
    op.create_table(
        "audit_head",
        sa.Column("only", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", big_number(), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("plain_to", big_number(), nullable=False),
        sa.CheckConstraint('"only" = 1', name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("seq", big_number(), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("plain_to", big_number(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sa.PrimaryKeyConstraint("kind", "seq", name=op.f("pk_audit_checkpoint")),
    )
    op.add_column("audit", sa.Column("digest", sa.LargeBinary(32), nullable=True))
    op.add_column("audit", sa.Column("hash", sa.LargeBinary(32), nullable=True))
    _make_the_privacy_desk()
    _number_densely()
    _chain()
    with op.batch_alter_table("audit", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("digest", existing_type=sa.LargeBinary(32), nullable=False)
        batch_op.alter_column("hash", existing_type=sa.LargeBinary(32), nullable=False)


def downgrade() -> None:
    """Go back. The entries stay, without their chain; the register of requests has no place in the tables before."""
    for name in ("source_notice", "correction_told", "correction", "privacy_request", "privacy_term"):
        op.drop_table(name)
    with op.batch_alter_table("audit", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_column("hash")
        batch_op.drop_column("digest")
    # Numbers were given by the chain meanwhile: those that come must be higher.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('audit', 'seq'), (SELECT coalesce(max(seq), 0) + 1 FROM audit), false)")
    op.drop_table("audit_checkpoint")
    op.drop_table("audit_head")
    op.drop_index(op.f("ix_audit_subject_patron"), "audit_subject")
    op.drop_table("audit_subject")


def _make_the_privacy_desk() -> None:
    term = op.create_table(
        "privacy_term",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("extension_days", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "effective_from", name=op.f("pk_privacy_term")),
    )
    columns = ("kind", "effective_from", "days", "extension_days", "source")
    op.bulk_insert(term, [dict(zip(columns, row, strict=True)) for row in _TERMS])
    op.create_table(
        "privacy_request",
        sa.Column("id", Key(), nullable=False),
        sa.Column("patron", Key(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("identity", document(), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("extended_at", Instant(), nullable=True),
        sa.Column("extended_because", sa.String(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_privacy_request_patron_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_request")),
    )
    op.create_index(op.f("ix_privacy_request_patron"), "privacy_request", ["patron"])
    op.create_index(op.f("ix_privacy_request_due"), "privacy_request", ["due"])
    op.create_table(
        "correction",
        sa.Column("id", Key(), nullable=False),
        sa.Column("patron", Key(), nullable=False),
        sa.Column("request", Key(), nullable=True),
        sa.Column("fields", document(), nullable=False),
        sa.Column("waiting_name", sa.String(), nullable=True),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_correction_patron_patron")),
        sa.ForeignKeyConstraint(["request"], ["privacy_request.id"], name=op.f("fk_correction_request_privacy_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_patron"), "correction", ["patron"])
    op.create_table(
        "correction_told",
        sa.Column("correction", Key(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("told_at", Instant(), nullable=True),
        sa.Column("told_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["correction"], ["correction.id"], name=op.f("fk_correction_told_correction_correction")),
        sa.PrimaryKeyConstraint("correction", "recipient", name=op.f("pk_correction_told")),
    )
    op.create_table(
        "source_notice",
        sa.Column("patron", Key(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("batch", Key(), nullable=False),
        sa.Column("owed_at", Instant(), nullable=False),
        sa.Column("given_at", Instant(), nullable=True),
        sa.Column("given_by", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["roster_batch.id"], name=op.f("fk_source_notice_batch_roster_batch")),
        sa.ForeignKeyConstraint(["patron"], ["patron.id"], name=op.f("fk_source_notice_patron_patron")),
        sa.PrimaryKeyConstraint("patron", "source", "batch", name=op.f("pk_source_notice")),
    )
    op.create_index(op.f("ix_source_notice_batch"), "source_notice", ["batch"])
    op.create_index(
        "ix_source_notice_pending", "source_notice", ["owed_at"], sqlite_where=sa.text(_PENDING), postgresql_where=sa.text(_PENDING)
    )
    # Whom the Bureau's earlier batches brought has not been told so by this registry either.
    op.execute(
        "INSERT INTO source_notice (patron, source, batch, owed_at) "
        "SELECT c.patron, 'bureau', c.batch, b.loaded_at FROM consent c JOIN roster_batch b ON b.id = c.batch "
        "WHERE c.school_year = (SELECT max(d.school_year) FROM consent d WHERE d.patron = c.patron)"
    )


def _number_densely() -> None:
    """A transaction that was given up has left a hole; a new number is never higher than the one before it was, so none is taken."""
    connection = op.get_bind()
    audit = sa.table("audit", sa.column("seq", big_number()))
    change = sa.update(audit).where(audit.c.seq == sa.bindparam("old")).values(seq=sa.bindparam("new"))
    given, last = 0, 0
    while (
        rows := connection.execute(sa.select(audit.c.seq).where(audit.c.seq > last).order_by(audit.c.seq).limit(_AT_ONCE)).scalars().all()
    ):
        moves = [{"old": old, "new": new} for new, old in enumerate(rows, start=given + 1) if old != new]
        if moves:
            connection.execute(change, moves)
        given, last = given + len(rows), rows[-1]


def _chain() -> None:
    """As ``registry.audit.chain`` did when this revision was written, with an empty key."""
    connection = op.get_bind()
    audit = sa.table("audit", *map(sa.column, ("actor", "action", "outcome")))
    types: dict[str, Any] = {
        "seq": big_number(),
        "at": Instant(),
        "detail": document(),
        "digest": sa.LargeBinary(32),
        "hash": sa.LargeBinary(32),
    }
    for name, kind in types.items():
        audit.append_column(sa.column(name, kind))
    subject = sa.table("audit_subject", sa.column("seq", big_number()), sa.column("patron", Key()))
    change = (
        sa.update(audit).where(audit.c.seq == sa.bindparam("of")).values(digest=sa.bindparam("new_digest"), hash=sa.bindparam("new_hash"))
    )
    page = sa.select(audit).order_by(audit.c.seq).limit(_AT_ONCE)
    before, last = bytes(32), 0
    while rows := connection.execute(page.where(audit.c.seq > last)).all():
        made: list[dict[str, Any]] = []
        about: list[dict[str, Any]] = []
        for row in rows:
            patrons = _patrons(row.detail)
            about += ({"seq": row.seq, "patron": patron} for patron in patrons)
            digest = _digest(row, patrons)
            before = hmac.digest(b"", b"youyue audit link v1\0" + before + row.seq.to_bytes(8, "big") + digest, "sha256")
            made.append({"of": row.seq, "new_digest": digest, "new_hash": before})
        connection.execute(change, made)
        if about:
            connection.execute(sa.insert(subject), about)
        last = rows[-1].seq
    head = sa.table("audit_head", *map(sa.column, ("only", "seq", "hash", "plain_to")))
    connection.execute(sa.insert(head), {"only": 1, "seq": last, "hash": before, "plain_to": last})


def _digest(row: sa.Row[Any], patrons: list[UUID]) -> bytes:
    micro = (row.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    said = [micro, row.actor, row.action, row.outcome, row.detail, sorted(patron.hex for patron in patrons)]
    written = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"youyue audit entry v1\0" + written.encode()).digest()


def _patrons(detail: dict[str, Any]) -> list[UUID]:
    found: set[UUID] = set()
    for name in ("patron", "other_patron"):
        try:
            found.add(UUID(str(detail.get(name))))
        except ValueError:
            continue
    return sorted(found)
