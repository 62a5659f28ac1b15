"""An independent look into every database at the end of the day: plain SQL, nobody's stores."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from registry.house import Registry
from replica.encrypted import connect_encrypted
from replica.files import ReplicaFiles
from tests.integration.day.place import Place

Rows = list[tuple[Any, ...]]

_LOANS = "SELECT item, patron, due, renewals FROM loan"


class Look(Protocol):
    """Asks one database."""

    def __call__(self, statement: str) -> Rows:
        """The rows, every value as SQLite keeps it."""


def registry_look(registry: Registry) -> Look:
    """Ask the registry's database, whichever it is."""

    def look(statement: str) -> Rows:
        with registry.database.reading() as connection:
            return [tuple(map(_plain, row)) for row in connection.exec_driver_sql(statement)]

    return look


@contextmanager
def replica_look(place: Place) -> Iterator[Look]:
    """Ask the replica of a kiosk that has been stopped."""
    path = ReplicaFiles(place.folder).current()
    assert path is not None
    with closing(connect_encrypted(path, place.identity.database_key)) as connection:

        def look(statement: str) -> Rows:
            return [tuple(map(_plain, row)) for row in connection.execute(statement)]

        yield look


def overlay_rows(place: Place) -> tuple[int, int, int]:
    """How many loans, items and losses a kiosk's ledger still lays over its replica."""
    with closing(connect_encrypted(place.folder / "ledger.db", place.identity.database_key)) as ledger:
        query = "SELECT (SELECT count(*) FROM local_loan), (SELECT count(*) FROM local_item), (SELECT count(*) FROM local_loss)"
        lent, items, losses = ledger.execute(query).fetchone()
    return lent, items, losses


def loans(look: Look, *, closed_too: bool) -> Rows:
    """Item, patron, due date, renewals of every open loan, in order. ``closed_too``: the table has closed ones as well."""
    return sorted(look(_LOANS + (" WHERE closed_at IS NULL" if closed_too else "")))


def _plain(value: object) -> object:
    match value:
        case UUID():
            return value.bytes
        case memoryview():
            return bytes(value)
        case date():
            return value.isoformat()
        case list():
            return json.dumps(value)
        case _:
            return value
