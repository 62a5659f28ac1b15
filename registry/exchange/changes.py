"""Pages of the change feed: the rows as they stand now, read by set."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection

from circulation.wire import MAX_PAGE, Change
from registry.exchange.store_feed import entries_after, head
from registry.exchange.store_projection import current_rows
from replica.tables import ReplicaTable


@dataclass(frozen=True, slots=True)
class Slice:
    """Changes after a number, up to and including ``end``; complete only if that number is not before ``kept_from``."""

    end: int
    head: int
    kept_from: int
    changes: tuple[Change, ...]


def read_slice(connection: Connection, after: int, branch: str, *, limit: int = MAX_PAGE) -> Slice:
    """The next changes that a branch's kiosk must hear. A row that changed twice comes once, as it is now.

    It may then already be as a later number left it: applying that number again changes nothing.
    """
    at = head(connection)
    entries = entries_after(connection, after, branch, limit=limit)
    end = entries[-1][0] if len(entries) == limit else at.n
    numbered: dict[tuple[ReplicaTable, str], int] = {}
    for seq, entry in entries:
        numbered.pop((entry.table, entry.key), None)
        numbered[entry.table, entry.key] = seq
    keys: defaultdict[ReplicaTable, list[str]] = defaultdict(list)
    for table, key in numbered:
        keys[table].append(key)
    rows = {table: current_rows(connection, table, wanted, branch) for table, wanted in keys.items()}
    changes = tuple(Change(seq=seq, table=table, key=key, row=rows[table].get(key)) for (table, key), seq in numbered.items())
    return Slice(end, at.n, at.kept_from, changes)
