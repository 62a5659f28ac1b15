"""Reading the replica: a card, an item, a patron's holds and cards, the library."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection, Select, select
from sqlalchemy.exc import DBAPIError

from circulation.holds import Hold
from circulation.ids import BranchCode, ItemId, PatronId
from circulation.rules import RuleBook
from kiosk.known import KnownCard, KnownItem, KnownPatron, Library, OwnCard, ReplicaState
from kiosk.store.errors import ReplicaError
from kiosk.store.replica_rows import (
    CARD,
    CARDS_OF_PATRON,
    HOLDS,
    ITEM,
    ITEM_OF,
    ITEM_ON_LOAN,
    PATRON,
    AnyRow,
    holds,
    item_on_loan,
    known_card,
    known_item,
    known_patron,
    own_cards,
)
from replica.library_rows import opening_days_of, rule_set_of
from replica.mobile_keys import trusted_keys
from replica.rows import CalendarRow, MobileKeyRow, RuleSetRow
from replica.tables import SCHEMA_VERSION, branch, calendar, mobile_key, rule_set, state

__all__ = ["CARD", "ITEM", "ReplicaReader"]

_log = structlog.get_logger()


class ReplicaReader:
    """Look-ups on one open connection. A row with a code that this version does not know is as none, and told to the log."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def card(self, key: bytes) -> KnownCard | None:
        """The card with this key; none when it is not on record.

        Raises:
            ReplicaError: the file is damaged.

        """
        rows = self._rows(CARD, {"key": key})
        try:
            return known_card(rows) if rows else None
        except (LookupError, ValueError) as error:
            _log.error("card_row_unreadable", problem=str(error))
            return None

    def patron(self, key: PatronId) -> KnownPatron | None:
        """The patron with this key; none when there is none on record.

        Raises:
            ReplicaError: the file is damaged.

        """
        rows = self._rows(PATRON, {"patron": key})
        try:
            return known_patron(rows) if rows else None
        except (LookupError, ValueError) as error:
            _log.error("patron_row_unreadable", problem=str(error))
            return None

    def mobile_keys(self, *, registry_key: bytes) -> dict[int, bytes]:
        """The keys that codes of mobile cards are checked with, by their numbers: those for which the registry stands with its own.

        Raises:
            ReplicaError: the file is damaged.

        """
        rows = [MobileKeyRow(row.number, row.public_key, row.signature) for row in self._rows(select(mobile_key))]
        return trusted_keys(rows, registry_key=registry_key)

    def item(self, barcode: str) -> KnownItem | None:
        """The item with this barcode, the branch's own or one that is on loan; none when no such item is known here.

        Raises:
            ReplicaError: the file is damaged.

        """
        rows = self._rows(ITEM, {"barcode": barcode})
        return _readable(known_item, rows) if rows else _readable(item_on_loan, self._rows(ITEM_ON_LOAN, {"barcode": barcode}))

    def item_of(self, key: ItemId) -> KnownItem | None:
        """The branch's own item with this key; none when there is none on record.

        Raises:
            ReplicaError: the file is damaged.

        """
        return _readable(known_item, self._rows(ITEM_OF, {"item": key}))

    def holds_of(self, patron: PatronId) -> tuple[Hold, ...]:
        """The holds of a patron.

        Raises:
            ReplicaError: the file is damaged.

        """
        return holds(patron, self._rows(HOLDS, {"patron": patron}))

    def cards_of(self, patron: PatronId) -> tuple[OwnCard, ...]:
        """The cards of a patron, kind by kind.

        Raises:
            ReplicaError: the file is damaged.

        """
        return own_cards(self._rows(CARDS_OF_PATRON, {"patron": patron}))

    def library(self) -> Library:
        """The kiosk's branch, the names of all, all rule sets, the calendar.

        Raises:
            ReplicaError: rules or calendar can't be read.

        """
        here = self.state().branch
        names = {BranchCode(row.code): str(row.name) for row in self._rows(select(branch))}
        calendars = self._rows(select(calendar).where(calendar.c.branch == here))
        try:
            rules = [rule_set_of(msgspec.convert(row, RuleSetRow, from_attributes=True)) for row in self._rows(select(rule_set))]
            days = [opening_days_of(msgspec.convert(row, CalendarRow, from_attributes=True)) for row in calendars]
        except ValueError as error:  # msgspec's is one too
            message = f"the replica's rules or calendar can't be read: {error}"
            raise ReplicaError(message) from None
        return Library(here, names.get(here, here), RuleBook.of(rules), days[0] if days else None, names)

    def state(self) -> ReplicaState:
        """Where the replica stands.

        Raises:
            ReplicaError: it does not say, or has another schema version than this program.

        """
        rows = self._rows(select(state))
        if not rows:
            message = "the replica does not say where it stands"
            raise ReplicaError(message)
        row = rows[0]
        if row.schema_version != SCHEMA_VERSION:
            message = f"the replica has schema version {row.schema_version}, this program reads version {SCHEMA_VERSION}"
            raise ReplicaError(message)
        return ReplicaState(BranchCode(row.branch), row.feed, row.cursor, row.version, row.card_key_version, row.verified_at)

    def _rows(self, statement: Select[*tuple[Any, ...]], values: dict[str, Any] | None = None) -> Sequence[AnyRow]:
        try:
            return self._connection.execute(statement, values).all()
        except DBAPIError as error:
            message = f"the replica can't be read: {error.orig}"
            raise ReplicaError(message) from None


def _readable(read: Callable[[Sequence[AnyRow]], KnownItem], rows: Sequence[AnyRow]) -> KnownItem | None:
    try:
        return read(rows) if rows else None
    except (LookupError, ValueError) as error:
        _log.error("item_row_unreadable", problem=str(error))
        return None
