"""A replica for tests: its rows, its file, and the pages of the feed that change it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, Unpack
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from circulation.cards import CardKind, CardState, CardUid
from circulation.holds import Hold
from circulation.ids import BranchCode, PatronId
from circulation.items import Item
from circulation.loans import Loan
from circulation.mobile_codes import MobileCode, message_of, window_at
from circulation.opening_days import OpeningDays
from circulation.patrons import Patron
from circulation.rules import RuleSet
from circulation.wire import Change, ChangesPage
from replica import tables
from replica.card_keys import card_key
from replica.encrypted import WRITE, open_encrypted
from replica.library_rows import calendar_row, rule_set_row
from replica.mapping import TABLE_OF, key_text, values_of
from replica.mobile_keys import statement_of
from replica.rows import BlockRow, BranchRow, CardRow, HoldRow, ItemRow, LoanRow, MobileKeyRow, PatronRow, Row
from replica.tables import ReplicaTable
from tests.builders import a_rule_set, opening_days

REPLICA_KEY = bytes(range(32, 64))
REGISTRY = Ed25519PrivateKey.from_private_bytes(bytes(range(96, 128)))
"""What the registry signs with; the kiosk knows its public half."""
MOBILE = Ed25519PrivateKey.from_private_bytes(bytes(range(128, 160)))
"""Key 1 of codes of mobile cards."""
CARD_SECRET = bytes(range(64, 96))
TAG_SECRET = bytes(range(96, 128))
FEED = UUID("0190a000-0000-7000-8000-000000000001")
NOON = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
"""Wednesday noon in Taipei: ``tests.builders.TODAY``."""
BRANCH = "C01"
OTHER_BRANCH = "L12"
WANG = "04A32B1C"
LIN = "04A32B1D"
WANGS_IPASS = "04A32B1CAA55AA"
"""Another card: whose, the test says."""


def library_rows(  # noqa: PLR0913 - each argument is a part of the library
    cards: Mapping[str, Patron],
    *,
    items: Iterable[Item] = (),
    loans: Iterable[Loan] = (),
    holds: Iterable[Hold] = (),
    lost: Collection[str] = (),
    kinds: Mapping[str, CardKind] | None = None,
    rule_sets: Sequence[RuleSet] | None = None,
    calendar: OpeningDays | None = None,
) -> list[tuple[ReplicaTable, Row]]:
    """The rows of a small branch."""
    rows: list[tuple[ReplicaTable, Row]] = [
        (ReplicaTable.BRANCH, BranchRow(BRANCH, "總館")),
        (ReplicaTable.BRANCH, BranchRow(OTHER_BRANCH, "天母分館")),
    ]
    rows += [(ReplicaTable.RULE_SET, rule_set_row(rule_set)) for rule_set in (rule_sets if rule_sets is not None else [a_rule_set()])]
    rows.append((ReplicaTable.CALENDAR, calendar_row(BranchCode(BRANCH), calendar or opening_days())))
    for patron in {patron.id: patron for patron in cards.values()}.values():
        rows.append((ReplicaTable.PATRON, patron_row(patron)))
        rows += [(ReplicaTable.BLOCK, BlockRow(uuid4(), patron.id, block.code, block.until)) for block in patron.blocks]
    for uid, patron in cards.items():
        rows.append((ReplicaTable.CARD, card_row(uid, patron, lost=uid in lost, kind=(kinds or {}).get(uid, CardKind.EASYCARD))))
    rows += [(ReplicaTable.ITEM, item_row(item)) for item in items]
    rows += [(ReplicaTable.LOAN, loan_row(loan)) for loan in loans]
    rows += [(ReplicaTable.HOLD, hold_row(hold)) for hold in holds]
    rows.append((ReplicaTable.MOBILE_KEY, mobile_key_row(1, MOBILE)))
    return rows


def mobile_key_row(number: int, key: Ed25519PrivateKey, *, by: Ed25519PrivateKey = REGISTRY) -> MobileKeyRow:
    """A key of mobile codes with somebody's word for it."""
    public_key = key.public_key().public_bytes_raw()
    return MobileKeyRow(number, public_key, by.sign(statement_of(number, public_key)))


def a_mobile_code(patron: PatronId, *, at: datetime = NOON, number: int = 1, key: Ed25519PrivateKey = MOBILE) -> str:
    """A code as the patron's phone shows it at an instant."""
    window = window_at(at)
    return MobileCode(number, window, patron, key.sign(message_of(number, window, patron))).text


class OfState(TypedDict, total=False):
    """What a replica says of itself, as far as a test names it."""

    cursor: int
    version: int
    feed: UUID
    verified_at: datetime


def fill_replica(connection: Connection, rows: Iterable[tuple[ReplicaTable, Row]], **said: Unpack[OfState]) -> None:
    """Make the tables of a replica in an empty database, plain or encrypted, and fill them."""
    tables.metadata.create_all(connection)
    for table, row in rows:
        connection.execute(TABLE_OF[table].insert(), values_of(table, row))
    usual = {"schema_version": tables.SCHEMA_VERSION, "branch": BRANCH, "feed": FEED, "cursor": 0, "version": 1, "verified_at": NOON}
    connection.execute(tables.state.insert(), {"only": 1, "card_key_version": 1, **usual, **said})
    connection.commit()


def a_replica_file(path: Path, rows: Iterable[tuple[ReplicaTable, Row]], **said: Unpack[OfState]) -> Path:
    """An encrypted replica file as a snapshot would give it."""
    engine = open_encrypted(path, REPLICA_KEY, create=True)
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        fill_replica(connection, rows, **said)
    engine.dispose()
    return path


def a_change(seq: int, table: ReplicaTable, row: Row) -> Change:
    """A row that is new or has changed."""
    return Change(seq=seq, table=table.value, key=key_text(table, row), row=msgspec.Raw(msgspec.json.encode(row)))


def a_tombstone(seq: int, table: ReplicaTable, row: Row) -> Change:
    """A row that has gone."""
    return Change(seq=seq, table=table.value, key=key_text(table, row))


def a_page(*changes: Change, start: int, end: int, head: int | None = None, feed: UUID = FEED, at: datetime = NOON) -> ChangesPage:
    """A page of the feed."""
    return ChangesPage(feed=feed, start=start, end=end, head=end if head is None else head, server_time=at, changes=changes)


def patron_row(patron: Patron) -> PatronRow:
    return PatronRow(patron.id, patron.masked_name, patron.patron_class, patron.expires, patron.contact_complete, patron.regular_here)


def key_of(uid: str) -> bytes:
    return card_key(CardUid.from_hex(uid), secret=CARD_SECRET)


def card_row(uid: str, patron: Patron, *, lost: bool = False, kind: CardKind = CardKind.EASYCARD) -> CardRow:
    return CardRow(key_of(uid), patron.id, kind, CardState.LOST if lost else CardState.ACTIVE)


def item_row(item: Item) -> ItemRow:
    return ItemRow(item.id, item.barcode, item.title, item.kind, item.status, item.branch, item.held_for)


def loan_row(loan: Loan) -> LoanRow:
    of = loan.id, loan.patron, loan.item, loan.title, loan.kind, loan.due, loan.lent_at, loan.renewals
    return LoanRow(*of, loan.barcode, loan.branch or BRANCH, loan.wanted)


def hold_row(hold: Hold) -> HoldRow:
    return HoldRow(hold.id, hold.patron, hold.title, hold.state, hold.pickup, hold.shelf, hold.until, hold.queue)
