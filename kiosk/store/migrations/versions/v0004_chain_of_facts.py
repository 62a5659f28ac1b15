"""The chain of facts, and epochs that begin within a ledger: from which number on, and when the ledger turned out to be an old image.

The types and the chain are spelled out: what a released revision does must not follow today's.
"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "v0004"
down_revision = "v0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and chain the facts that are held. What was pruned before is outside of the chain."""
    op.add_column("outbox", sa.Column("chain", sa.LargeBinary(32)))
    op.add_column("device", sa.Column("epoch_base", sa.Integer, nullable=False, server_default="0"))
    op.add_column("device", sa.Column("pruned_chain", sa.LargeBinary(32)))
    op.add_column("device", sa.Column("restored_at", sa.Integer))
    op.add_column("device", sa.Column("moved", sa.Integer, nullable=False, server_default="0"))
    connection = op.get_bind()
    epoch = connection.execute(sa.text("SELECT epoch FROM device")).scalar()
    if epoch is None:
        return
    value = hashlib.sha256(b"youyue-chain-v1" + epoch).digest()
    for seq, body in connection.execute(sa.text("SELECT seq, body FROM outbox ORDER BY seq")).all():
        value = hashlib.sha256(value + hashlib.sha256(body).digest()).digest()
        connection.execute(sa.text("UPDATE outbox SET chain = :value WHERE seq = :seq"), {"value": value, "seq": seq})
