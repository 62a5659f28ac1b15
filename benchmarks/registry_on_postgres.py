"""A registry of a city whose rows are in a durable PostgreSQL of its own: people, cards, items and loans, and kiosks that may write."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Table

from benchmarks.city import BRANCH, City, Scale, barcode_of, state_of, uid_of
from benchmarks.city_files import FAR_BRANCH, kind_of, open_registry, row_key, title_of
from circulation.cards import CardKind
from circulation.items import ItemStatus
from circulation.patrons import PatronClass
from registry.cards.tables import card
from registry.catalogue.tables import item
from registry.enrolment.tables import patron
from registry.kiosks.tables import kiosk
from registry.lending.tables import loan
from replica.card_keys import card_key
from sync.signing import RegistryClock, RequestSigner
from tests.postgres import PostgresServer, running_server
from youyue.clock import SystemClock
from youyue.registry_room import load_library

DURABLE = {"listen_addresses": "", "shared_buffers": "512MB", "max_wal_size": "4GB"}
"""All else is PostgreSQL's own: every commit waits for the disk."""
ON_DISK = Path("/var/tmp")  # noqa: S108 - the folder made there is the server's own; /tmp may be in memory


@dataclass(frozen=True)
class KnownKiosk:
    """A kiosk of the registry, and what it signs with."""

    id: UUID
    signing: Ed25519PrivateKey

    def signer(self) -> RequestSigner:
        return RequestSigner(self.id, self.signing, RegistryClock(SystemClock()))


@dataclass(frozen=True)
class RegistryOnPostgres:
    """A registry that nobody serves yet."""

    scale: Scale
    server: PostgresServer
    database: str
    folder: Path
    kiosks: tuple[KnownKiosk, ...]

    @property
    def url(self) -> str:
        return self.server.url(self.database)

    @cached_property
    def card_secret(self) -> bytes:
        return (self.folder / "keys" / "card-key-1.key").read_bytes()

    def card_key_of(self, number: int) -> bytes:
        return card_key(uid_of(number), secret=self.card_secret)

    def feed(self) -> tuple[str, int]:
        """The name of the change feed, and its last number."""
        ((name, number),) = self.server.as_admin("SELECT feed, n FROM feed_head", database=self.database)
        return str(name), int(number)

    def end_all_loans(self) -> None:
        """Everything that kiosks have lent is back."""
        ended = "UPDATE loan SET closed_at = now() WHERE closed_at IS NULL AND kiosk IS NOT NULL"
        with self.server.admin(self.database) as connection:
            connection.execute(ended)


@contextmanager
def founded(city: City, kiosks: int, branches: Sequence[str] = (BRANCH,)) -> Iterator[RegistryOnPostgres]:
    """The city's registry with so many kiosks, spread over branches, until the block ends."""
    known = tuple(KnownKiosk(UUID(bytes=row_key(b"kiosk", number)), Ed25519PrivateKey.generate()) for number in range(kiosks))
    with tempfile.TemporaryDirectory() as made, running_server(DURABLE, place=ON_DISK) as server:
        found = RegistryOnPostgres(city.scale, server, server.create(), Path(made, "registry"), known)
        with closing(open_registry(found.folder, found.url)) as registry:
            load_library(registry)
        with server.admin(found.database) as connection:
            _fill(connection, found, branches)
        yield found


def _fill(connection: psycopg.Connection[Any], found: RegistryOnPostgres, branches: Sequence[str]) -> None:
    """By COPY alone, and without looking every foreign key up: what is written here fits together by its making."""
    connection.execute("SET session_replication_role = replica")
    now = datetime.now(UTC)
    at = cycle(branches)
    enrolled = (
        (one.id, f"kiosk {i}", next(at), one.signing.public_key().public_bytes_raw(), now, None) for i, one in enumerate(found.kiosks)
    )
    _copy(connection, kiosk, enrolled)
    _copy(connection, patron, _patrons(found.scale))
    _copy(connection, card, _cards(found))
    _copy(connection, item, _items(found.scale))
    _copy(connection, loan, _loans(found.scale, now))
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")


def patron_of(number: int) -> UUID:
    return UUID(bytes=row_key(b"patron", number))


def item_of(number: int) -> UUID:
    return UUID(bytes=row_key(b"item", number))


def _patrons(scale: Scale) -> Iterator[tuple[object, ...]]:
    for number in range(scale.patrons):
        of_name = f"生{number}", None, date(2014, 5, 6), "生○○", PatronClass.PERSONAL.value
        yield patron_of(number), *of_name, None, True, BRANCH if number % 40 == 39 else None, "", "before"


def _cards(found: RegistryOnPostgres) -> Iterator[tuple[object, ...]]:
    scale = found.scale
    for number in range(scale.cards):
        kind = CardKind.EASYCARD if number < scale.patrons else CardKind.IPASS
        of_card = kind.value, uid_of(number).hex, found.card_key_of(number), state_of(number).value
        yield UUID(bytes=row_key(b"card", number)), patron_of(number % scale.patrons), *of_card, None, "library"


def _items(scale: Scale) -> Iterator[tuple[object, ...]]:
    """The branch's own, and of other branches what is on loan."""
    available = ItemStatus.AVAILABLE.value
    for number in range(scale.items):
        yield item_of(number), barcode_of(number), title_of(number), kind_of(number).value, available, BRANCH, None
    for number in range(scale.lent_here, scale.loans):
        yield _far(number), f"9{number:013d}", title_of(number), kind_of(number).value, available, FAR_BRANCH, None


def _loans(scale: Scale, now: datetime) -> Iterator[tuple[object, ...]]:
    """The first patrons have them, one after the other."""
    due = now.date() + timedelta(days=14)
    for number in range(scale.loans):
        what = item_of(number) if number < scale.lent_here else _far(number)
        yield UUID(bytes=row_key(b"loan", number)), patron_of(number % scale.borrowers), what, due, now, 0, None, None, None


def _far(number: int) -> UUID:
    return UUID(bytes=row_key(b"far", number))


def _copy(connection: psycopg.Connection[Any], table: Table, rows: Iterable[tuple[object, ...]]) -> None:
    columns = ", ".join(column.name for column in table.columns)
    with connection.cursor().copy(f"COPY {table.name} ({columns}) FROM STDIN".encode()) as copying:
        for row in rows:
            copying.write_row(row)
