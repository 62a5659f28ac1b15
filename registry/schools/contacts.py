"""The desk where contact data are followed up: progress, worklist, the list for a call to a school, and what is handed back."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.outside import Outside
from registry.schools import store, store_deadlines, store_progress, store_waiting
from registry.schools.call_list import CallList
from registry.schools.deadlines import decide_waiting_deadline
from registry.schools.refusals import SchoolRefusal, SchoolRefusedError
from registry.schools.store_progress import SchoolProgress, SchoolsBatch
from registry.schools.store_waiting import RowsOfFile
from registry.schools.store_worklist import Incomplete, Wanted, worklist

Found = TypeVar("Found")
UPKEEP = "upkeep"
_NAMED_AT_ONCE = 100
"""Patrons in one entry of the audit trail."""


class ContactDesk:
    """Follows up contact data. With a ``branch`` only its own schools are seen, without one all of them (Q3-3a)."""

    def __init__(self, database: Database, outside: Outside, *, zone: ZoneInfo) -> None:
        self._database = database
        self._outside = outside
        self._zone = zone

    def progress(self, school_year: int, *, branch: str | None = None) -> list[SchoolProgress]:
        """How far each school is, in numbers.

        Raises:
            SchoolRefusedError: ``BRANCH_UNKNOWN``.

        """
        return self._seen(branch, lambda connection: store_progress.progress(connection, school_year, branch=branch))

    def batches(self, school_year: int, *, branch: str | None = None) -> list[SchoolsBatch]:
        """The batches of contact data, the latest first.

        Raises:
            SchoolRefusedError: ``BRANCH_UNKNOWN``.

        """
        return self._seen(branch, lambda connection: store_progress.batches(connection, school_year, branch=branch))

    def waiting(self, school_year: int, *, branch: str | None = None) -> list[RowsOfFile]:
        """Which rows of which file wait for the Bureau's word.

        Raises:
            SchoolRefusedError: ``BRANCH_UNKNOWN``.

        """

        def find(connection: Connection) -> list[RowsOfFile]:
            return store_waiting.waiting_rows(connection, school_year, schools=store.schools_of(connection, school_year, branch))

        return self._seen(branch, find)

    def handed_back(self, school_year: int, *, branch: str | None = None) -> list[RowsOfFile]:
        """Which rows of which file were erased because the Bureau's word did not come in time; the school may send them again (R4).

        Raises:
            SchoolRefusedError: ``BRANCH_UNKNOWN``.

        """

        def find(connection: Connection) -> list[RowsOfFile]:
            return store_waiting.handed_back(connection, school_year, schools=store.schools_of(connection, school_year, branch))

        return self._seen(branch, find)

    def worklist(self, wanted: Wanted, *, by: str, limit: int | None = None) -> list[Incomplete]:
        """Whose contact data are missing, the oldest first. It is a read of those people, and written down as one.

        Raises:
            SchoolRefusedError: ``BRANCH_UNKNOWN``, or ``SCHOOL_UNKNOWN``: none of that code is this branch's.

        """

        def act(work: UnitOfWork) -> list[Incomplete]:
            self._check(work.connection, wanted)
            found = worklist(work.connection, wanted, today=self._today(), limit=limit)
            self._note_read(work.connection, "contact worklist read", wanted, found, by)
            return found

        return self._database.write(act)

    def call_list(self, wanted: Wanted, *, by: str) -> CallList:
        """A school's pupils for a call to the school: whom it should send to the library. Written down as a read of those people.

        Raises:
            SchoolRefusedError: ``BRANCH_UNKNOWN``, ``SCHOOL_UNKNOWN``, or ``NOTHING_TO_PRINT``: every record is complete.

        """

        def act(work: UnitOfWork) -> CallList:
            self._check(work.connection, wanted)
            school = store.known_schools(work.connection)[wanted.school or ""]
            found = worklist(work.connection, wanted, today=self._today())
            if not found:
                raise SchoolRefusedError(SchoolRefusal.NOTHING_TO_PRINT)
            branch = store.branch_of_school(work.connection, wanted.school_year)[school.code]
            phone = store.phone_of_school(work.connection, wanted.school_year).get(school.code)
            self._note_read(work.connection, "call list printed", wanted, found, by)
            name = store.branch_names(work.connection)[branch]
            return CallList(school.code, school.name, name, wanted.school_year, self._today(), phone, tuple(found))

        if wanted.school is None:
            raise SchoolRefusedError(SchoolRefusal.SCHOOL_UNKNOWN)
        return self._database.write(act)

    def hand_back_waiting(self) -> int:
        """Erase what waited in vain until its deadline, and keep the numbers of its rows for the schools (R4); how many.

        The service does it once a day. Without a deadline nothing is due before the school year is over.
        """

        def act(work: UnitOfWork) -> int:
            erased = 0
            now = self._outside.now()
            deadlines = store_deadlines.deadlines(work.connection)
            for year in store_waiting.waiting_years(work.connection):
                due = decide_waiting_deadline(school_year=year, deadlines=deadlines, today=self._today())
                if due is None:
                    continue
                ends = datetime.combine(due + timedelta(days=1), time(), self._zone)
                files, count = store_waiting.hand_back(work, year, before=ends, on=self._today())
                if count:
                    detail: dict[str, str | int] = {"school_year": year, "last_day": f"{due}", "rows": count, "files": len(files)}
                    append(work.connection, AuditEntry(now, UPKEEP, "waiting contact data handed back", "done", detail))
                erased += count
            return erased

        return self._database.write(act)

    def _seen(self, branch: str | None, find: Callable[[Connection], Found]) -> Found:
        with self._database.reading() as connection:
            self._check(connection, Wanted(0, branch))
            return find(connection)

    def _today(self) -> date:
        return self._outside.now().astimezone(self._zone).date()

    def _check(self, connection: Connection, wanted: Wanted) -> None:
        if wanted.branch is not None and wanted.branch not in store.branch_names(connection):
            raise SchoolRefusedError(SchoolRefusal.BRANCH_UNKNOWN)
        if wanted.school is None:
            return
        mine = store.schools_of(connection, wanted.school_year, wanted.branch)
        if wanted.school not in (store.known_schools(connection) if mine is None else mine):
            raise SchoolRefusedError(SchoolRefusal.SCHOOL_UNKNOWN)

    def _note_read(self, connection: Connection, action: str, wanted: Wanted, found: list[Incomplete], by: str) -> None:
        where: dict[str, str | int] = {"school_year": wanted.school_year, "branch": wanted.branch or "", "school": wanted.school or ""}
        for start in range(0, max(len(found), 1), _NAMED_AT_ONCE):
            named = found[start : start + _NAMED_AT_ONCE]
            keys = " ".join(str(one.patron) for one in named)
            append(connection, AuditEntry(self._outside.now(), by, action, "done", {**where, "rows": len(named), "patrons": keys}))
