"""The desk where schools are looked after: their list of a school year, its deadlines, and the step into the next year."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from circulation.ids import BranchCode, PatronId
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.desk.replacing import Publish
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.outside import Outside
from registry.plain_text import plain
from registry.schools import store, store_deadlines, store_progress
from registry.schools.deadlines import Deadline
from registry.schools.list_plan import KnownOfSchools, ListOrder, ListPlan, ListPreview, decide_school_list
from registry.schools.refusals import SchoolRefusal, SchoolRefusedError
from registry.schools.rollover import Rollover, decide_rollover
from registry.schools.school_list import SchoolList, load_school_list
from registry.schools.school_years import first_day, school_year_of
from replica.tables import ReplicaTable


class SchoolDesk:
    """Looks after schools. A school itself needs no account here: it hands out the survey and sends its file (Q5-a)."""

    def __init__(self, database: Database, outside: Outside, *, zone: ZoneInfo, publish: Publish) -> None:
        self._database = database
        self._outside = outside
        self._zone = zone
        self._publish = publish

    def today(self) -> date:
        """The library's local date."""
        return self._outside.now().astimezone(self._zone).date()

    def load_list(self, path: Path) -> SchoolList:
        """Read a list of schools; nothing is stored.

        Raises:
            RosterFileError: it is no such list.

        """
        with self._database.reading() as connection:
            branches = store.branch_names(connection)
        return load_school_list(path, branches=branches)

    def preview_list(self, read: SchoolList, order: ListOrder) -> ListPreview:
        """What committing a list would change now."""
        with self._database.reading() as connection:
            return _planned_list(connection, read, order).preview

    def commit_list(self, read: SchoolList, order: ListOrder, preview: ListPreview, *, by: str) -> None:
        """Store what the preview showed: all of it or nothing. In the running school year pupils follow their school to its new branch.

        Raises:
            SchoolRefusedError: ``SOURCE_MISSING``, or ``MOVED``: the registry has changed since the preview.

        """
        source = _source(order.source)

        def act(work: UnitOfWork) -> None:
            plan = _planned_list(work.connection, read, ListOrder(order.school_year, order.since, source))
            if plan.preview != preview:
                raise SchoolRefusedError(SchoolRefusal.MOVED)
            if not plan.schools and not plan.years:
                return
            now = self._outside.now()
            before = store.branch_of_school(work.connection, order.school_year)
            store.set_schools(work, plan.schools)
            store.assign(work, plan.years, at=now, by=by)
            moved: list[PatronId] = []
            if order.school_year == school_year_of(self.today()):
                moved = store.follow_schools(work, before, store.branch_of_school(work.connection, order.school_year))
            self._tell(work, moved)
            counts = {"school_year": order.school_year, **preview.counts(), "patrons_moved": len(moved)}
            append(work.connection, AuditEntry(now, by, "school list", "done", counts))

        self._database.write(act)

    def schools(self, school_year: int, *, branch: str | None = None) -> list[tuple[store.School, store.SchoolYear | None]]:
        """A branch's schools in a school year, or all, by their codes: each with what was last said of it (Q3-3a).

        Raises:
            SchoolRefusedError: ``BRANCH_UNKNOWN``.

        """
        with self._database.reading() as connection:
            _check_branch(connection, branch)
            mine = store.schools_of(connection, school_year, branch)
            branches = store.branch_of_school(connection, school_year)
            years = store.latest_years(connection, school_year)
            known = store.known_schools(connection)
        return [
            (store.School(code, one.name, BranchCode(branches[code])), years.get(code))
            for code, one in sorted(known.items())
            if mine is None or code in mine
        ]

    def set_deadline(self, given: Deadline, *, by: str) -> int:
        """Set a semester's deadline; how many batches that have come are now marked otherwise (R2).

        Raises:
            SchoolRefusedError: ``LAST_DAY_TOO_EARLY``, ``SEMESTER_OUTSIDE_YEAR``, ``SOURCE_MISSING``.

        """
        if given.last_day <= given.begins:
            raise SchoolRefusedError(SchoolRefusal.LAST_DAY_TOO_EARLY)
        if school_year_of(given.begins) != given.school_year or school_year_of(given.last_day) != given.school_year:
            raise SchoolRefusedError(SchoolRefusal.SEMESTER_OUTSIDE_YEAR)
        clean = Deadline(given.school_year, given.semester, given.begins, given.last_day, _source(given.source))

        def act(work: UnitOfWork) -> int:
            now = self._outside.now()
            marked = store_deadlines.set_deadline(work, clean, at=now, by=by)
            detail: dict[str, str | int] = {"school_year": given.school_year, "semester": int(given.semester)}
            detail |= {"last_day": f"{given.last_day}", "marked": marked}
            append(work.connection, AuditEntry(now, by, "contact deadline", "done", detail))
            return marked

        return self._database.write(act)

    def deadlines(self, school_year: int | None = None) -> list[Deadline]:
        """The deadlines of a school year, or of all."""
        with self._database.reading() as connection:
            return store_deadlines.deadlines(connection, school_year)

    def preview_rollover(self, school_year: int) -> Rollover:
        """What a school year would begin with.

        Raises:
            SchoolRefusedError: ``NO_YEAR_BEFORE``.

        """
        with self._database.reading() as connection:
            return _planned_rollover(connection, school_year)

    def roll_over(self, preview: Rollover, *, by: str) -> int:
        """Begin a school year as the preview showed; how many pupils followed their school to another branch. Nothing expires (R19).

        Raises:
            SchoolRefusedError: ``MOVED``: the registry has changed since the preview.

        """

        def act(work: UnitOfWork) -> int:
            year = preview.school_year
            if _planned_rollover(work.connection, year) != preview:
                raise SchoolRefusedError(SchoolRefusal.MOVED)
            now = self._outside.now()
            store.assign(work, preview.carried, at=now, by=by)
            before = store.branch_of_school(work.connection, year - 1)
            moved = store.follow_schools(work, before, store.branch_of_school(work.connection, year))
            self._tell(work, moved)
            if preview.carried or moved:
                counts = {"school_year": year, **preview.counts(), "patrons_moved": len(moved)}
                append(work.connection, AuditEntry(now, by, "school year begun", "done", counts))
            return len(moved)

        return self._database.write(act)

    def order_of(self, school_year: int, *, since: datetime | None, source: str) -> ListOrder:
        """For which school year a list is; without a day it holds from the first day of the school year."""
        return ListOrder(school_year, first_day(school_year) if since is None else since.date(), source)

    def _tell(self, work: UnitOfWork, moved: list[PatronId]) -> None:
        if moved:
            self._publish(work, [FeedEntry(ReplicaTable.PATRON, key_text(key)) for key in moved])


