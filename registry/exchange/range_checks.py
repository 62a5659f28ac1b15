"""Whether a kiosk holds the rows that it should (sync rule 11): digests of ranges, and the rows of those that differ."""

from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Final

import msgspec
from sqlalchemy import Connection

from circulation.range_checks import DifferingRange, RangeAnswer, RangeCheck
from circulation.wire import MAX_PAGE, Change, Problem, SnapshotNeeded
from registry.database import Database
from registry.exchange.store_feed import head
from registry.exchange.store_ranges import changed_after, rows_in
from registry.kiosks.covers import Covering, Covers
from registry.plain_text import plain
from registry.problems import RefusedError, refusal
from replica.covered_rows import turned, turned_range
from replica.covers import Cover
from replica.digest import TableDigest
from replica.mapping import RowKeyError, key_text
from replica.ranges import KeyRange, range_of
from replica.rows import Row
from replica.tables import SCHEMA_VERSION, ReplicaTable

OTHER_SCHEMA: Final = "other_schema"
OTHER_COVER: Final = "other_cover"


class RangeChecks:
    """Compares. It changes nothing."""

    def __init__(self, database: Database, covers: Covers, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._covers = covers
        self._now = now

    def compare(self, branch: str, check: RangeCheck) -> RangeAnswer:
        """Which of the ranges differ from a branch's rows, in one view of the database.

        A range in which a row has changed after the kiosk's cursor is left open: the kiosk can't have heard of that.

        Raises:
            RefusedError: 400, a range names no rows of a replica; 409, another schema, or another cover than that in force; 410, the cursor
                is none of this feed.

        """
        if check.schema != SCHEMA_VERSION:
            problem = f"rows of schema {SCHEMA_VERSION} can't be compared with those of schema {check.schema}"
            raise RefusedError(HTTPStatus.CONFLICT, Problem(code=OTHER_SCHEMA, problem=problem, place="schema"))
        covering = self._covers.of_check(check.cover)
        if covering is None:
            raise refusal(HTTPStatus.CONFLICT, OTHER_COVER, "another cover is in force: the next page of changes tells it", place="cover")
        ranges = _read(check, covering.cover)
        with self._database.reading() as connection:
            at = head(connection)
            if check.feed != at.feed or not at.kept_from <= check.cursor <= at.n:
                raise RefusedError(HTTPStatus.GONE, SnapshotNeeded(problem="this cursor is none of this feed"))
            changed = changed_after(connection, check.cursor, branch, limit=MAX_PAGE)
            if len(changed) == MAX_PAGE:
                return RangeAnswer(server_time=self._now(), position=at.n, unsettled=tuple(range(len(ranges))), cover=covering.id)
            open_ones = [any(table is of.table and of.holds(key) for table, key in changed) for of in ranges]
            settled = [i for i, is_open in enumerate(open_ones) if not is_open]
            differing = _differing(connection, branch, check, [(i, ranges[i]) for i in settled])
        unsettled = tuple(i for i, is_open in enumerate(open_ones) if is_open)
        return _answer(
            RangeAnswer(server_time=self._now(), position=at.n, unsettled=unsettled, cover=covering.id), covering, ranges, differing
        )


def _read(check: RangeCheck, cover: Cover | None) -> list[KeyRange]:
    found = []
    for i, one in enumerate(check.ranges):
        try:
            found.append(range_of(one if cover is None else turned_range(one, cover.uncovered)))
        except RowKeyError as error:
            raise refusal(HTTPStatus.BAD_REQUEST, "malformed", plain(str(error)), place=f"ranges[{i}]") from None
    return found


def _differing(
    connection: Connection, branch: str, check: RangeCheck, settled: Sequence[tuple[int, KeyRange]]
) -> list[tuple[int, list[Row]]]:
    found = []
    for i, of in settled:
        asked = check.ranges[i]
        # One more than a kiosk says it holds, and than fits into an answer, is enough to know that it differs.
        rows = rows_in(connection, of, branch, limit=max(asked.rows, MAX_PAGE) + 1)
        if TableDigest.of(of.table, rows) != TableDigest(asked.rows, int(asked.xor, 16)):
            found.append((i, rows))
    return found


def _answer(
    settled: RangeAnswer, covering: Covering, ranges: Sequence[KeyRange], differing: Sequence[tuple[int, list[Row]]]
) -> RangeAnswer:
    if sum(len(rows) for _, rows in differing) > MAX_PAGE:
        return msgspec.structs.replace(settled, snapshot=True)

    def told(table: ReplicaTable, rows: Sequence[Row]) -> tuple[Change, ...]:
        found = [
            Change(seq=settled.position, table=table, key=key_text(table, row), row=msgspec.Raw(msgspec.json.encode(row))) for row in rows
        ]
        return tuple(found) if covering.cover is None else turned(found, covering.cover.covered)

    return msgspec.structs.replace(
        settled, differing=tuple(DifferingRange(range=i, rows=told(ranges[i].table, rows)) for i, rows in differing)
    )
