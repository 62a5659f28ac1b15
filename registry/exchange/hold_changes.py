"""What kiosks must hear of when holds come or go."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection

from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.holds.store import touched_by
from replica.tables import ReplicaTable


def changes_of_holds(connection: Connection, keys: Collection[UUID]) -> list[FeedEntry]:
    """The rows that these holds, while they are on record, make look different: holds behind them, loans that are wanted by another."""
    if not keys:
        return []
    touched = touched_by(connection, keys)
    holds = (FeedEntry(ReplicaTable.HOLD, key_text(key)) for key in touched.holds)
    return [*holds, *(FeedEntry(ReplicaTable.LOAN, key_text(key)) for key in touched.loans)]