def _source(written: str) -> str:
    source = plain(written.strip())
    if not source:
        raise SchoolRefusedError(SchoolRefusal.SOURCE_MISSING)
    return source


def _check_branch(connection: Connection, branch: str | None) -> None:
    if branch is not None and branch not in store.branch_names(connection):
        raise SchoolRefusedError(SchoolRefusal.BRANCH_UNKNOWN)


def _planned_list(connection: Connection, read: SchoolList, order: ListOrder) -> ListPlan:
    years = {code: one for code, one in store.latest_years(connection, order.school_year).items() if one.school_year == order.school_year}
    known = KnownOfSchools(store.known_schools(connection), years, store.branch_of_school(connection, order.school_year))
    return decide_school_list(read, known, order)


def _planned_rollover(connection: Connection, school_year: int) -> Rollover:
    before = store.latest_years(connection, school_year - 1)
    now = {code: one for code, one in store.latest_years(connection, school_year).items() if one.school_year == school_year}
    if not before:
        raise SchoolRefusedError(SchoolRefusal.NO_YEAR_BEFORE)
    deadlines = store_deadlines.deadlines(connection, school_year)
    last = store_progress.last_year(connection, school_year - 1)
    return decide_rollover(school_year=school_year, before=before, now=now, deadlines=deadlines, last=last)
