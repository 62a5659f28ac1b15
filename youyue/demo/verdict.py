"""The verdict: an independent look into the registry's tables and the second kiosk's replica, by plain SQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

from replica.encrypted import connect_encrypted
from replica.files import ReplicaFiles
from sync.identity import read_identity
from youyue.demo.city import Copy, Pupil

_OPEN_LOANS = "SELECT patron, item FROM loan WHERE closed_at IS NULL"
_FACTS = "SELECT count(*), count(DISTINCT fact_key), max(seq) FROM fact"
_REPLICA_LOANS = "SELECT patron, item FROM loan"


def problems(registry: Path, second_kiosk: Path, pupil: Pupil, books: tuple[Copy, ...]) -> Iterator[str]:
    """Say what is not as it must be after the story: exactly these loans at the registry, and all of them in the replica."""
    wanted = {(pupil.id, book.id) for book in books}
    with closing(sqlite3.connect(f"file:{registry / 'registry.db'}?mode=ro", uri=True)) as connection:
        loans = [_pair(row) for row in connection.execute(_OPEN_LOANS)]
        facts = connection.execute(_FACTS).fetchone()
    if sorted(loans) != sorted(wanted):
        yield f"the registry has {len(loans)} open loans, of which {len(wanted.intersection(loans))} of {len(wanted)} are the story's"
    if facts != (len(wanted), len(wanted), len(wanted)):
        yield f"the registry has {facts[0]} facts with {facts[1]} keys up to number {facts[2]}; {len(wanted)} were made"
    replica = ReplicaFiles(second_kiosk).current()
    if replica is None:
        yield "the second kiosk has no replica"
        return
    with closing(connect_encrypted(replica, read_identity(second_kiosk).database_key)) as connection:
        known = [_pair(row) for row in connection.execute(_REPLICA_LOANS)]
    if sorted(known) != sorted(wanted):
        yield f"the second kiosk's replica has {len(known)} loans, of which {len(wanted.intersection(known))} of {len(wanted)} are the story's"


def _pair(row: tuple[bytes, bytes]) -> tuple[UUID, UUID]:
    patron, item = row
    return UUID(bytes=bytes(patron)), UUID(bytes=bytes(item))
