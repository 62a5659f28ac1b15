"""Writing the replica: pages of the feed, in chunks so short that no tap waits for them.

A page is read as a whole before its first row is applied: a malformed change applies nothing of it.
The cursor moves in the transaction of the rows, and only from where the replica stands (sync rule 7).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Delete, Insert, bindparam, delete, insert, update
from sqlalchemy.exc import DBAPIError

from circulation.wire import Change, ChangesPage, Position
from kiosk.store.errors import ReplicaError
from kiosk.store.transactions import writing
from replica.library_rows import opening_days_of, rule_set_of
from replica.mapping import KEY_COLUMN, TABLE_OF, parse_key, values_of
from replica.rows import ROW_OF, CalendarRow, Row, RuleSetRow
from replica.tables import ReplicaTable, state

_ROWS_AT_ONCE = 100
"""Between two looks at the clock: about 2 ms on an encrypted file."""

# REPLACE, not an upsert: two items may have changed barcodes, and the later row of the feed is right.
_PUT: dict[ReplicaTable, Insert] = {name: insert(table).prefix_with("OR REPLACE") for name, table in TABLE_OF.items()}
_REMOVE: dict[ReplicaTable, Delete] = {
    name: delete(table).where(table.c[KEY_COLUMN[name]] == bindparam("gone")) for name, table in TABLE_OF.items()
}
_ADVANCE = (
    update(state).where(state.c.feed == bindparam("of_feed"), state.c.cursor == bindparam("expected")).values(cursor=bindparam("reached"))
)
_VERIFIED = _ADVANCE.values(verified_at=bindparam("heard"))

_KNOWN_TABLES = frozenset(table.value for table in ReplicaTable)
LIBRARY_TABLES = frozenset({ReplicaTable.BRANCH, ReplicaTable.RULE_SET, ReplicaTable.CALENDAR})


class MalformedPageError(Exception):
    """A page of the feed can't be read; nothing of it was applied. ``place`` says where, such as ``changes[3].row.due``."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


class CursorMismatchError(Exception):
    """The changes do not begin where the replica stands; nothing was applied."""


@dataclass(frozen=True, slots=True)
class _Ready:
    seq: Position
    table: ReplicaTable
    removed: bool
    values: dict[str, Any]


_table = attrgetter("table")


@dataclass(frozen=True, slots=True)
class ReadyPage:
    """A page whose every change has been read. Changes of tables that this version does not know are left out."""

    feed: UUID
    start: Position
    end: Position
    verified_at: datetime | None
    """The registry's time when the page reaches the head of the feed, else none."""
    changes: tuple[_Ready, ...]

    def __len__(self) -> int:
        """How many changes there are to apply."""
        return len(self.changes)

    @property
    def changed_cards(self) -> dict[bytes, Position]:
        """The keys of the cards that change or go, each with the number of its last change."""
        cards = (change for change in self.changes if change.table is ReplicaTable.CARD)
        return {change.values["gone" if change.removed else "key"]: change.seq for change in cards}

    @property
    def changes_library(self) -> bool:
        """Whether rules, calendar or branch names are among them."""
        return any(change.table in LIBRARY_TABLES for change in self.changes)


def read_page(page: ChangesPage) -> ReadyPage:
    """Read every change of a page.

    Raises:
        MalformedPageError: a row, a key or a number is none.

    """
    if not page.start <= page.end <= page.head:
        place, problem = "end", f"{page.start}, {page.end}, {page.head} are no start, end and head"
        raise MalformedPageError(place, problem)
    return ReadyPage(page.feed, page.start, page.end, page.server_time if page.end == page.head else None, tuple(_read(page)))


def _read(page: ChangesPage) -> Iterator[_Ready]:
    last = page.start
    for i, change in enumerate(page.changes):
        if not last < change.seq <= page.end:
            place = f"changes[{i}].seq"
            raise MalformedPageError(place, f"{change.seq} does not follow {last} up to {page.end}")
        last = change.seq
        if change.table in _KNOWN_TABLES:
            yield _read_change(change, f"changes[{i}]")


def _read_change(change: Change, place: str) -> _Ready:
    table = ReplicaTable(change.table)
    if change.row is None or bytes(change.row) == b"null":
        try:
            return _Ready(change.seq, table, removed=True, values={"gone": parse_key(table, change.key)})
        except ValueError as error:
            place = f"{place}.key"
            raise MalformedPageError(place, str(error)) from None
    row = meaning_of(table, change.row, f"{place}.row")
    return _Ready(change.seq, table, removed=False, values=values_of(table, row))


def meaning_of(table: ReplicaTable, raw: msgspec.Raw, place: str) -> Row:
    """Read a row as it travels.

    Raises:
        MalformedPageError: it is none of this table; names ``place``.

    """
    try:
        row: Row = msgspec.json.decode(raw, type=ROW_OF[table])
        _check_meaning(row)
    except ValueError as error:  # msgspec's errors are such, too
        raise MalformedPageError(place, str(error)) from None
    return row


def _check_meaning(row: Row) -> None:
    """Rules and calendars are read whole at every start: one that can't be read must not get in."""
    match row:
        case RuleSetRow():
            rule_set_of(row)
        case CalendarRow():
            opening_days_of(row)
        case _:
            pass


class ReplicaWriter:
    """Applies pages on one open connection. ``monotonic`` gives seconds, ``seconds`` bounds the rows of one transaction."""

    def __init__(self, connection: Connection, *, monotonic: Callable[[], float], seconds: float) -> None:
        self._connection = connection
        self._monotonic = monotonic
        self._seconds = seconds

    def apply(self, page: ReadyPage, *, done: int) -> int:
        """Apply changes of a page from number ``done`` on until the time is up, in one transaction; says how many are done then.

        The page is done, and the cursor at its end, when the answer is its length.

        Raises:
            CursorMismatchError: the replica stands elsewhere.
            ReplicaError: the file can't be written; nothing was applied.

        """
        try:
            with writing(self._connection):
                reached = self._apply_rows(page.changes, done)
                self._advance(page, done, reached)
                self._connection.commit()
        except DBAPIError as error:
            message = f"the replica can't be written: {error.orig}"
            raise ReplicaError(message) from None
        return reached

    def _advance(self, page: ReadyPage, done: int, reached: int) -> None:
        whole = reached == len(page)
        cursors = {
            "of_feed": page.feed,
            "expected": page.changes[done - 1].seq if done else page.start,
            "reached": page.end if whole else page.changes[reached - 1].seq,
        }
        if whole and page.verified_at is not None:
            moved = self._connection.execute(_VERIFIED, {**cursors, "heard": page.verified_at})
        else:
            moved = self._connection.execute(_ADVANCE, cursors)
        if moved.rowcount != 1:
            message = f"the changes begin at {cursors['expected']}, the replica does not stand there"
            raise CursorMismatchError(message)

    def _apply_rows(self, changes: tuple[_Ready, ...], done: int) -> int:
        until = self._monotonic() + self._seconds
        while done < len(changes):
            some = changes[done : done + _ROWS_AT_ONCE]
            # A table at a time, because a statement costs more than its row; the order counts within a table only.
            for (table, removed), group in groupby(sorted(some, key=_table), key=lambda change: (change.table, change.removed)):
                self._connection.execute((_REMOVE if removed else _PUT)[table], [change.values for change in group])
            done += len(some)
            if self._monotonic() >= until:
                break
        return done
